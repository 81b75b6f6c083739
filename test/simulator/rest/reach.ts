import { effectiveRole, levelOf, levels } from "../access.ts";
import type { Level, Organization, Repository, Team, User } from "../model.ts";
import { organizationByLogin, repositoryById, repositoryByName, teamBySlug } from "../world.ts";
import { ApiError, type Call, inaccessible, integer, notFound } from "./route.ts";

/** What a caller reaches: each finder answers with the thing, or with the status GitHub would give. */

/** The token's own permissions can be narrower than what the installation was granted. */
export function requirePermission(call: Call, permission: string): void {
  if (call.caller.kind === "installation" && call.caller.token.permissions[permission] === undefined)
    throw inaccessible();
}

export function organizationOfPath(call: Call): Organization {
  const login = call.params["org"];
  const organization =
    login === undefined
      ? call.world.organizations.get(integer(call, "org_id"))
      : organizationByLogin(call.world, login);
  if (organization === undefined) throw notFound();
  return organization;
}

/** An organization whose inside the caller may read: with the App's permission, or as a member (or owner). */
export function insideOfOrganization(
  call: Call,
  permission: string,
  user: "member" | "owner" = "member",
): Organization {
  const organization = organizationOfPath(call);
  const { caller } = call;
  if (caller.kind === "installation") {
    if (caller.organization.id !== organization.id) throw inaccessible();
    requirePermission(call, permission);
    return organization;
  }
  if (caller.kind !== "user") throw new ApiError(401, "Requires authentication");
  const membership = organization.members.get(caller.user.id);
  if (membership === undefined || (user === "owner" && membership !== "admin")) throw notFound();
  return organization;
}

export function teamOfPath(call: Call, organization: Organization): Team {
  const slug = call.params["team_slug"];
  const team = slug === undefined ? organization.teams.get(integer(call, "team_id")) : teamBySlug(organization, slug);
  if (team === undefined) throw notFound();
  return team;
}

/** A repository the caller can see; `least` is what a user must be allowed to do there, for an App it is a permission. */
export function repositoryOfPath(call: Call, permission: string, least: Level = "read"): Repository {
  const repository = locate(call);
  if (!isVisible(call, repository)) throw notFound();
  requirePermission(call, permission);
  const { caller } = call;
  if (
    caller.kind === "user" &&
    levels.indexOf(userLevel(call, repository, caller.user) ?? "read") < levels.indexOf(least)
  )
    throw new ApiError(403, "Must have push access to view repository collaborators.");
  if (caller.kind === "anonymous" && least !== "read") throw new ApiError(401, "Requires authentication");
  return repository;
}

export function homeOf(call: Call, repository: Repository): Organization {
  const organization = call.world.organizations.get(repository.organizationId);
  if (organization === undefined) throw notFound();
  return organization;
}

export function isVisible(call: Call, repository: Repository): boolean {
  const { caller } = call;
  if (repository.visibility === "public") return true;
  if (caller.kind === "installation") return isInstalledOn(call, repository);
  if (caller.kind !== "user") return false;
  const { token } = caller;
  if (token.repositoryIds !== null && !token.repositoryIds.has(repository.id)) return false;
  if (token.withoutSso.has(repository.organizationId)) return false;
  const scoped = token.kind === "classic" || token.kind === "oauth";
  if (scoped && !token.scopes.includes("repo")) return false;
  return userLevel(call, repository, caller.user) !== undefined;
}

export function isInstalledOn(call: Call, repository: Repository): boolean {
  const { caller } = call;
  if (caller.kind !== "installation" || caller.organization.id !== repository.organizationId) return false;
  const { installation, token } = caller;
  if (installation.repositorySelection === "selected" && !installation.selected.has(repository.id)) return false;
  return token.repositoryIds === null || token.repositoryIds.has(repository.id);
}

/** Spares a look at each of 10,000 repositories on each page. */
export function seesEveryRepository(call: Call, organization: Organization): boolean {
  const { caller } = call;
  if (caller.kind !== "installation" || caller.organization.id !== organization.id) return false;
  return caller.installation.repositorySelection === "all" && caller.token.repositoryIds === null;
}

export function userLevel(call: Call, repository: Repository, user: User): Level | undefined {
  const organization = homeOf(call, repository);
  const role = effectiveRole(organization, repository, user);
  return role === undefined ? undefined : levelOf(organization, role);
}

function locate(call: Call): Repository {
  const { owner, repo } = call.params;
  if (owner === undefined || repo === undefined) {
    const byId = repositoryById(call.world, integer(call, "repository_id"));
    if (byId === undefined) throw notFound();
    return byId;
  }
  const organization = organizationByLogin(call.world, owner);
  const repository = organization && repositoryByName(organization, repo);
  if (repository !== undefined) return repository;
  const moved = organization?.repositories.get(organization.formerRepositoryNames.get(repo.toLowerCase()) ?? 0);
  if (moved !== undefined && isVisible(call, moved)) throw new MovedRepository(moved.id);
  throw notFound();
}

/** The repository has another name now; GitHub points to it by id. */
export class MovedRepository extends Error {
  readonly repositoryId: number;
  constructor(repositoryId: number) {
    super("Moved Permanently");
    this.repositoryId = repositoryId;
  }
}
