import { holderOf } from "./claims-ledger.ts";
import { normalized } from "./declared-names.ts";
import type { Organization, Repository, Team, World } from "./model.ts";

/** What is true: computed from the model by plain loops, and by nothing else. */

export type Permission = "read" | "upload" | "yank" | "delete" | "manage";
export type Truth = { repository?: number; permissions: Set<Permission> };

const strength: Record<string, number> = { none: 0, read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };
const permissionsAt: Permission[][] = [
  [],
  ["read"],
  ["read"],
  ["read", "upload"],
  ["read", "upload", "yank"],
  ["read", "upload", "yank", "delete", "manage"],
];

export function truth(
  world: World,
  organization: Organization,
  userId: number,
  packageName: string,
  now: number,
): Truth {
  const held = holderOf(organization, normalized(packageName), now);
  const repository = held === undefined ? undefined : organization.repositories.get(held);
  if (repository === undefined) return { permissions: new Set() };

  const permissions = new Set(permissionsAt[strengthOn(world, organization, userId, repository)]);
  if (repository.archived)
    for (const permission of permissions) if (permission !== "read") permissions.delete(permission);
  return { repository: repository.id, permissions };
}

/** 0 for nothing, up to 5 for admin. */
function strengthOn(world: World, organization: Organization, userId: number, repository: Repository): number {
  const user = world.users.get(userId);
  if (user === undefined || user.suspended || organization.blocked.has(userId)) return 0;

  let strongest = 0;
  const grant = (role: string | undefined): void => {
    if (role === undefined) return;
    let level = strength[role];
    for (const custom of organization.customRoles.values()) if (custom.name === role) level = strength[custom.baseRole];
    if ((level ?? 1) > strongest) strongest = level ?? 1;
  };

  grant(repository.collaborators.get(userId));
  if (!organization.members.has(userId)) return strongest;

  if (organization.members.get(userId) === "admin") grant("admin");
  grant(organization.basePermission);
  if (repository.visibility === "public" || repository.visibility === "internal") grant("read");
  const teams = teamsWithParents(organization, userId);
  for (const team of teams) grant(team.repositories.get(repository.id));
  for (const role of organization.organizationRoles.values()) {
    if (role.baseRole === null) continue;
    if (role.users.has(userId)) grant(role.baseRole);
    for (const team of teams) if (role.teams.has(team.id)) grant(role.baseRole);
  }
  return strongest;
}

function teamsWithParents(organization: Organization, userId: number): Team[] {
  const teams: Team[] = [];
  for (const team of organization.teams.values()) {
    if (!team.members.has(userId)) continue;
    let current: Team | undefined = team;
    while (current !== undefined && !teams.includes(current)) {
      teams.push(current);
      current = current.parentId === null ? undefined : organization.teams.get(current.parentId);
    }
  }
  return teams;
}
