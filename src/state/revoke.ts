import { isDeepStrictEqual } from "node:util";
import type { Access, Facts, Repository, RepositoryId, Role, TeamId, UserId } from "../domain/facts.ts";
import { rankOf } from "../domain/roles.ts";
import { descendants } from "../domain/team-tree.ts";
import type { Slice } from "./slice.ts";
import { valueOf } from "./touched.ts";

/**
 * Something taken away, as a webhook tells it. Applied at once from the payload alone; what is left
 * is read back from GitHub afterwards, so a late or repeated revocation costs a short refusal, never a leak.
 * `atMost` is the role that is left; without it, nothing is.
 */
export type Revocation =
  | { readonly kind: "member"; readonly user: UserId }
  | { readonly kind: "team-member"; readonly team: TeamId; readonly user: UserId }
  | { readonly kind: "team"; readonly team: TeamId }
  | { readonly kind: "team-grant"; readonly team: TeamId; readonly repository: RepositoryId; readonly atMost?: Role }
  | { readonly kind: "collaborator"; readonly user: UserId; readonly repository: RepositoryId; readonly atMost?: Role }
  | { readonly kind: "blocked"; readonly user: UserId }
  | { readonly kind: "repository"; readonly repository: RepositoryId }
  | { readonly kind: "archived"; readonly repository: RepositoryId }
  | { readonly kind: "private"; readonly repository: RepositoryId };

/**
 * The slices as they are after a revocation, with the confirmation times they had.
 * Slices that it does not touch are left out; a revocation of what nobody holds gives none.
 */
export function revoke(facts: Facts, revocation: Revocation): Slice[] {
  return cut(facts, revocation).filter((slice) => !isDeepStrictEqual(slice.value, valueOf(facts, slice)));
}

function cut(facts: Facts, revocation: Revocation): Slice[] {
  switch (revocation.kind) {
    case "member":
      return [
        ...withoutMember(facts, revocation.user),
        ...withoutRoles(facts, revocation.user),
        ...[...facts.teamMembers.keys()].flatMap((team) => withoutTeamMember(facts, team, revocation.user)),
        ...withoutCollaborator(facts, revocation.user),
      ];
    case "team-member":
      return withoutTeamMember(facts, revocation.team, revocation.user);
    case "team":
      return withoutTeam(facts, revocation.team);
    case "team-grant":
      return cappedTeams(facts, revocation.repository, family(facts, revocation.team), revocation.atMost);
    case "collaborator":
      return cappedCollaborator(facts, revocation.repository, revocation.user, revocation.atMost);
    case "blocked":
      return withoutCollaborator(facts, revocation.user);
    case "repository":
      return [{ kind: "repository", id: revocation.repository, value: undefined, asOf: 0 }];
    case "archived":
      return patchedRepository(facts, revocation.repository, { archived: true });
    case "private":
      return patchedRepository(facts, revocation.repository, { visibility: "private" });
  }
}

/** Removal takes a user out of every team and off every repository (REST: "Remove an organization member"). */
function withoutMember({ members }: Facts, user: UserId): Slice[] {
  if (members === undefined) return [];
  return [{ kind: "members", asOf: members.asOf, value: omit(members.value, (id) => id === user) }];
}

function withoutRoles({ organizationRoles }: Facts, user: UserId): Slice[] {
  if (organizationRoles === undefined) return [];
  const value = organizationRoles.value.map((role) => ({ ...role, users: drop(role.users, user) }));
  return [{ kind: "organization-roles", asOf: organizationRoles.asOf, value }];
}

function withoutTeamMember({ teamMembers }: Facts, team: TeamId, user: UserId): Slice[] {
  const members = teamMembers.get(team);
  if (members?.value.has(user) !== true) return [];
  return [{ kind: "team-members", id: team, asOf: members.asOf, value: drop(members.value, user) }];
}

/** Deleting a team deletes its child teams with it (REST: "Delete a team"). */
function withoutTeam(facts: Facts, team: TeamId): Slice[] {
  const { teams } = facts;
  if (teams === undefined) return [];
  const gone = family(facts, team);
  return [
    ...([...gone].some((id) => teams.value.has(id))
      ? [{ kind: "teams", asOf: teams.asOf, value: omit(teams.value, (id) => gone.has(id)) } as const]
      : []),
    ...[...facts.access.keys()].flatMap((repository) => cappedTeams(facts, repository, gone, undefined)),
  ];
}

/**
 * GitHub reports for a child team the role it inherits, so what a parent loses must be taken
 * from its children's entries, too, until they have been read back.
 */
function family(facts: Facts, team: TeamId): ReadonlySet<TeamId> {
  return descendants(team, facts.teams?.value ?? new Map());
}

function cappedTeams(facts: Facts, id: RepositoryId, teams: ReadonlySet<TeamId>, atMost: Role | undefined): Slice[] {
  const access = facts.access.get(id);
  if (access === undefined || !names(access.value, teams)) return [];
  const capped = new Map<TeamId, Role>();
  for (const [team, role] of access.value.teams) {
    const left = teams.has(team) ? lower(facts, role, atMost) : role;
    if (left !== undefined) capped.set(team, left);
  }
  return [{ kind: "access", id, asOf: access.asOf, value: { ...access.value, teams: capped } }];
}

/** Asked of every repository for each webhook about a team that is gone, so nothing is made for it. */
function names(access: Access, teams: ReadonlySet<TeamId>): boolean {
  for (const team of access.teams.keys()) if (teams.has(team)) return true;
  return false;
}

function cappedCollaborator(facts: Facts, id: RepositoryId, user: UserId, atMost: Role | undefined): Slice[] {
  const access = facts.access.get(id);
  const collaborator = access?.value.collaborators.get(user);
  if (access === undefined || collaborator === undefined) return [];
  const capped = new Map(access.value.collaborators);
  const role = lower(facts, collaborator.role, atMost);
  if (role === undefined) capped.delete(user);
  else capped.set(user, { ...collaborator, role });
  return [{ kind: "access", id, asOf: access.asOf, value: { ...access.value, collaborators: capped } }];
}

function withoutCollaborator(facts: Facts, user: UserId): Slice[] {
  return [...facts.access.keys()].flatMap((id) => cappedCollaborator(facts, id, user, undefined));
}

function patchedRepository(facts: Facts, id: RepositoryId, patch: Partial<Repository>): Slice[] {
  const repository = facts.repositories.get(id);
  if (repository === undefined) return [];
  return [{ kind: "repository", id, asOf: repository.asOf, value: { ...repository.value, ...patch } }];
}

/** The weaker of two roles, ranked as decisions rank them; `undefined` when nothing is left. */
function lower({ customRoles }: Facts, role: Role, atMost: Role | undefined): Role | undefined {
  if (atMost === undefined) return undefined;
  const rank = (each: Role): number => rankOf(each, customRoles?.value ?? new Map());
  return rank(role) < rank(atMost) ? role : atMost;
}

function omit<T>(map: ReadonlyMap<number, T>, gone: (id: number) => boolean): ReadonlyMap<number, T> {
  return new Map([...map].filter(([id]) => !gone(id)));
}

function drop(set: ReadonlySet<number>, id: number): ReadonlySet<number> {
  return new Set([...set].filter((other) => other !== id));
}
