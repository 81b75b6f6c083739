interface PageInfo {
  readonly hasNextPage: boolean;
  readonly endCursor: string | null;
}

/** Walks a GraphQL connection from `after` to its end, one page after the other. */
export async function walk(
  page: (after: string | null) => Promise<PageInfo>,
  after: string | null = null,
): Promise<void> {
  let info = await page(after);
  while (info.hasNextPage) info = await page(info.endCursor);
}
