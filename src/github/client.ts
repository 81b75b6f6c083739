import type { z } from "zod";
import type { Budget } from "./budget.ts";
import { createConditional } from "./conditional.ts";
import { classify, classifyGraphql, GitHubFailure } from "./failure.ts";
import { missingNodes, readError } from "./octokit-error.ts";
import type { Throttle } from "./throttle.ts";
import type { Time } from "./time.ts";

/** What we use of an Octokit; Probot supplies it, already authenticated. */
export interface Octokit {
  request: (route: string, parameters?: Record<string, unknown>) => Promise<OctokitReply>;
  graphql: (query: string, variables?: Record<string, unknown>) => Promise<unknown>;
}

export interface OctokitReply {
  readonly status: number;
  readonly headers: Readonly<Record<string, string | number | undefined>>;
  readonly data: unknown;
}

/**
 * Reads from GitHub as one installation. Every reply is checked against a schema before anybody
 * sees it: something of another shape is a failure, never a fact. Rejects with {@link GitHubFailure}.
 */
export interface Client {
  /** One REST reply. */
  get: <T>(route: string, parameters: Record<string, unknown>, schema: z.ZodType<T>) => Promise<T>;
  /** All pages of a REST list, or a failure: never some of them. */
  list: <T>(route: string, parameters: Record<string, unknown>, schema: z.ZodType<readonly T[]>) => Promise<T[]>;
  /**
   * A REST list that is paged by cursor, page after page while the caller asks for more; the cursor is that of the Link
   * header (docs.github.com, "Using pagination in the REST API").
   */
  walk: <T>(
    route: string,
    parameters: Record<string, unknown>,
    schema: z.ZodType<readonly T[]>,
  ) => AsyncGenerator<readonly T[], void>;
  /** One GraphQL query, whole: any error in the reply fails it, except that of a node that is gone, which is `null`. */
  query: <T>(document: string, variables: Record<string, unknown>, schema: z.ZodType<T>) => Promise<T>;
  /** What is left of the hourly limits of whom this reads as. */
  readonly budget: Budget;
}

export interface ClientOptions {
  readonly octokit: () => Promise<Octokit>;
  /** The next {@link octokit} signs in anew: a token knows only the permissions of the time it was made at. */
  readonly renew: () => void;
  readonly rest: Throttle;
  readonly graphql: Throttle;
  readonly budget: Budget;
  readonly time: Time;
  readonly random: () => number;
}

const ATTEMPTS = 4;
const FIRST_BACKOFF_MS = 1000;
const PAGE_SIZE = 100;
/** A longer wait is not sat out here: whoever asked shall tell people of it. */
const PATIENCE_MS = 60_000;
/** Signing in anew mends a forbidden read rarely; more often than this, it would only be one more request. */
const RENEW_EVERY_MS = 50_000;

export function createClient({ octokit, renew, rest, graphql, budget, time, random }: ClientOptions): Client {
  const conditional = createConditional();
  let renewedAt = -Infinity;

  /** Whether another attempt may go better, after whatever it needs. */
  const prepareAnother = async (failure: GitHubFailure, failures: number): Promise<boolean> => {
    switch (failure.kind) {
      case "unavailable":
        await time.sleep(backoff(failures, random));
        return true;
      case "limited":
        return (failure.retryAt ?? 0) - time.now() <= PATIENCE_MS;
      case "forbidden": {
        const due = time.now() - renewedAt >= RENEW_EVERY_MS;
        if (due) {
          renewedAt = time.now();
          renew();
        }
        return due;
      }
      case "gone":
      case "too-large":
        return false;
    }
  };

  const attempt = async <T>(
    throttle: Throttle,
    exchange: (octokit: Octokit) => Promise<T>,
    explain: (error: unknown) => GitHubFailure,
  ): Promise<T> => {
    for (let failures = 1; ; failures += 1) {
      try {
        return await throttle.run(async () => exchange(await octokit()));
      } catch (error) {
        const failure = explain(error);
        if (failure.retryAt !== undefined) throttle.pause(failure.retryAt);
        if (failures >= ATTEMPTS || !(await prepareAnother(failure, failures))) throw failure;
      }
    }
  };

  const get: Client["get"] = async (route, parameters, schema) => {
    const { data, keep } = await attempt(
      rest,
      (kit) => conditional.ask(kit, route, parameters),
      (error) => noToken(error) ?? classify(route, readError(error), time.now()),
    );
    const parsed = parse(route, schema, data);
    if (typeof parsed === "object" && parsed !== null) keep(parsed);
    return parsed;
  };

  const list: Client["list"] = async (route, parameters, schema) => {
    const first = await get(route, { ...parameters, per_page: PAGE_SIZE, page: 1 }, schema);
    const items = [...first];
    for (let page = 2, last = first; last.length === PAGE_SIZE; page += 1) {
      last = await get(route, { ...parameters, per_page: PAGE_SIZE, page }, schema);
      items.push(...last);
    }
    return items;
  };

  const walk: Client["walk"] = async function* (route, parameters, schema) {
    const page = (cursor: object): Promise<OctokitReply> =>
      attempt(
        rest,
        (kit) => kit.request(route, { ...parameters, ...cursor, per_page: PAGE_SIZE }),
        (error) => noToken(error) ?? classify(route, readError(error), time.now()),
      );
    for (let cursor: object | undefined = {}; cursor !== undefined;) {
      const { data, headers }: OctokitReply = await page(cursor);
      yield parse(route, schema, data);
      cursor = nextCursor(headers["link"]);
    }
  };

  const query: Client["query"] = async (document, variables, schema) => {
    const what = `GraphQL ${/query (\w+)/.exec(document)?.[1] ?? ""}`;
    const ask = async (kit: Octokit): Promise<unknown> => {
      try {
        return await kit.graphql(document, variables);
      } catch (error) {
        const data = missingNodes(error);
        if (data === undefined) throw error;
        return data;
      }
    };
    const explain = (error: unknown): GitHubFailure => {
      const reply = readError(error);
      return noToken(error) ?? classifyGraphql(what, reply, reply.types, time.now());
    };
    return parse(what, schema, await attempt(graphql, ask, explain));
  };

  return { get, list, walk, query, budget };
}

/** The parameter that asks for the next page; `undefined` on the last one. */
function nextCursor(link: string | number | undefined): { readonly cursor: string } | undefined {
  const url = /<([^>]+)>;\s*rel="next"/.exec(String(link))?.[1];
  const cursor = url === undefined ? null : new URL(url).searchParams.get("cursor");
  return cursor === null ? undefined : { cursor };
}

/** Exponential with jitter, so that many slices do not come back at once. Milliseconds. */
function backoff(failures: number, random: () => number): number {
  return FIRST_BACKOFF_MS * 2 ** (failures - 1) * (0.5 + random() / 2);
}

/** A token that GitHub refuses to make is no answer to what was asked: above all, it does not say that a thing is gone. */
function noToken(error: unknown): GitHubFailure | undefined {
  const { url, status } = readError(error);
  if (!url.endsWith("/access_tokens") || ![401, 403, 404, 422].includes(status)) return undefined;
  const sentence = `GitHub gives the App no token for this installation (${status}): check that it is installed, and not suspended.`;
  return new GitHubFailure("forbidden", sentence);
}

function parse<T>(what: string, schema: z.ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join(".") ?? "";
  throw new GitHubFailure("unavailable", `GitHub's answer to ${what} has an unexpected shape at "${where}".`);
}
