import type { Completeness } from "./completeness.ts";
import { completenessOf } from "./completeness.ts";
import type { Facts, RepositoryId, TeamId, UserId, Visibility } from "./facts.ts";
import type { GrantBook, Strength } from "./grant-book.ts";
import { emptyBook, heavier, NOTHING, strengthOf } from "./grant-book.ts";
import type { Grant } from "./grants.ts";
import { makeGrant } from "./grants.ts";
import type { Memberships } from "./memberships.ts";
import { bitsFit, dropMember, noMemberships, writeMember } from "./memberships.ts";
import type { CatalogRow } from "./roles.ts";
import { catalogRow, githubRole } from "./roles.ts";
import type { Given, Stretches } from "./stretches.ts";
import { dropStretch, isWasteful, noStretches, writeStretch } from "./stretches.ts";
import type { TeamTree } from "./team-tree.ts";
import { growTree, numberOf, withAncestors } from "./team-tree.ts";

/**
 * Facts arranged for deciding: one row of teams per member, one stretch of grants per repository.
 * Nothing is multiplied out, so a change touches only its own rows, and the grants that match
 * are themselves the explanation.
 */
export interface CompiledAccess extends Completeness {
  readonly tree: TeamTree;
  readonly book: GrantBook;
  readonly members: Map<UserId, MemberRow>;
  readonly repositories: Map<RepositoryId, RepositoryRow>;
  /** What every member holds everywhere. */
  readonly base: Strength;
  /** The members and the repositories once more, laid out so that a decision fetches little memory. */
  readonly memberships: Memberships;
  readonly stretches: Stretches;
}

export interface MemberRow {
  readonly login: string;
  /** The listed teams the member is in without inheritance, in the order of the list: how a grant was come by. */
  readonly direct: readonly TeamId[];
  /** Grants that reach every repository: owner, organization roles. */
  readonly everywhere: readonly Strength[];
}

/** A repository whose grants are known. */
export interface RepositoryRow {
  readonly id: RepositoryId;
  readonly name: string;
  readonly visibility: Visibility;
  readonly archived: boolean;
  /** The oldest confirmation among this repository's own facts, in epoch milliseconds. */
  readonly asOf: number;
}

const OWNER = makeGrant("owner", githubRole("admin"));
const VISIBLE = makeGrant("public", githubRole("read"));

/** Compiles everything. Costs milliseconds at 10,000 repositories; {@link updateAccess} does less. */
export function compileAccess(facts: Facts): CompiledAccess {
  const tree = growTree(facts.teams?.value ?? new Map());
  const members = facts.members?.value ?? new Map();
  const book = emptyBook();
  const access: CompiledAccess = {
    tree,
    book,
    members: new Map(),
    repositories: new Map(),
    memberships: noMemberships(members.size, tree.lineage.length),
    stretches: noStretches(),
    base: strengthOf(book, baseGrant(facts)),
    ...completenessOf(facts, tree),
  };
  const direct = directTeams(facts);
  for (const user of members.keys()) updateMember(access, facts, user, direct.get(user) ?? []);
  for (const repository of facts.repositories.keys()) updateRepository(access, facts, repository);
  return access;
}

/** Which rows a change of facts touches; `shared` when every row may be affected. */
export interface Touched {
  readonly shared: boolean;
  readonly users: ReadonlySet<UserId>;
  readonly repositories: ReadonlySet<RepositoryId>;
}

/**
 * Brings compiled access up to date by recomputing just the touched rows, in place.
 * Synchronous, so no decision can see half of it.
 */
export function updateAccess(
  access: CompiledAccess,
  facts: Facts,
  { shared, users, repositories }: Touched,
): CompiledAccess {
  if (shared || isWasteful(access.stretches) || !keepsForm(access, facts)) return compileAccess(facts);
  for (const user of users) updateMember(access, facts, user, directTeamsOf(facts, user));
  for (const repository of repositories) updateRepository(access, facts, repository);
  return { ...access, ...completenessOf(facts, access.tree) };
}

/** Whether the members' teams would still be kept as they are, as bits or as sets. */
function keepsForm({ memberships, tree }: CompiledAccess, facts: Facts): boolean {
  return bitsFit(facts.members?.value.size ?? 0, tree.lineage.length) === (memberships.teams.bits !== undefined);
}

function baseGrant({ organization }: Facts): Grant | undefined {
  const base = organization?.value.basePermission;
  return base === undefined || base === "none" ? undefined : makeGrant("base", githubRole(base));
}

function updateMember(
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
  members.set(user, {
    login: member.login,
    direct: direct.filter((team) => tree.indexOf.has(team)).toSorted((a, b) => numberOf(tree, a) - numberOf(tree, b)),
    everywhere,
  });
  writeMember(memberships, user, within, everywhere.reduce(heavier, NOTHING));
}

function organizationGrants(facts: Facts, tree: TeamTree, user: UserId, inTeams: ReadonlySet<number>): Grant[] {
  const grants: Grant[] = [];
  for (const { name, base, users, teams } of facts.organizationRoles?.value ?? []) {
    if (base === undefined) continue;
    const role = rowOf(facts, base);
    if (users.has(user)) grants.push(makeGrant("organization-role", role, undefined, name));
    for (const team of teams) {
      if (inTeams.has(numberOf(tree, team))) grants.push(makeGrant("organization-role", role, team, name));
    }
  }
  return grants;
}

function updateRepository(
  { tree, book, repositories, stretches }: CompiledAccess,
  facts: Facts,
  id: RepositoryId,
): void {
  const repository = facts.repositories.get(id);
  const granted = facts.access.get(id);
  if (repository === undefined || granted === undefined) {
    repositories.delete(id);
    dropStretch(stretches, id);
    return;
  }
  const { name, visibility, archived } = repository.value;
  const teams = [...granted.value.teams].map(([team, role]): Given => [
    numberOf(tree, team),
    strengthOf(book, makeGrant("team", rowOf(facts, role), team)),
  ]);
  const collaborators = [...granted.value.collaborators].map(([user, { role }]): Given => [
    user,
    strengthOf(book, makeGrant("collaborator", rowOf(facts, role))),
  ]);
  const row = { id, name, visibility, archived, asOf: Math.min(repository.asOf, granted.asOf) };
  const visible = strengthOf(book, visibility === "private" ? undefined : VISIBLE);
  repositories.set(id, row);
  writeStretch(stretches, row, visible, teams, collaborators);
}

function rowOf(facts: Facts, role: Parameters<typeof catalogRow>[0]): CatalogRow {
  return catalogRow(role, facts.customRoles?.value ?? new Map());
}

function directTeams(facts: Facts): Map<UserId, TeamId[]> {
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

function directTeamsOf(facts: Facts, user: UserId): TeamId[] {
  return [...facts.teamMembers].flatMap(([team, { value: users }]) => (users.has(user) ? [team] : []));
}
