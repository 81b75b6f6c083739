import type { Call, Reply } from "./route.ts";

/** One page of a list, with GitHub's Link header: its links name organizations, teams and repositories by id. */
export function paged<T>(call: Call, items: readonly T[], show: (item: T) => unknown, canonicalPath: string): Reply {
  const { page, perPage, slice } = pageOf(call, items);
  const last = Math.max(1, Math.ceil(items.length / perPage));
  const link = (number: number, rel: string): string => {
    const query = new URLSearchParams(call.query);
    query.set("per_page", String(perPage));
    query.set("page", String(number));
    return `<${call.base}${canonicalPath}?${query.toString()}>; rel="${rel}"`;
  };
  const links: string[] = [];
  if (page > 1) links.push(link(page - 1, "prev"));
  if (page < last) links.push(link(page + 1, "next"), link(last, "last"));
  if (page > 1) links.push(link(1, "first"));
  return { status: 200, body: slice.map(show), headers: links.length > 0 ? { link: links.join(", ") } : {} };
}

/** Lists inside an object: `{ total_count, [name]: [...] }`. */
export function pagedAs<T>(
  call: Call,
  name: string,
  items: readonly T[],
  show: (item: T) => unknown,
  canonicalPath: string,
): Reply {
  const reply = paged(call, items, show, canonicalPath);
  return { ...reply, body: { total_count: items.length, [name]: reply.body } };
}

function pageOf<T>(call: Call, items: readonly T[]): { page: number; perPage: number; slice: readonly T[] } {
  const number = (name: string, otherwise: number): number => {
    const value = Number(call.query.get(name) ?? otherwise);
    return Number.isSafeInteger(value) && value > 0 ? value : otherwise;
  };
  const perPage = Math.min(100, number("per_page", 30));
  const page = number("page", 1);
  return { page, perPage, slice: items.slice((page - 1) * perPage, page * perPage) };
}
