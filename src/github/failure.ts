/**
 * Why GitHub did not give us what we asked for.
 *
 * - `gone`: 404 or 410; the thing is not there, or not for us
 * - `forbidden`: 401 or 403 that is no rate limit; asking again will not help
 * - `limited`: a primary or secondary rate limit; `retryAt` says when to come back
 * - `too-large`: the page was too big for GitHub's own limits; ask for less
 * - `unavailable`: 5xx, time-out, no network, or an answer that makes no sense
 */
export type FailureKind = "gone" | "forbidden" | "limited" | "too-large" | "unavailable";

/** A failed exchange with GitHub. The message is for a person and holds no secret. */
export class GitHubFailure extends Error {
  readonly kind: FailureKind;
  /** Epoch milliseconds. */
  readonly retryAt: number | undefined;

  constructor(kind: FailureKind, message: string, retryAt?: number) {
    super(message);
    this.name = "GitHubFailure";
    this.kind = kind;
    this.retryAt = retryAt;
  }
}

/** What was asked for, or `undefined` when GitHub says that there is no such thing. */
export async function unlessGone<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof GitHubFailure && error.kind === "gone") return undefined;
    throw error;
  }
}

/** What {@link classify} needs of a reply or of an Octokit `RequestError`. */
export interface FailedReply {
  /** 0: no answer came. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly message: string;
}

const SECONDARY_WAIT_MS = 60_000;
/** GitHub's windows are an hour at most; a header that says more is not one to sleep on. */
const LONGEST_WAIT_MS = 3_600_000;

/**
 * Reads a failed reply as GitHub documents it
 * (docs.github.com, "Rate limits for the REST API", "Exceeding the rate limit").
 *
 * @param what the request in words, such as `GET /orgs/{org}`
 * @param now epoch milliseconds
 */
export function classify(what: string, { status, headers, message }: FailedReply, now: number): GitHubFailure {
  if (status === 403 || status === 429) {
    const limit = rateLimit(headers, message, now);
    if (limit !== undefined) return new GitHubFailure("limited", `GitHub limits our requests (${what}).`, limit);
  }
  // Too many requests are too many, even where nothing says for how long.
  if (status === 429) {
    return new GitHubFailure("limited", `GitHub limits our requests (${what}).`, now + SECONDARY_WAIT_MS);
  }
  if (status === 404 || status === 410) return new GitHubFailure("gone", `GitHub answered ${status} to ${what}.`);
  if (status === 401) {
    return new GitHubFailure(
      "forbidden",
      `GitHub refused our credentials for ${what}: check APP_ID and PRIVATE_KEY, and that the App is still installed.`,
    );
  }
  if (status === 403) {
    return new GitHubFailure(
      "forbidden",
      `GitHub forbids ${what}: accept the App's permissions on the organization's installation page (packgate doctor names them).`,
    );
  }
  if (status === 0) {
    const sentence = `GitHub cannot be reached (${what}): check the network, and GHE_HOST or GITHUB_API_URL.`;
    return new GitHubFailure("unavailable", sentence);
  }
  // A reply of 200 that failed nevertheless is GraphQL's; its errors are read by the caller.
  return new GitHubFailure("unavailable", `GitHub answered ${status} to ${what}.`);
}

/**
 * Reads a failed GraphQL exchange. GitHub answers 502 or 504 when a query ran for 10 seconds, and 200 with
 * `RESOURCE_LIMITS_EXCEEDED` and a partial result when it cost too much: both mean "ask for less"
 * (docs.github.com, "Rate limits and query limits for the GraphQL API").
 *
 * @param types the `type` of each error in the reply; empty for a plain HTTP failure
 */
export function classifyGraphql(
  what: string,
  reply: FailedReply,
  types: readonly string[],
  now: number,
): GitHubFailure {
  if (types.includes("RATE_LIMITED")) return classify(what, { ...reply, status: 429 }, now);
  if (types.includes("FORBIDDEN") || types.includes("INSUFFICIENT_SCOPES")) {
    return classify(what, { status: 403, headers: {}, message: "" }, now);
  }
  if (isTooLarge(reply, types)) return new GitHubFailure("too-large", `${what} was too large for GitHub.`);
  if (types.includes("NOT_FOUND")) return new GitHubFailure("gone", `GitHub knows nothing of what ${what} asks for.`);
  return classify(what, reply, now);
}

function isTooLarge({ status, message }: FailedReply, types: readonly string[]): boolean {
  // A time-out also comes as an error without a type: "This may be the result of a timeout, or it could be a GitHub bug".
  return (
    types.includes("RESOURCE_LIMITS_EXCEEDED") ||
    status === 502 ||
    status === 504 ||
    /the result of a timeout/i.test(message)
  );
}

function rateLimit(headers: FailedReply["headers"], message: string, now: number): number | undefined {
  const until = (time: number): number => Math.min(Math.max(time, now + 1000), now + LONGEST_WAIT_MS);
  const retryAfter = Number(headers["retry-after"]);
  if (Number.isFinite(retryAfter) && retryAfter > 0) return until(now + retryAfter * 1000);
  const reset = Number(headers["x-ratelimit-reset"]);
  if (String(headers["x-ratelimit-remaining"]) === "0" && Number.isFinite(reset)) return until(reset * 1000);
  return /secondary rate limit|abuse detection/i.test(message) ? now + SECONDARY_WAIT_MS : undefined;
}
