import type { CompiledAccess, RepositoryRow } from "./access.ts";
import type { View } from "./decide.ts";
import type { TeamId, UserId } from "./facts.ts";
import type { Strength } from "./grant-book.ts";
import { forQuestion, grantOf, heavier, NOTHING } from "./grant-book.ts";
import type { Grant } from "./grants.ts";
import { everywhereOf, inTeam } from "./memberships.ts";
import type { Question } from "./questions.ts";
import { bitAsked, WHATEVER } from "./questions.ts";
import type { Permission } from "./roles.ts";
import { PERMISSION_BIT } from "./roles.ts";
import {
  COLLABORATOR_WORDS,
  HEADER,
  highHalf,
  lowHalf,
  NOWHERE,
  numberOfRepository,
  placeOf,
  TEAM_WORDS,
  wordAt,
} from "./stretches.ts";
import { numberOf } from "./team-tree.ts";

/**
 * The strongest grant that gives a permission, marked as sufficient; if none does, the strongest of all. Roles are
 * additive (GitHub docs, "Repository roles for an organization"), so any grant that holds a permission gives it.
 * Of equally heavy grants the first counts.
 *
 * @param user nobody's id for whoever is no user
 * @param member the member's number
 * @param place where the repository's words begin
 * @param question what is asked; {@link WHATEVER} is held
 * @param found collects whatever was granted on this repository or to everybody, when evidence is wanted
 */
export function strongestGrant(
  { base, memberships, stretches: { words } }: CompiledAccess,
  user: UserId,
  member: number | undefined,
  place: number,
  question: Question,
  found?: Strength[],
): Strength {
  const bit = bitAsked(question);
  const collaborators = wordAt(words, place + HEADER.collaborators);
  const end = wordAt(words, place + HEADER.end);
  let best = member === undefined ? NOTHING : everywhereOf(memberships, member, question);
  if (member !== undefined) {
    for (let at = place + HEADER.length; at < collaborators; at += TEAM_WORDS) {
      if (!inTeam(memberships, member, wordAt(words, at))) continue;
      const strength = wordAt(words, at + 1);
      best = heavier(best, forQuestion(strength, bit));
      found?.push(strength);
    }
  }
  const [low, high] = [lowHalf(user), highHalf(user)];
  for (let at = collaborators; at < end; at += COLLABORATOR_WORDS) {
    if (wordAt(words, at) !== low || wordAt(words, at + 1) !== high) continue;
    const strength = wordAt(words, at + 2);
    best = heavier(best, forQuestion(strength, bit));
    found?.push(strength);
  }
  const seen = wordAt(words, place + (member === undefined ? HEADER.open : HEADER.visible));
  const shared = member === undefined ? NOTHING : base;
  found?.push(shared, seen);
  return heavier(heavier(best, forQuestion(shared, bit)), forQuestion(seen, bit));
}

/** Whether a member may hold more than we see: a no is only honest when nothing that could have said yes is missing. */
export function isIncomplete(
  { everywhereKnown, unread, stretches: { words } }: CompiledAccess,
  place: number,
): boolean {
  if (!everywhereKnown || wordAt(words, place + HEADER.unlisted) !== 0) return true;
  if (unread.size === 0) return false;
  const teamsEnd = wordAt(words, place + HEADER.collaborators);
  for (let at = place + HEADER.length; at < teamsEnd; at += TEAM_WORDS) {
    if (unread.has(wordAt(words, at))) return true;
  }
  return false;
}

/** Every grant somebody holds on a repository, strongest first. */
export function grantsOn({ access }: View, user: UserId, { id }: RepositoryRow): Grant[] {
  const place = placeOf(access.stretches, numberOfRepository(access.stretches, id));
  if (place === NOWHERE) return [];
  const found = [...(access.members.get(user)?.everywhere ?? [])];
  strongestGrant(access, user, access.memberships.numbers.get(user), place, WHATEVER, found);
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
