import type { CompiledAccess, RepositoryRow } from "./access.ts";
import type { View } from "./decide.ts";
import type { TeamId, UserId } from "./facts.ts";
import type { Strength } from "./grant-book.ts";
import { forQuestion, grantOf, heavier, NOTHING } from "./grant-book.ts";
import type { Grant } from "./grants.ts";
import { everywhereOf, inTeam } from "./memberships.ts";
import type { Permission } from "./roles.ts";
import { PERMISSION_BIT, PERMISSIONS } from "./roles.ts";
import { HEADER, integerAt, NOWHERE, numberOfRepository, placeOf, wordAt } from "./stretches.ts";
import { numberOf, UNLISTED } from "./team-tree.ts";

/**
 * The strongest grant that gives a permission, marked as sufficient; if none does, the strongest of all. Roles are
 * additive (GitHub docs, "Repository roles for an organization"), so any grant that holds a permission gives it.
 * Of equally heavy grants the first counts.
 *
 * @param user nobody's id for whoever is no user
 * @param member the member's number
 * @param place where the repository's words begin
 * @param permission `undefined`: whatever is held
 * @param found collects whatever was granted on this repository or to everybody, when evidence is wanted
 */
export function strongestGrant(
  { base, memberships, stretches: { words } }: CompiledAccess,
  user: UserId,
  member: number | undefined,
  place: number,
  permission: Permission | undefined,
  found?: Strength[],
): Strength {
  const bit = permission === undefined ? 0 : PERMISSION_BIT[permission];
  const collaborators = integerAt(words, place + HEADER.collaborators);
  const end = integerAt(words, place + HEADER.end);
  let best = member === undefined ? NOTHING : everywhereOf(memberships, member, placeIn(permission));
  if (member !== undefined) {
    for (let at = place + HEADER.length; at < collaborators; at += 2) {
      if (!inTeam(memberships.teams, member, integerAt(words, at))) continue;
      const strength = integerAt(words, at + 1);
      best = heavier(best, forQuestion(strength, bit));
      found?.push(strength);
    }
  }
  for (let at = collaborators; at < end; at += 2) {
    if (wordAt(words, at) !== user) continue;
    const strength = integerAt(words, at + 1);
    best = heavier(best, forQuestion(strength, bit));
    found?.push(strength);
  }
  const seen = integerAt(words, place + (member === undefined ? HEADER.open : HEADER.visible));
  const shared = member === undefined ? NOTHING : base;
  found?.push(shared, seen);
  return heavier(heavier(best, forQuestion(shared, bit)), forQuestion(seen, bit));
}

function placeIn(permission: Permission | undefined): number {
  return permission === undefined ? PERMISSIONS.length : PLACE_OF[permission];
}

/** A permission's place among all. */
const PLACE_OF: Readonly<Record<Permission, number>> = { read: 0, upload: 1, yank: 2, delete: 3, manage: 4 };

/** Whether a member may hold more than we see: a no is only honest when nothing that could have said yes is missing. */
export function isIncomplete(
  { everywhereKnown, unread, stretches: { words } }: CompiledAccess,
  place: number,
): boolean {
  if (!everywhereKnown) return true;
  const teamsEnd = integerAt(words, place + HEADER.collaborators);
  for (let at = place + HEADER.length; at < teamsEnd; at += 2) {
    const team = integerAt(words, at);
    if (team === UNLISTED || (unread.size > 1 && unread.has(team))) return true;
  }
  return false;
}

/** Every grant somebody holds on a repository, strongest first. */
export function grantsOn({ access }: View, user: UserId, { id }: RepositoryRow): Grant[] {
  const place = placeOf(access.stretches, numberOfRepository(access.stretches, id));
  if (place === NOWHERE) return [];
  const found = [...(access.members.get(user)?.everywhere ?? [])];
  strongestGrant(access, user, access.memberships.numbers.get(user), place, undefined, found);
  return found.flatMap((strength) => grantOf(access.book, strength) ?? []).toSorted((a, b) => b.weight - a.weight);
}

/** Every grant that gives this permission, strongest first: the evidence, from the code that decides. */
export function grantsFor(view: View, user: UserId, permission: Permission, repository: RepositoryRow): Grant[] {
  return thatGive(grantsOn(view, user, repository), permission);
}

export function thatGive(grants: readonly Grant[], permission: Permission): Grant[] {
  return grants.filter(({ role }) => (role.mask & PERMISSION_BIT[permission]) !== 0);
}

/** The direct teams through which a user is in `team`: itself, or the child teams that inherit from it. */
export function viaTeams({ access }: View, user: UserId, team: TeamId): TeamId[] {
  const { tree } = access;
  const wanted = numberOf(tree, team);
  const direct = access.members.get(user)?.direct ?? [];
  return direct.filter((id) => tree.lineage[numberOf(tree, id)]?.includes(wanted));
}
