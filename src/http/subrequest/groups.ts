import type { View } from "../../domain/decide.ts";
import type { UserId } from "../../domain/facts.ts";
import { withAncestors } from "../../domain/team-tree.ts";

/** Proxies have little room for the headers of a reply: nginx takes 4 KiB in all, and more becomes an error. */
const MAX_LENGTH = 2048;

/** Slugs as GitHub makes them; what is none could be read as two. */
const SLUG = /^[a-z0-9_-]+$/i;

/** The slugs of somebody's teams, inherited ones included, as a comma-separated list; what is too much is left out. */
export function groupsHeader({ facts, access: { members, tree } }: View, user: UserId): string {
  const within = withAncestors(tree, members.get(user)?.direct ?? []);
  let list = "";
  for (const [team, number] of tree.indexOf) {
    const slug = within.has(number) ? (facts.teams?.value.get(team)?.slug ?? "") : "";
    if (SLUG.test(slug) && list.length + slug.length < MAX_LENGTH) list += list === "" ? slug : `,${slug}`;
  }
  return list;
}
