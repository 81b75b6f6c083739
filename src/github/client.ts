import { z } from "zod";
import type { FailedReply } from "./failure.ts";
import { classify, classifyGraphql, GitHubFailure } from "./failure.ts";
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
  /** One GraphQL query, whole: any error in the reply fails it. */
  query: <T>(document: string, variables: Record<string, unknown>, schema: z.ZodType<T>) => Promise<T>;
}

export interface ClientOptions {
  readonly octokit: () => Promise<Octokit>;
  readonly rest: Throttle;
  readonly graphql: Throttle;
  readonly time: Time;
  readonly random: () => number;
}

const ATTEMPTS = 4;
const FIRST_BACKOFF_MS = 1000;
const PAGE_SIZE = 100;

/** GitHub gives up on a query after 10 seconds; an answer that takes twice as long will not come. */
const TIMEOUT_MS = 20_000;

export function createClient({ octokit, rest, graphql, time, random }: ClientOptions): Client {
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
        const again = failure.kind === "limited" || failure.kind === "unavailable";
        if (!again || failures >= ATTEMPTS) throw failure;
        if (failure.kind === "unavailable") await time.sleep(backoff(failures, random));
      }
    }
  };

  const get: Client["get"] = async (route, parameters, schema) => {
    const exchange = (kit: Octokit): Promise<OctokitReply> =>
      kit.request(route, { ...parameters, request: { signal: AbortSignal.timeout(TIMEOUT_MS) } });
    const reply = await attempt(rest, exchange, (error) => classify(route, replyIn(error), time.now()));
    return parse(route, schema, reply.data);
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

  const query: Client["query"] = async (document, variables, schema) => {
    const what = `GraphQL ${/query (\w+)/.exec(document)?.[1] ?? ""}`;
    const exchange = (kit: Octokit): Promise<unknown> =>
      kit.graphql(document, { ...variables, request: { signal: AbortSignal.timeout(TIMEOUT_MS) } });
    const data = await attempt(graphql, exchange, (error) =>
      classifyGraphql(what, replyIn(error), errorTypesIn(error), time.now()),
    );
    return parse(what, schema, data);
  };

  return { get, list, query };
}

/** Exponential with jitter, so that many slices do not come back at once. Milliseconds. */
function backoff(failures: number, random: () => number): number {
  return FIRST_BACKOFF_MS * 2 ** (failures - 1) * (0.5 + random() / 2);
}

function parse<T>(what: string, schema: z.ZodType<T>, data: unknown): T {
  const result = schema.safeParse(data);
  if (result.success) return result.data;
  const where = result.error.issues[0]?.path.join(".") ?? "";
  throw new GitHubFailure("unavailable", `GitHub's answer to ${what} has an unexpected shape at "${where}".`);
}

// Octokit's errors are recognised by shape: their classes come from packages that are Octokit's own affair.
const FAILED = z.object({
  status: z.number().optional(),
  message: z.string(),
  headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()).optional(),
  response: z
    .object({ headers: z.record(z.string(), z.union([z.string(), z.number()]).optional()).optional() })
    .optional(),
  errors: z.array(z.object({ type: z.string().optional() })).optional(),
});

function replyIn(error: unknown): FailedReply {
  const { data } = FAILED.safeParse(error);
  const headers = data?.response?.headers ?? data?.headers ?? {};
  return { status: data?.status ?? (data?.errors === undefined ? 0 : 200), headers, message: data?.message ?? "" };
}

function errorTypesIn(error: unknown): string[] {
  return FAILED.safeParse(error).data?.errors?.flatMap(({ type }) => type ?? []) ?? [];
}
