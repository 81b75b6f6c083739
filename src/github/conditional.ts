import { LRUCache } from "lru-cache";
import type { Octokit } from "./client.ts";
import { readError } from "./octokit-error.ts";

/**
 * Asks "has it changed since?" where it was asked before: a reply of 304 does not count against the hourly limit
 * (docs.github.com, "Best practices for using the REST API").
 */
export interface Conditional {
  readonly ask: (kit: Octokit, route: string, parameters: Readonly<Record<string, unknown>>) => Promise<Answer>;
}

export interface Answer {
  readonly data: unknown;
  /** Keeps what was made of the data, to be answered when GitHub says that nothing has changed. */
  readonly keep: (parsed: object) => void;
}

interface Kept {
  readonly etag: string;
  readonly data: object;
}

/** Characters as JSON: room for what 10,000 repositories need, and none for a single huge answer. */
const MOST = 16_000_000;
const MOST_EACH = 64_000;

export function createConditional(): Conditional {
  const kept = new LRUCache<string, Kept>({
    maxSize: MOST,
    maxEntrySize: MOST_EACH,
    sizeCalculation: ({ data }) => JSON.stringify(data).length,
  });
  return {
    ask: async (kit, route, parameters) => {
      const key = JSON.stringify([route, parameters]);
      const known = kept.get(key);
      const condition = known === undefined ? {} : { headers: { "if-none-match": known.etag } };
      try {
        const { data, headers } = await kit.request(route, { ...parameters, ...condition });
        const { etag } = headers;
        return {
          data,
          keep: (parsed) => {
            if (typeof etag === "string") kept.set(key, { etag, data: parsed });
            else kept.delete(key);
          },
        };
      } catch (error) {
        if (known === undefined || readError(error).status !== 304) throw error;
        return { data: known.data, keep: () => undefined };
      }
    },
  };
}
