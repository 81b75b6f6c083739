import type { View } from "../../domain/decide.ts";
import { decide } from "../../domain/decide.ts";
import type { PackageName } from "../../domain/package-name.ts";
import { parsePackageName } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import * as search from "../../domain/search.ts";
import { teamsThatCan } from "../../domain/team-search.ts";
import { ServiceError } from "../../errors.ts";
import { everybody, resolveUser } from "../../state/directory.ts";
import type { PackagePermissions, PermissionMap, PypicloudPermission } from "../contract/pypicloud.ts";
import { personNamed, sent } from "./asked.ts";
import { AUTHENTICATED, EVERYONE, groupsOf } from "./groups.ts";
import type { Query } from "./routes.ts";

/** pypicloud's words for what may be done, and ours. */
const WORDS = [
  ["read", "read"],
  ["write", "upload"],
] as const satisfies readonly (readonly [PypicloudPermission, Permission])[];

/** GitHub numbers its users from 1, so this is somebody of whom nothing is known. */
const STRANGER = { kind: "user", id: 0 } as const;

/**
 * What a name is answered with on which nobody holds anything. pypicloud opens a package to `default_read` and
 * `default_write` only when both maps are empty, and no login or slug begins with an underscore.
 */
const CLOSED: PermissionMap = { _claimed: [] };

/** `GET /pypicloud/user_permissions?package=` */
export function userPermissions(view: View, query: Query): PermissionMap {
  return mapOf(view, query, (name, permission) => {
    const { found, unknown } = search.whoCan(view, permission, name);
    // A refusal for want of knowledge would send a reader to the public index, where pypicloud redirects. Of uploads
    // nobody is sent anywhere, and what is not known is not given.
    if (unknown > 0 && permission === "read") throw unavailable();
    return found.filter(({ id, login }) => isLabelOf(view, id, login)).map(({ login }) => login);
  });
}

/** `GET /pypicloud/group_permissions?package=` */
export function groupPermissions(view: View, query: Query): PermissionMap {
  return mapOf(view, query, (name, permission) => groupsThatCan(view, permission, name));
}

/** `GET /pypicloud/user_package_permissions?username=` */
export function userPackagePermissions(view: View, query: Query): readonly PackagePermissions[] {
  const person = personNamed(view, sent(query, "username"));
  if (person === undefined) return [];
  return search.whatCan(view, person.id).found.flatMap(({ name, permissions }) => {
    const words = WORDS.flatMap(([word, permission]) => (permissions.includes(permission) ? [word] : []));
    return words.length === 0 ? [] : [{ package: name, permissions: words }];
  });
}

/** `GET /pypicloud/group_package_permissions?group=` */
export function groupPackagePermissions(view: View, query: Query): readonly PackagePermissions[] {
  const group = sent(query, "group");
  return [...view.claims.keys()].toSorted().flatMap((name) => {
    const words = WORDS.flatMap(([word, permission]) =>
      groupsThatCan(view, permission, name).includes(group) ? [word] : [],
    );
    return words.length === 0 ? [] : [{ package: name, permissions: words }];
  });
}

function mapOf(
  view: View,
  query: Query,
  holders: (name: PackageName, permission: Permission) => readonly string[],
): PermissionMap {
  const name = parsePackageName(sent(query, "package"));
  // pypicloud asks with the name as its client spelled it, and knows more spellings: its lower case turns U+212A, the
  // Kelvin sign, into "k". What is no name of ours may be one of its.
  if (name === undefined) return CLOSED;
  const decision = decide(view, STRANGER, "read", name);
  if (decision.outcome === "unknown") throw unavailable();
  const words = new Map<string, PypicloudPermission[]>();
  for (const [word, permission] of WORDS) {
    for (const holder of holders(name, permission)) {
      const known = words.get(holder);
      if (known === undefined) words.set(holder, [word]);
      else known.push(word);
    }
  }
  if (words.size > 0) return Object.fromEntries(words);
  return decision.outcome === "deny" && decision.reason === "unclaimed" ? {} : CLOSED;
}

/** Teams, and everybody where everybody may: also who is not signed in, and also each person we know. */
function groupsThatCan(view: View, permission: Permission, name: PackageName): string[] {
  const groups = groupsOf(view, teamsThatCan(view, permission, name));
  return isOpen(view, permission, name) ? [...groups, AUTHENTICATED, EVERYONE] : groups;
}

/** Whoever has signed in to pypicloud's pages stays so after leaving the organization: signed in is as good as nobody. */
function isOpen(view: View, permission: Permission, name: PackageName): boolean {
  const may = (subject: Parameters<typeof decide>[1]): boolean =>
    decide(view, subject, permission, name).outcome === "allow";
  return may({ kind: "everyone" }) && may(STRANGER) && everybody(view).every(({ id }) => may({ kind: "user", id }));
}

/** A login that is in doubt leads to nobody, here as everywhere. */
function isLabelOf(view: View, id: number, login: string): boolean {
  const resolution = resolveUser(view, login);
  return resolution.status === "known" && resolution.person.id === id;
}

function unavailable(): ServiceError {
  return new ServiceError(
    "unavailable",
    "It is not known right now who may do what to this package; try again shortly.",
  );
}
