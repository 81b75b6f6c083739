import type { View } from "../../domain/decide.ts";
import type { UserId } from "../../domain/facts.ts";
import { groupsOfUser } from "../pypicloud/groups.ts";

/** Proxies have little room for the headers of a reply: nginx takes 4 KiB in all, and more becomes an error. */
const MAX_LENGTH = 2048;
/** Slugs as GitHub makes them; what is none could be read as two. */
const SLUG = /^[a-z0-9_-]+$/i;

/** The slugs of somebody's teams, inherited ones included, as a comma-separated list; what is too much is left out. */
export function groupsHeader(view: View, user: UserId): string {
  const lists = listsOf(view);
  const known = lists.get(user);
  if (known !== undefined) return known;
  const slugs = groupsOfUser(view, user).filter((slug) => SLUG.test(slug));
  const list = slugs.reduce((text, slug) => (text.length + slug.length < MAX_LENGTH ? `${text},${slug}` : text), "");
  lists.set(user, list.slice(1));
  return list.slice(1);
}

interface Lists {
  readonly revision: number;
  readonly byUser: Map<UserId, string>;
}

// A revision of compiled members is one state of the teams; see `directory.ts`.
const cache = new WeakMap<object, Lists>();

function listsOf({ access, revision }: View): Map<UserId, string> {
  const known = cache.get(access.members);
  if (known?.revision === revision) return known.byUser;
  const byUser = new Map<UserId, string>();
  cache.set(access.members, { revision, byUser });
  return byUser;
}
