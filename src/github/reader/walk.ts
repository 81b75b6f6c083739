import { GitHubFailure } from "../failure.ts";

interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** Walks a GraphQL connection from `after` to its end, one page after the other. */
export async function walk(
  page: (after: string | null) => Promise<PageInfo>,
  after: string | null = null,
): Promise<void> {
  for (let cursor = after; ;) {
    const { hasNextPage, endCursor } = await page(cursor);
    if (!hasNextPage) return;
    if (endCursor === null || endCursor === cursor) {
      throw new GitHubFailure("unavailable", "GitHub says that a list goes on, but not where.");
    }
    cursor = endCursor;
  }
}
