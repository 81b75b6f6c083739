import * as z from "zod";

import type { Health } from "./breaker.ts";
import type { GitHubAnswer, SightAnswer } from "./identity.ts";

const WELL: Health = { state: "well" };
const FAILING: Health = { state: "failing" };

/** GitHub answered, but nothing that can be built on. */
export const FAILED: GitHubAnswer = { status: "unverifiable", health: FAILING };
const REFUSED: GitHubAnswer = { status: "inactive", reason: "refused", health: WELL };

/** The members we rely on, of `simple-user` in GitHub's OpenAPI description. */
const User = z.object({ id: z.int().positive(), login: z.string().min(1), type: z.string() });

/** `GET /user` (https://docs.github.com/en/rest/users/users#get-the-authenticated-user). */
export function readUser(status: number, headers: Headers, text: string, now: number): GitHubAnswer {
  const read = readBody(User, status, headers, text, now);
  if (read.status !== "body") return read;
  return accept(read.body, undefined, headers.get("github-authentication-token-expiration"));
}

const OwnToken = z.object({ user: User, app: z.object({ client_id: z.string() }), expires_at: z.string().nullish() });

/**
 * `POST /applications/{client_id}/token` (https://docs.github.com/en/rest/apps/oauth-applications#check-a-token).
 *
 * @returns `undefined` on 404, which GitHub says of a dead token and of another client's token alike; and on 422, which is
 *   about the request, and so about a token that somebody made up
 */
export function readOwnToken(
  status: number,
  headers: Headers,
  text: string,
  now: number,
  clientId: string,
): GitHubAnswer | undefined {
  if (status === 404 || status === 422) return undefined;
  if (status === 403 || status === 429) return limited(headers, now);
  // 401 here refuses our client secret, and says nothing about the token.
  if (status === 401) return { status: "unverifiable", health: WELL };
  const body = status === 200 ? OwnToken.safeParse(parseJson(text)) : undefined;
  if (!body?.success || body.data.app.client_id !== clientId) return FAILED;
  return accept(body.data.user, clientId, body.data.expires_at);
}

/** Only people have permissions here: a bot's or an organization's token is alive and stands for nobody. */
function accept(
  user: z.infer<typeof User>,
  clientId: string | undefined,
  end: string | null | undefined,
): GitHubAnswer {
  if (user.type !== "User") return { status: "inactive", reason: "unsupported", health: WELL };
  const at = Date.parse(end ?? "");
  const tokenExpiresAt = Number.isNaN(at) ? undefined : at;
  return { status: "active", id: user.id, login: user.login, clientId, tokenExpiresAt, health: WELL };
}

/**
 * Whether the bearer of a token sees a repository, by `GET /repos/{owner}/{repo}` with that token. A "no" has several
 * statuses: a token that was not authorized for SSO, or that the organization does not let in, gets 403
 * (https://docs.github.com/en/rest/authentication/authenticating-to-the-rest-api).
 */
export function readSight(status: number, headers: Headers, text: string, now: number, id: number): SightAnswer {
  if (status === 200) {
    const repository = z.object({ id: z.int() }).safeParse(parseJson(text));
    // Another one under the name means that we have not heard of a change yet.
    const same = repository.success && repository.data.id === id;
    return { sight: same ? "visible" : "unverifiable", health: repository.success ? WELL : FAILING };
  }
  if (status === 301 || status === 307) return { sight: "unverifiable", health: WELL };
  const limits = headers.has("retry-after") || headers.get("x-ratelimit-remaining") === "0";
  const message = Trouble.safeParse(parseJson(text)).data?.message ?? "";
  if (status === 403 && !limits && !LIMITED.test(message)) return { sight: "hidden", health: WELL };
  const trouble = readTrouble(status, headers, text, now);
  return { sight: trouble.status === "inactive" ? "hidden" : "unverifiable", health: trouble.health };
}

const Trouble = z.object({ message: z.string() });
/** GitHub may limit somebody without a header that says so. */
const LIMITED = /rate limit|abuse detection|login attempts/i;

const InstallationPage = z.object({
  total_count: z.int().nonnegative(),
  repositories: z.array(z.object({ id: z.int() })),
});

/** A page of `GET /installation/repositories` (https://docs.github.com/en/rest/apps/installations). */
export function readInstallation(
  status: number,
  headers: Headers,
  text: string,
  now: number,
): GitHubAnswer | { readonly status: "page"; readonly total: number; readonly repositories: readonly number[] } {
  const read = readBody(InstallationPage, status, headers, text, now);
  if (read.status !== "body") return read;
  return { status: "page", total: read.body.total_count, repositories: read.body.repositories.map(({ id }) => id) };
}

const UserInstallations = z.object({
  installations: z.array(z.object({ target_id: z.int(), target_type: z.string() })),
});

/**
 * A page of `GET /user/installations`: where the App is installed, as far as GitHub shows the token's bearer
 * (https://docs.github.com/en/rest/apps/installations#list-app-installations-accessible-to-the-user-access-token).
 */
export function readUserInstallations(
  status: number,
  headers: Headers,
  text: string,
  now: number,
): GitHubAnswer | { readonly status: "page"; readonly last: boolean; readonly organizations: readonly number[] } {
  const read = readBody(UserInstallations, status, headers, text, now);
  if (read.status !== "body") return read;
  const { installations } = read.body;
  const organizations = installations.flatMap((each) => (each.target_type === "Organization" ? [each.target_id] : []));
  return { status: "page", last: !/rel="next"/.test(headers.get("link") ?? ""), organizations };
}

/** What a 200 must be made of, or what any other answer says of the token. */
function readBody<T>(
  shape: z.ZodType<T>,
  status: number,
  headers: Headers,
  text: string,
  now: number,
): GitHubAnswer | { readonly status: "body"; readonly body: T } {
  if (status !== 200) return readTrouble(status, headers, text, now);
  const body = shape.safeParse(parseJson(text));
  return body.success ? { status: "body", body: body.data } : FAILED;
}

function readTrouble(status: number, headers: Headers, text: string, now: number): GitHubAnswer {
  if (status === 401 || status === 404) return REFUSED;
  if (status !== 403 && status !== 429) return FAILED;

  const trouble = Trouble.safeParse(parseJson(text));
  if (trouble.success && /account (?:was|is|has been) suspended/i.test(trouble.data.message)) return REFUSED;
  const recognised = Number(headers.get("x-ratelimit-limit")) > UNAUTHENTICATED_LIMIT;
  if (!recognised) return limited(headers, now);
  // GitHub recognised the bearer, so the limit is his: were it to open the breaker, one person could lock everybody
  // out. Only a secondary limit may be ours as well; several in a row say so.
  const secondary = headers.has("retry-after") && headers.get("x-ratelimit-remaining") !== "0";
  return secondary ? FAILED : { status: "unverifiable", health: WELL };
}

/** Requests in an hour for those whom GitHub does not recognise, counted by address: the limit that is ours. */
const UNAUTHENTICATED_LIMIT = 60;

function limited(headers: Headers, now: number): GitHubAnswer {
  const wait = waitMs(headers, now);
  return { status: "unverifiable", health: { state: "limited", retryAfterMs: wait > 0 ? wait : undefined } };
}

/** https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#exceeding-the-rate-limit */
function waitMs(headers: Headers, now: number): number {
  const retryAfter = headers.get("retry-after");
  if (retryAfter !== null) return Number(retryAfter) * 1000;
  return headers.get("x-ratelimit-remaining") === "0" ? Number(headers.get("x-ratelimit-reset")) * 1000 - now : 0;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
