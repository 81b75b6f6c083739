import type { Confirmed, Facts } from "./facts.ts";
import { differing } from "./patched-map.ts";
import type { TeamTree } from "./team-tree.ts";
import { numberOf, UNLISTED, withAncestors } from "./team-tree.ts";

/** How far the facts that every row of compiled access depends on can be trusted to say "no". */
export interface Completeness {
  /**
   * `false`: a member may hold more on every repository than we see, because GitHub did not tell us the base
   * permission, or because a team with an organization role has not been read yet.
   */
  readonly everywhereKnown: boolean;
  /** Teams, by number, of which not every member has been read yet. Of one that is not listed nobody is known at all. */
  readonly unread: ReadonlySet<number>;
  /** The oldest confirmation among the facts that every decision uses, in epoch milliseconds. */
  readonly asOf: number;
  /** By a team's number: the oldest confirmation of who is in it or in any team below it, in epoch milliseconds. */
  readonly teamsAsOf: Float64Array;
}

type Sources = Pick<Facts, (typeof SOURCES)[number] | "teamMembers">;

/** What was found last, by the tree it is of: most changes are of one repository, and leave it as it is. */
const found = new WeakMap<TeamTree, { readonly sources: Sources; readonly completeness: Completeness }>();

export function completenessOf(facts: Facts, tree: TeamTree): Completeness {
  const { organization, policy, members, teams, organizationRoles, customRoles, teamMembers } = facts;
  const sources = { organization, policy, members, teams, organizationRoles, customRoles, teamMembers };
  const last = found.get(tree);
  const isSame = last !== undefined && SOURCES.every((key) => last.sources[key] === sources[key]);
  if (isSame && last.sources.teamMembers === teamMembers) return last.completeness;
  const completeness =
    isSame && wereConfirmedWhen(last.sources.teamMembers, teamMembers) ? last.completeness : compute(sources, tree);
  found.set(tree, { sources, completeness });
  return completeness;
}

const SOURCES = ["organization", "policy", "members", "teams", "organizationRoles", "customRoles"] as const;

/** Whether of the same teams it was read at the same times who is in them: what a webhook takes away has no time. */
function wereConfirmedWhen(before: Facts["teamMembers"], after: Facts["teamMembers"]): boolean {
  return differing(before, after).every((team) => before.get(team)?.asOf === after.get(team)?.asOf);
}

function compute(facts: Sources, tree: TeamTree): Completeness {
  const unread = unreadTeams(facts, tree);
  const isRead = (team: number): boolean => team !== UNLISTED && !unread.has(team);
  const rolesKnown = (facts.organizationRoles?.value ?? []).every(
    ({ base, teams }) => base === undefined || [...teams].every((team) => isRead(numberOf(tree, team))),
  );
  const baseKnown = facts.organization?.value.basePermission !== undefined;
  const teamsAsOf = teamTimes(facts, tree);
  return { everywhereKnown: baseKnown && rolesKnown, unread, asOf: sharedAsOf(facts, tree, teamsAsOf), teamsAsOf };
}

function teamTimes({ teamMembers }: Sources, tree: TeamTree): Float64Array {
  const times = new Float64Array(tree.lineage.length).fill(Infinity);
  for (const [team, { asOf }] of teamMembers) {
    for (const number of tree.lineage[numberOf(tree, team)] ?? [])
      times[number] = Math.min(timeAt(times, number), asOf);
  }
  return times;
}

/** Of a team that nobody lists nothing is known, and nothing follows from it. */
export function timeAt(teamsAsOf: Float64Array, number: number): number {
  return teamsAsOf[number] ?? Infinity;
}

function unreadTeams({ teamMembers }: Sources, tree: TeamTree): ReadonlySet<number> {
  // A member of such a team would inherit from every ancestor, so none of them is fully known.
  return withAncestors(
    tree,
    [...tree.indexOf.keys()].filter((team) => !teamMembers.has(team)),
  );
}

function sharedAsOf(facts: Sources, tree: TeamTree, teamsAsOf: Float64Array): number {
  const shared: readonly (Confirmed<unknown> | undefined)[] = [
    facts.organization,
    facts.policy,
    facts.members,
    facts.teams,
    facts.organizationRoles,
    facts.customRoles,
  ];
  let oldest = Infinity;
  for (const fact of shared) oldest = Math.min(oldest, fact?.asOf ?? 0);
  for (const { base, teams } of facts.organizationRoles?.value ?? []) {
    if (base === undefined) continue;
    for (const team of teams) oldest = Math.min(oldest, timeAt(teamsAsOf, numberOf(tree, team)));
  }
  return oldest;
}
