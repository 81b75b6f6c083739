import { FAILED, readOwnToken, readUser } from "./github-reply.ts";
import type { AskGitHub, GitHubAnswer } from "./identity.ts";

export interface GitHubUserOptions {
  /** REST root without a trailing slash, from the configuration and never from a request. */
  readonly apiUrl: string;
  readonly fetch: typeof fetch;
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Our App's OAuth client; without it every token is checked at its user's cost. */
  readonly oauth: { readonly clientId: string; readonly clientSecret: () => string } | undefined;
  /** Milliseconds for the whole question. */
  readonly timeoutMs?: number;
}

const HEADERS = {
  accept: "application/vnd.github+json",
  "user-agent": "packgate",
  "x-github-api-version": "2022-11-28",
};

/**
 * Asks GitHub whose a token is. Our own App's user tokens are checked through the App's client, which does not count
 * as a failed login when they are dead; all others, and those GitHub does not know as ours, by `GET /user`.
 *
 * Never rejects: an error of `fetch` may quote the request, and with it the token.
 */
export function createGitHubUser(options: GitHubUserOptions): AskGitHub {
  const { apiUrl, now, oauth, timeoutMs = 5000 } = options;

  async function askUser(token: string, signal: AbortSignal): Promise<GitHubAnswer> {
    const headers = { ...HEADERS, authorization: `Bearer ${token}` };
    // A redirect could carry the token to another host.
    const response = await options.fetch(`${apiUrl}/user`, { headers, signal, redirect: "error" });
    return readUser(response.status, response.headers, await response.text(), now());
  }

  async function askClient(
    token: string,
    signal: AbortSignal,
    { clientId, clientSecret }: NonNullable<GitHubUserOptions["oauth"]>,
  ): Promise<GitHubAnswer | undefined> {
    const basic = Buffer.from(`${clientId}:${clientSecret()}`).toString("base64");
    const response = await options.fetch(`${apiUrl}/applications/${clientId}/token`, {
      method: "POST",
      headers: { ...HEADERS, authorization: `Basic ${basic}`, "content-type": "application/json" },
      body: JSON.stringify({ access_token: token }),
      signal,
      redirect: "error",
    });
    return readOwnToken(response.status, response.headers, await response.text(), now(), clientId);
  }

  return async (token, kind) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      const own = kind === "app-user" && oauth !== undefined ? await askClient(token, signal, oauth) : undefined;
      return own ?? (await askUser(token, signal));
    } catch {
      return FAILED;
    }
  };
}
