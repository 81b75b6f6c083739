import type { AppClient } from "./app-client.ts";
import { createAppClient, HEADERS } from "./app-client.ts";
import { FAILED, readInstallation, readOwnToken, readSight, readUser } from "./github-reply.ts";
import type { AskGitHub, AskSight, GitHubAnswer } from "./identity.ts";

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

const PAGE = 100;
/** What a token shows beyond a thousand repositories is looked at no further: then nobody can say. */
const MOST_PAGES = 10;

/**
 * Asks GitHub whose a token is. Our own App's user tokens are checked through the App's client, which does not count
 * as a failed login when they are dead; all others, and those GitHub does not know as ours, by `GET /user`.
 *
 * Never rejects: an error of `fetch` may quote the request, and with it the token.
 */
export function createGitHubUser(options: GitHubUserOptions): AskGitHub {
  const { apiUrl, now, oauth, timeoutMs = 5000 } = options;
  const client = oauth && createAppClient(options, oauth);

  async function askUser(token: string, signal: AbortSignal): Promise<GitHubAnswer> {
    const headers = { ...HEADERS, authorization: `Bearer ${token}` };
    // A redirect could carry the token to another host.
    const response = await options.fetch(`${apiUrl}/user`, { headers, signal, redirect: "error" });
    return readUser(response.status, response.headers, await response.text(), now());
  }

  async function askClient(token: string, signal: AbortSignal, client: AppClient): Promise<GitHubAnswer | undefined> {
    const response = await client.ask("POST", token, signal);
    return readOwnToken(response.status, response.headers, await response.text(), now(), client.clientId);
  }

  async function askInstallation(token: string, signal: AbortSignal): Promise<GitHubAnswer> {
    const headers = { ...HEADERS, authorization: `Bearer ${token}` };
    const repositories = new Set<number>();
    for (let page = 1; page <= MOST_PAGES; page += 1) {
      const url = `${apiUrl}/installation/repositories?per_page=${PAGE}&page=${page}`;
      const response = await options.fetch(url, { headers, signal, redirect: "error" });
      const read = readInstallation(response.status, response.headers, await response.text(), now());
      if (read.status !== "page") return read;
      for (const id of read.repositories) repositories.add(id);
      if (repositories.size >= read.total || read.repositories.length === 0) {
        return { status: "installation", repositories, complete: true, health: { state: "well" } };
      }
    }
    return { status: "installation", repositories, complete: false, health: { state: "well" } };
  }

  return async (token, kind) => {
    const signal = AbortSignal.timeout(timeoutMs);
    try {
      if (kind === "installation") return await askInstallation(token, signal);
      const own = kind === "app-user" && client !== undefined ? await askClient(token, signal, client) : undefined;
      return own ?? (await askUser(token, signal));
    } catch {
      return FAILED;
    }
  };
}

/** Asks GitHub what a token's bearer sees, at his own cost. */
export function createGitHubSight({
  apiUrl,
  fetch,
  now,
  timeoutMs = 5000,
}: Omit<GitHubUserOptions, "oauth">): AskSight {
  return async (token, { id, owner, name }) => {
    const headers = { ...HEADERS, authorization: `Bearer ${token}` };
    const url = `${apiUrl}/repos/${encodeURIComponent(owner)}/${encodeURIComponent(name)}`;
    try {
      // A redirect says that the name is out of date, and could carry the token to another host.
      const response = await fetch(url, { headers, signal: AbortSignal.timeout(timeoutMs), redirect: "manual" });
      return readSight(response.status, response.headers, await response.text(), now(), id);
    } catch {
      return { sight: "unverifiable", health: { state: "failing" } };
    }
  };
}
