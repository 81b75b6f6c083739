import type { Completeness } from "./completeness.ts";
import { completenessOf } from "./completeness.ts";
import type { Facts, RepositoryId, TeamId, UserId, Visibility } from "./facts.ts";
import type { Grant } from "./grants.ts";
import { makeGrant } from "./grants.ts";
import type { CatalogRow } from "./roles.ts";
import { catalogRow, githubRole } from "./roles.ts";
import type { TeamRow, TeamTree } from "./team-tree.ts";
import { growTree, inTeam, numberOf, rowsFit, teamRow } from "./team-tree.ts";

/**
 * Facts arranged for deciding: one team row per member, one small list of grants per repository.
 * Nothing is multiplied out, so a change touches only its own rows, and the grants that match
 * are themselves the explanation.
 */
export interface CompiledAccess extends Completeness {
  readonly tree: TeamTree;
  readonly members: Map<UserId, MemberRow>;
  readonly repositories: Map<RepositoryId, RepositoryRow>;
  /** What every member holds everywhere; `undefined` when the base permission is "none". */
  readonly base: Grant | undefined;
}

export interface MemberRow {
  readonly login: string;
  /** The listed teams the member is in without inheritance, in the order of the list: how a grant was come by. */
  readonly direct: readonly TeamId[];
  readonly teams: TeamRow;
  /** Grants that reach every repository: owner, organization roles. */
  readonly everywhere: readonly Grant[];
}

export interface RepositoryRow {
  readonly id: RepositoryId;
  readonly name: string;
  readonly visibility: Visibility;
  readonly archived: boolean;
  /** Team numbers, in step with `teamGrants`. */
  readonly teams: Int32Array;
  readonly teamGrants: readonly Grant[];
  /** User ids, in step with `collaboratorGrants`. */
  readonly collaborators: Float64Array;
  readonly collaboratorGrants: readonly Grant[];
  /** What every member holds here because of the repository's visibility. */
  readonly visible: Grant | undefined;
  /** The oldest confirmation among this repository's own facts, in epoch milliseconds. */
  readonly asOf: number;
}

const OWNER = makeGrant("owner", githubRole("admin"));
const VISIBLE = makeGrant("public", githubRole("read"));

/** Compiles everything. Costs milliseconds at 10,000 repositories; {@link updateAccess} does less. */
export function compileAccess(facts: Facts): CompiledAccess {
  const tree = growTree(facts.teams?.value ?? new Map());
  const basePermission = facts.organization?.value.basePermission;
  const access: CompiledAccess = {
    tree,
    members: new Map(),
    repositories: new Map(),
    base:
      basePermission === undefined || basePermission === "none"
        ? undefined
        : makeGrant("base", githubRole(basePermission)),
    ...completenessOf(facts, tree),
  };
  const members = facts.members?.value ?? new Map();
  const direct = directTeams(facts);
  const packed = rowsFit(members.size, tree.lineage.length);
  for (const user of members.keys()) setMember(access, facts, user, direct.get(user) ?? [], packed);
  for (const repository of facts.repositories.keys()) setRepository(access, facts, repository);
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
  if (shared) return compileAccess(facts);
  const packed = rowsFit(facts.members?.value.size ?? 0, access.tree.lineage.length);
  for (const user of users) setMember(access, facts, user, directTeamsOf(facts, user), packed);
  for (const repository of repositories) setRepository(access, facts, repository);
  return { ...access, ...completenessOf(facts, access.tree) };
}

function setMember(
  access: CompiledAccess,
  facts: Facts,
  user: UserId,
  direct: readonly TeamId[],
  packed: boolean,
): void {
  const member = facts.members?.value.get(user);
  if (member === undefined) {
    access.members.delete(user);
    return;
  }
  const { tree } = access;
  const teams = teamRow(tree, direct, packed);
  const everywhere = member.owner ? [OWNER] : [];
  access.members.set(user, {
    login: member.login,
    direct: direct.filter((team) => tree.indexOf.has(team)).toSorted((a, b) => numberOf(tree, a) - numberOf(tree, b)),
    teams,
    everywhere: [...everywhere, ...organizationGrants(facts, tree, user, teams)],
  });
}

function organizationGrants(facts: Facts, tree: TeamTree, user: UserId, row: TeamRow): Grant[] {
  const grants: Grant[] = [];
  for (const { name, base, users, teams } of facts.organizationRoles?.value ?? []) {
    if (base === undefined) continue;
    const role = rowOf(facts, base);
    if (users.has(user)) grants.push(makeGrant("organization-role", role, undefined, name));
    for (const team of teams) {
      if (inTeam(row, numberOf(tree, team))) grants.push(makeGrant("organization-role", role, team, name));
    }
  }
  return grants;
}

function setRepository(access: CompiledAccess, facts: Facts, id: RepositoryId): void {
  const repository = facts.repositories.get(id);
  const granted = facts.access.get(id);
  if (repository === undefined || granted === undefined) {
    access.repositories.delete(id);
    return;
  }
  const { name, visibility, archived } = repository.value;
  const teams = [...granted.value.teams];
  const collaborators = [...granted.value.collaborators];
  access.repositories.set(id, {
    id,
    name,
    visibility,
    archived,
    teams: Int32Array.from(teams, ([team]) => numberOf(access.tree, team)),
    teamGrants: teams.map(([team, role]) => makeGrant("team", rowOf(facts, role), team)),
    collaborators: Float64Array.from(collaborators, ([user]) => user),
    collaboratorGrants: collaborators.map(([, { role }]) => makeGrant("collaborator", rowOf(facts, role))),
    visible: visibility === "private" ? undefined : VISIBLE,
    asOf: Math.min(repository.asOf, granted.asOf),
  });
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
