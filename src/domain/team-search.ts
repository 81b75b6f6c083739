import type { CompiledAccess } from "./access.ts";
import type { Decision, View } from "./decide.ts";
import { decide } from "./decide.ts";
import type { TeamId, UserId } from "./facts.ts";
import { grantsFor } from "./held.ts";
import type { Circumstances } from "./judge.ts";
import { madeOnce } from "./made-once.ts";
import { inTeam } from "./memberships.ts";
import type { PackageName } from "./package-name.ts";
import { perRevision } from "./per-revision.ts";
import type { Permission } from "./roles.ts";
import { numberOf, UNLISTED, withAncestors } from "./team-tree.ts";

/**
 * The teams whose own grant gives a permission on a package, and gives it to each of their members: to say "the team
 * may" is then no more than the decisions say. A team of which nobody is known is left out, for it gives nobody anything.
 */
export function teamsThatCan(
  view: View,
  permission: Permission,
  name: PackageName,
  circumstances?: Circumstances,
): readonly TeamId[] {
  const holder = view.claims.get(name)?.repository;
  const granted = holder === undefined ? undefined : view.facts.access.get(holder);
  return [...(granted?.value.teams.keys() ?? [])].filter((team) =>
    givesAll(view, team, membersOf(view, team), permission, name, circumstances),
  );
}

/** The packages on which a team's own grant gives a permission to each of its members, as {@link teamsThatCan} has it. */
export function* whatTeamCan(
  view: View,
  team: TeamId,
  permission: Permission,
  circumstances?: Circumstances,
): Generator<PackageName, void, void> {
  const members = membersOf(view, team);
  for (const name of grantedTo(view).get(team) ?? []) {
    if (givesAll(view, team, members, permission, name, circumstances)) yield name;
  }
}

/** By team: the packages of the repositories on which it has any role. */
const grantedTo = perRevision(({ claims, facts }) => {
  const names = new Map<TeamId, PackageName[]>();
  for (const [name, { repository }] of claims) {
    const granted = repository === undefined ? undefined : facts.access.get(repository);
    for (const team of granted?.value.teams.keys() ?? []) madeOnce(names, team, () => []).push(name);
  }
  return names;
});

function givesAll(
  view: View,
  team: TeamId,
  members: readonly UserId[],
  permission: Permission,
  name: PackageName,
  circumstances: Circumstances | undefined,
): boolean {
  const decisionFor = (id: UserId): Decision => decide(view, { kind: "user", id }, permission, name, circumstances);
  const [first] = members;
  const repository = first === undefined ? undefined : decisionFor(first).repository;
  if (first === undefined || repository === undefined) return false;
  // It must be this team's grant that gives the permission; it gives all its members the same.
  const own = grantsFor(view, first, permission, repository).some(
    (grant) => grant.kind === "team" && grant.team === team,
  );
  return own && members.every((id) => decisionFor(id).outcome === "allow");
}

// Whoever lists packages asks about the same few teams for each of them.
const membersByTeam = perRevision(() => new Map<TeamId, readonly UserId[]>());

/** Who is in a team, or in any team below it, as decisions see it: by their number in the organization. */
export function membersOf(view: View, team: TeamId): readonly UserId[] {
  return madeOnce(membersByTeam(view), team, () => listOf(view.access, team));
}

function listOf({ memberships, tree }: CompiledAccess, team: TeamId): readonly UserId[] {
  const number = numberOf(tree, team);
  if (number === UNLISTED) return [];
  const found: UserId[] = [];
  // A loop, because thousands of people are asked about for each of hundreds of teams.
  for (const [id, member] of memberships.numbers) if (inTeam(memberships, member, number)) found.push(id);
  return found;
}

/** Every team somebody is in, those they inherit from included. */
export function teamsOf({ access: { members, tree } }: View, user: UserId): readonly TeamId[] {
  const numbers = withAncestors(tree, members.get(user)?.direct ?? []);
  return [...tree.indexOf].flatMap(([team, number]) => (numbers.has(number) ? [team] : []));
}
