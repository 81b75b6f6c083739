import { z } from "zod";
import type { FailedReply } from "./failure.ts";

// Octokit's errors are recognised by shape: their classes come from packages that are Octokit's own affair.
const headers = z.record(z.string(), z.union([z.string(), z.number()]).optional());
const error = z.object({
  status: z.number().optional(),
  message: z.string(),
  request: z.object({ url: z.string().optional() }).optional(),
  /** GraphQL's. */
  headers: headers.optional(),
  /** REST's; without one nothing came back, though Octokit claims a 500. */
  response: z.object({ headers: headers.optional() }).optional(),
  errors: z.array(z.object({ type: z.string().optional() })).optional(),
});

export interface OctokitError extends FailedReply {
  readonly url: string;
  /** The types of GraphQL's errors. */
  readonly types: readonly string[];
}

/** What an error that Octokit threw says of GitHub's answer. */
export function readError(thrown: unknown): OctokitError {
  const { data } = error.safeParse(thrown);
  return {
    status: statusOf(data),
    headers: data?.response?.headers ?? data?.headers ?? {},
    message: data?.message ?? "",
    url: data?.request?.url ?? "",
    types: data?.errors?.flatMap(({ type }) => type ?? []) ?? [],
  };
}

function statusOf(data: z.infer<typeof error> | undefined): number {
  if (data?.errors !== undefined) return data.status ?? 200;
  return data?.response === undefined ? 0 : (data.status ?? 0);
}

const onlyMissingNodes = z.object({
  data: z.unknown(),
  errors: z
    .array(z.object({ type: z.literal("NOT_FOUND"), path: z.tuple([z.literal("nodes"), z.number()]) }))
    .nonempty(),
});

/**
 * GitHub answers a query for `nodes(ids: …)` with `null` and an error for each that is gone. Where these are the only
 * errors the rest is whole. @returns the data; `undefined` for every other error
 */
export function missingNodes(thrown: unknown): unknown {
  return onlyMissingNodes.safeParse(thrown).data?.data;
}
