import type { View } from "../../domain/decide.ts";
import type { UserId } from "../../domain/facts.ts";
import { perRevision } from "../../domain/per-revision.ts";
import { groupsOfUser } from "../pypicloud/groups.ts";

/** Proxies have little room for the headers of a reply: nginx takes 4 KiB in all, and more becomes an error. */
const MAX_LENGTH = 2048;
/** Slugs as GitHub makes them; what is none could be read as two. */
const SLUG = /^[a-z0-9_-]+$/i;

/** What the index is told of whoever may do what they ask for, flat: name, value, name, value… */
export function identityHeaders(view: View, { id, login }: { id: UserId; login: string }): readonly string[] {
  const known = knownIn(view);
  const last = known.get(id);
  if (last?.login === login) return last.headers;
  const headers = ["x-auth-request-user", login, "x-auth-request-groups", groupsOf(view, id)];
  headers.push("x-authentication-service", authenticationService(login));
  known.set(id, { login, headers });
  return headers;
}

/** The slugs of somebody's teams, inherited ones included, as a comma-separated list; what is too much is left out. */
function groupsOf(view: View, user: UserId): string {
  const slugs = groupsOfUser(view, user).flatMap(({ name }) => (SLUG.test(name) ? [name] : []));
  const list = slugs.reduce((text, slug) => (text.length + slug.length < MAX_LENGTH ? `${text},${slug}` : text), "");
  return list.slice(1);
}

/** As Pulp's AUTHENTICATION_JSON_HEADER wants it: base64 of JSON. */
function authenticationService(username: string): string {
  return Buffer.from(JSON.stringify({ identity: { user: { username } } })).toString("base64");
}

const knownIn = perRevision(() => new Map<UserId, { readonly login: string; readonly headers: readonly string[] }>());
