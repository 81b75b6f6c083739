import type { z } from "zod";
import type { GitHubRole, Organization, OrganizationRole, Role } from "../../domain/facts.ts";
import { isGitHubRole } from "../../domain/roles.ts";
import type { Client } from "../client.ts";
import { GitHubFailure, unlessGone } from "../failure.ts";
import { customRoles, organization, organizationRoles, roleHolders } from "./schemas.ts";

/** REST "Get an organization", by id, so that a renamed organization is still found. */
export async function readOrganization(client: Client, id: number): Promise<Organization> {
  const found = await client.get("GET /organizations/{id}", { id }, organization);
  return { id: found.id, login: found.login, basePermission: found.default_repository_permission ?? undefined };
}

/**
 * REST "Get all organization roles for an organization", with the users and teams of each that reaches repositories.
 * Organizations whose plan has no such roles answer 404, which means there are none.
 */
export async function readOrganizationRoles(client: Client, { id, login }: Named): Promise<OrganizationRole[]> {
  const org = login;
  const found = await unlessGone(client.get("GET /orgs/{org}/organization-roles", { org }, organizationRoles));
  if (found === undefined) await assertLogin(client, { id, login });
  return Promise.all(
    (found?.roles ?? []).map(async ({ id: role_id, name, base_role }) => {
      const base = baseRole(name, base_role ?? undefined);
      if (base === undefined) return { name, base, users: new Set<number>(), teams: new Set<number>() };
      const [users, teams] = await Promise.all([
        client.list("GET /orgs/{org}/organization-roles/{role_id}/users", { org, role_id }, roleHolders),
        client.list("GET /orgs/{org}/organization-roles/{role_id}/teams", { org, role_id }, roleHolders),
      ]);
      return { name, base, users: direct(users), teams: direct(teams) };
    }),
  );
}

/**
 * REST "List custom repository roles in an organization": name → the role it is built on.
 *
 * Where GitHub refuses the list, there is none: a grant tells the level of its role, too, and that stands in.
 */
export async function readCustomRoles(client: Client, { id, login }: Named): Promise<Map<string, GitHubRole>> {
  const asking = client.get("GET /orgs/{org}/custom-repository-roles", { org: login }, customRoles);
  const found = await unlessGone(unlessForbidden(asking));
  if (found === undefined) await assertLogin(client, { id, login });
  return new Map((found?.custom_roles ?? []).map(({ name, base_role }) => [name, base_role]));
}

type Named = Pick<Organization, "id" | "login">;

/** "No such thing" is an answer only of the organization that was meant: a renamed one answers 404 to everything. */
export async function assertLogin(client: Client, { id, login }: Named): Promise<void> {
  const found = await readOrganization(client, id);
  if (found.login.toLowerCase() === login.toLowerCase()) return;
  throw new GitHubFailure(
    "gone",
    `The organization ${login} is called ${found.login} now: it is read again under its new name.`,
  );
}

async function unlessForbidden<T>(asking: Promise<T>): Promise<T | undefined> {
  try {
    return await asking;
  } catch (error) {
    if (error instanceof GitHubFailure && error.kind === "forbidden") return undefined;
    throw error;
  }
}

function baseRole(name: string, base: string | undefined): Role | undefined {
  if (base !== undefined && isGitHubRole(base)) return { name: base, level: base };
  // Security managers read every repository, though the API gives their role no base
  // (GitHub docs, "Managing security managers in your organization").
  return name === "security_manager" ? { name: "read", level: "read" } : undefined;
}

/** Those who hold the role by themselves. What comes through a team is ours to compute, so that it goes with the team. */
function direct(holders: z.infer<typeof roleHolders>): Set<number> {
  return new Set(holders.flatMap(({ id, assignment }) => (assignment === "indirect" ? [] : [id])));
}
