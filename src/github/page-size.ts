import { GitHubFailure } from "./failure.ts";

/** How many things to ask for at once; learns from what GitHub can bear. */
export interface PageSize {
  readonly current: () => number;
  /** Asks with the current size; asks for less when that was too much. */
  readonly ask: <T>(page: (first: number) => Promise<T>) => Promise<T>;
}

/**
 * Halves on a page that was too large and grows by one after each that was not: large organizations
 * settle on what their repositories can bear, small ones on the maximum.
 * A page of one that is still too large is a failure of that thing.
 */
export function createPageSize(start: number, max: number): PageSize {
  let size = start;
  return {
    current: () => size,
    ask: async (page) => {
      for (;;) {
        const first = size;
        try {
          const result = await page(first);
          // What another page has found too large meanwhile stays so.
          if (size >= first) size = Math.min(max, Math.max(size, first + 1));
          return result;
        } catch (error) {
          if (!(error instanceof GitHubFailure) || error.kind !== "too-large" || first === 1) throw error;
          size = Math.max(1, Math.min(size, Math.floor(first / 2)));
        }
      }
    },
  };
}

/** Asks for all of these, so many at a time as GitHub can bear. */
export async function inPages<T>(
  pageSize: PageSize,
  all: readonly T[],
  page: (some: readonly T[]) => Promise<void>,
): Promise<void> {
  for (let start = 0; start < all.length;) {
    start += await pageSize.ask(async (first) => {
      const some = all.slice(start, start + first);
      await page(some);
      return some.length;
    });
  }
}
