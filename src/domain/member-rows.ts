import type { CompiledAccess, MemberRow, Sources } from "./access.ts";
import { bitsFor } from "./bits.ts";
import type { Facts, Role, TeamId, UserId } from "./facts.ts";
import { strengthOf } from "./grant-book.ts";
import type { Grant } from "./grants.ts";
import { makeGrant } from "./grants.ts";
import { dropMember, keepsStatements, writeMember } from "./memberships.ts";
import { rowIn } from "./roles-in-force.ts";
import { statementsFor } from "./rule-book.ts";
import type { TeamTree } from "./team-tree.ts";
import { numberOf, withAncestors } from "./team-tree.ts";

/** Recomputes what is compiled of one member. @param direct the member's teams, without inheritance */
export function updateMember(
  { tree, book, members, memberships, rules }: CompiledAccess,
  sources: Sources,
  user: UserId,
  direct: readonly TeamId[],
): void {
  const { facts } = sources;
  const member = facts.members?.value.get(user);
  if (member === undefined) {
    members.delete(user);
    dropMember(memberships, user);
    return;
  }
  const within = withAncestors(tree, direct);
  const owner = member.owner ? [makeGrant("owner", rowIn(sources, ADMIN))] : [];
  const everywhere = [...owner, ...organizationGrants(sources, tree, user, within)].map((grant) =>
    strengthOf(book, grant),
  );
  const row: MemberRow = {
    login: member.login,
    direct: direct.filter((team) => tree.indexOf.has(team)).toSorted((a, b) => numberOf(tree, a) - numberOf(tree, b)),
    everywhere,
  };
  members.set(user, row);
  const statements = keepsStatements(memberships) ? statementsFor(rules, within) : NONE;
  writeMember(memberships, user, { within, everywhere, statements });
}

const NONE = bitsFor(0);
const ADMIN: Role = { name: "admin", level: "admin" };

function organizationGrants(sources: Sources, tree: TeamTree, user: UserId, inTeams: ReadonlySet<number>): Grant[] {
  const grants: Grant[] = [];
  for (const { name, base, users, teams } of sources.facts.organizationRoles?.value ?? []) {
    if (base === undefined) continue;
    const role = rowIn(sources, base);
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

/** Like {@link directTeams}, of one member whose row is older than the facts. @param changed teams that others are in since */
export function directTeamsOf(
  { members }: Pick<CompiledAccess, "members">,
  { teamMembers }: Facts,
  user: UserId,
  changed: Iterable<TeamId>,
): TeamId[] {
  // A webhook about one person must not ask every team.
  const before = members.get(user)?.direct;
  const teams = before === undefined ? teamMembers.keys() : new Set([...before, ...changed]);
  return Array.from(teams).filter((team) => teamMembers.get(team)?.value.has(user) === true);
}
