import type { Level, Organization, Repository, RoleName, Team, User } from "./model.ts";
import { lineage, teamsOf } from "./world.ts";

/** How GitHub computes what a user may do on a repository, with every reason. The oracle has its own, plainer copy. */

export const levels: readonly Level[] = ["read", "triage", "write", "maintain", "admin"];

export type Source = {
  role: RoleName;
  from: Organization | Team | Repository;
  kind: "Organization" | "Team" | "Repository";
};

export function isLevel(role: RoleName): role is Level {
  return levels.some((level) => level === role);
}

export function levelOf(organization: Organization, role: RoleName): Level {
  if (isLevel(role)) return role;
  for (const custom of organization.customRoles.values()) if (custom.name === role) return custom.baseRole;
  // a custom role that was deleted leaves its holders on the least level
  return "read";
}

export function rank(organization: Organization, role: RoleName): number {
  return levels.indexOf(levelOf(organization, role));
}

export function strongest(organization: Organization, roles: Iterable<RoleName>): RoleName | undefined {
  let best: RoleName | undefined;
  for (const role of roles) if (best === undefined || rank(organization, role) > rank(organization, best)) best = role;
  return best;
}

/** The team's own grant or the strongest one it inherits, as GitHub's team lists report it. */
export function teamRole(organization: Organization, team: Team, repository: Repository): RoleName | undefined {
  const grants = lineage(organization, team).flatMap((each) => each.repositories.get(repository.id) ?? []);
  return strongest(organization, grants);
}

export function sourcesOf(organization: Organization, repository: Repository, user: User): Source[] {
  if (user.suspended || organization.blocked.has(user.id)) return [];
  const sources: Source[] = [];
  const direct = repository.collaborators.get(user.id);
  if (direct !== undefined) sources.push({ role: direct, from: repository, kind: "Repository" });
  const membership = organization.members.get(user.id);
  if (membership === undefined) return sources;

  const fromOrganization = (role: RoleName): unknown =>
    sources.push({ role, from: organization, kind: "Organization" });
  if (membership === "admin") fromOrganization("admin");
  // the base permission does not reach private forks
  const privateFork = repository.parentId !== null && repository.visibility === "private";
  if (organization.basePermission !== "none" && !privateFork) fromOrganization(organization.basePermission);
  if (repository.visibility !== "private") fromOrganization("read");

  const lines = new Set(teamsOf(organization, user.id).flatMap((team) => lineage(organization, team)));
  for (const team of lines) {
    const role = team.repositories.get(repository.id);
    if (role !== undefined) sources.push({ role, from: team, kind: "Team" });
  }
  for (const role of organization.organizationRoles.values()) {
    if (role.baseRole === null) continue;
    if (role.users.has(user.id) || [...lines].some((team) => role.teams.has(team.id))) fromOrganization(role.baseRole);
  }
  return sources;
}

export function effectiveRole(organization: Organization, repository: Repository, user: User): RoleName | undefined {
  const roles = sourcesOf(organization, repository, user).map((source) => source.role);
  if (repository.visibility === "public" && !user.suspended) roles.push("read");
  return strongest(organization, roles);
}

export function isListed(organization: Organization, user: User): boolean {
  return !user.suspended && !organization.blocked.has(user.id);
}

/** GitHub's older five-flag form of a role. */
export function permissionsHash(
  level: Level | undefined,
): Record<"pull" | "triage" | "push" | "maintain" | "admin", boolean> {
  const reached = level === undefined ? -1 : levels.indexOf(level);
  return { pull: reached >= 0, triage: reached >= 1, push: reached >= 2, maintain: reached >= 3, admin: reached >= 4 };
}

/** `permission` in team lists still says pull and push; a custom role keeps its name. */
export function legacyTeamPermission(role: RoleName): string {
  return role === "read" ? "pull" : role === "write" ? "push" : role;
}

/** `permission` of a collaborator knows only admin, write, read and none. */
export function legacyPermission(level: Level | undefined): "admin" | "write" | "read" | "none" {
  if (level === undefined) return "none";
  return level === "maintain" ? "write" : level === "triage" ? "read" : level;
}

/** What direct and team grants give a member, per repository: what is kept when a member becomes a collaborator. */
export function effectiveTeamGrants(organization: Organization, user: User): Map<Repository, RoleName> {
  const lines = new Set(teamsOf(organization, user.id).flatMap((team) => lineage(organization, team)));
  const kept = new Map<Repository, RoleName>();
  for (const repository of organization.repositories.values()) {
    const grants = [...lines].flatMap((team) => team.repositories.get(repository.id) ?? []);
    const direct = repository.collaborators.get(user.id);
    const role = strongest(organization, direct === undefined ? grants : [...grants, direct]);
    if (role !== undefined) kept.set(repository, role);
  }
  return kept;
}
