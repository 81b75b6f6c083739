/** One page of a list as GraphQL connections give it. Cursors name the last item, so edits between pages do not shift them. */

export type PageArguments = { first?: number; last?: number; after?: string };

export function connection<T>(
  items: readonly T[],
  args: PageArguments,
  idOf: (item: T) => number,
  edgeOf: (item: T) => { node: unknown } & Record<string, unknown>,
): Record<string, unknown> {
  const start = args.after === undefined || args.after === null ? 0 : positionAfter(items, args.after, idOf);
  const from = args.last === undefined ? start : Math.max(start, items.length - args.last);
  const page = items.slice(from, args.first === undefined ? undefined : from + args.first);
  const cursor = (item: T | undefined): string | null => (item === undefined ? null : cursorOf(idOf(item)));
  return {
    totalCount: items.length,
    edges: () => page.map((item) => ({ ...edgeOf(item), cursor: cursor(item) })),
    nodes: () => page.map((item) => edgeOf(item).node),
    pageInfo: {
      hasNextPage: from + page.length < items.length,
      hasPreviousPage: from > 0,
      startCursor: cursor(page[0]),
      endCursor: cursor(page.at(-1)),
    },
  };
}

function cursorOf(id: number): string {
  return Buffer.from(`cursor:v2:${id}`).toString("base64");
}

function positionAfter<T>(items: readonly T[], cursor: string, idOf: (item: T) => number): number {
  const digits = /^cursor:v2:(\d+)$/.exec(Buffer.from(cursor, "base64").toString())?.[1];
  if (digits === undefined) throw new Error(`\`${cursor}\` does not appear to be a valid cursor.`);
  const id = Number(digits);
  const index = items.findIndex((item) => idOf(item) === id);
  if (index >= 0) return index + 1;
  // the item is gone: go on behind where it was
  const next = items.findIndex((item) => idOf(item) > id);
  return next < 0 ? items.length : next;
}
