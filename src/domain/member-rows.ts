import type { CompiledAccess, MemberRow } from "./access.ts";
import type { Facts, TeamId, UserId } from "./facts.ts";
import { heavier, NOTHING, strengthOf } from "./grant-book.ts";
import type { Grant } from "./grants.ts";
import { makeGrant } from "./grants.ts";
import { dropMember, writeMember } from "./memberships.ts";
import { catalogRow, githubRole } from "./roles.ts";
import type { TeamTree } from "./team-tree.ts";
import { numberOf, withAncestors } from "./team-tree.ts";

const OWNER = makeGrant("owner", githubRole("admin"));

/** Recomputes what is compiled of one member. @param direct the member's teams, without inheritance */
export function updateMember(
  { tree, book, members, memberships }: CompiledAccess,
  facts: Facts,
  user: UserId,
  direct: readonly TeamId[],
): void {
  const member = facts.members?.value.get(user);
  if (member === undefined) {
    members.delete(user);
    dropMember(memberships, user);
    return;
  }
  const within = withAncestors(tree, direct);
  const owner = member.owner ? [OWNER] : [];
  const everywhere = [...owner, ...organizationGrants(facts, tree, user, within)].map((grant) =>
    strengthOf(book, grant),
  );
  const row: MemberRow = {
    login: member.login,
    direct: direct.filter((team) => tree.indexOf.has(team)).toSorted((a, b) => numberOf(tree, a) - numberOf(tree, b)),
    everywhere,
  };
  members.set(user, row);
  writeMember(memberships, user, within, everywhere.reduce(heavier, NOTHING));
}

function organizationGrants(facts: Facts, tree: TeamTree, user: UserId, inTeams: ReadonlySet<number>): Grant[] {
  const grants: Grant[] = [];
  for (const { name, base, users, teams } of facts.organizationRoles?.value ?? []) {
    if (base === undefined) continue;
    const role = catalogRow(base, facts.customRoles?.value ?? new Map());
    if (users.has(user)) grants.push(makeGrant("organization-role", role, undefined, name));
    for (const team of [...teams].toSorted((a, b) => a - b)) {
      if (inTeams.has(numberOf(tree, team))) grants.push(makeGrant("organization-role", role, team, name));
    }
  }
  return grants;
}

/** Who is in which teams, without inheritance. */
export function directTeams(facts: Facts): Map<UserId, TeamId[]> {
  const teamsOf = new Map<UserId, TeamId[]>();
  for (const [team, { value: users }] of facts.teamMembers) {
    for (const user of users) {
      const teams = teamsOf.get(user);
      if (teams === undefined) teamsOf.set(user, [team]);
      else teams.push(team);
    }
  }
  return teamsOf;
}

export function directTeamsOf(facts: Facts, user: UserId): TeamId[] {
  return [...facts.teamMembers].flatMap(([team, { value: users }]) => (users.has(user) ? [team] : []));
}
