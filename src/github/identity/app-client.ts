import type { GitHubUserOptions } from "./github-user.ts";

/** Our App's OAuth client, which may ask GitHub about the tokens that people have given to this App. */
export interface AppClient {
  readonly clientId: string;
  /**
   * `POST` checks a token, `DELETE` ends this one and leaves the person's consent to the App as it is
   * (https://docs.github.com/en/rest/apps/oauth-applications). Rejects like `fetch`, whose error may quote the request.
   */
  readonly ask: (method: "POST" | "DELETE", token: string, signal: AbortSignal) => Promise<Response>;
}

export const HEADERS = {
  accept: "application/vnd.github+json",
  "user-agent": "packgate",
  "x-github-api-version": "2022-11-28",
};

export function createAppClient(
  { apiUrl, fetch }: Pick<GitHubUserOptions, "apiUrl" | "fetch">,
  { clientId, clientSecret }: NonNullable<GitHubUserOptions["oauth"]>,
): AppClient {
  return {
    clientId,
    ask: (method, token, signal) => {
      const basic = Buffer.from(`${clientId}:${clientSecret()}`).toString("base64");
      const request: RequestInit = {
        method,
        headers: { ...HEADERS, authorization: `Basic ${basic}`, "content-type": "application/json" },
        body: JSON.stringify({ access_token: token }),
        signal,
        // A redirect could carry the token to another host.
        redirect: "error",
      };
      return fetch(`${apiUrl}/applications/${clientId}/token`, request);
    },
  };
}
