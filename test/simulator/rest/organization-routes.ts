import { isListed } from "../access.ts";
import type { Organization, Team, User } from "../model.ts";
import { fullOrganization, isoTime, type Json, simpleUser } from "../resources/account.ts";
import { minimalRepository } from "../resources/repository.ts";
import { teamWithParent } from "../resources/team.ts";
import { isOutsideCollaborator } from "../world.ts";
import { paged } from "./pages.ts";
import { insideOfOrganization, isVisible, organizationOfPath } from "./reach.ts";
import { type Call, integer, notFound, type Route } from "./route.ts";

/** An organization: its settings, people and roles. */

const token = "token" as const;

export const organizationRoutes: Route[] = [
  {
    method: "GET",
    path: "/orgs/{org}",
    audience: "anyone",
    answer: (call) => {
      const organization = organizationOfPath(call);
      return { status: 200, body: fullOrganization(organization, seesSettings(call, organization)) };
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/members",
    audience: token,
    answer: (call) => {
      const organization = insideOfOrganization(call, "members");
      const role = call.query.get("role") ?? "all";
      const members = people(call, organization.members.keys()).filter(
        (user) => isListed(organization, user) && (role === "all" || organization.members.get(user.id) === role),
      );
      return paged(call, members, (user) => simpleUser(user), `/organizations/${organization.id}/members`);
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/outside_collaborators",
    audience: token,
    answer: (call) => {
      const organization = insideOfOrganization(call, "members", "owner");
      const ids = new Set([...organization.repositories.values()].flatMap((each) => [...each.collaborators.keys()]));
      const outside = people(call, ids).filter(
        (user) => isListed(organization, user) && isOutsideCollaborator(organization, user.id),
      );
      return paged(
        call,
        outside,
        (user) => simpleUser(user),
        `/organizations/${organization.id}/outside_collaborators`,
      );
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/repos",
    audience: token,
    answer: (call) => {
      const organization = organizationOfPath(call);
      const visible = [...organization.repositories.values()].filter((each) => isVisible(call, each));
      return paged(
        call,
        visible,
        (each) => minimalRepository(organization, each),
        `/organizations/${organization.id}/repos`,
      );
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/organization-roles",
    audience: token,
    answer: (call) => {
      const organization = withRoles(call, "organization_custom_org_roles");
      const roles = [...organization.organizationRoles.values()].map((role) => ({
        ...common(organization, role),
        base_role: role.baseRole,
        source: role.source,
      }));
      return { status: 200, body: { total_count: roles.length, roles } };
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/organization-roles/{role_id}/users",
    audience: token,
    answer: (call) => {
      const organization = withRoles(call, "members");
      const role = roleOfPath(call, organization);
      const members = people(call, role.users).filter((user) => isListed(organization, user));
      const shown = (user: User): Json => ({ ...simpleUser(user), assignment: "direct", inherited_from: [] });
      return paged(call, members, shown, `/organizations/${organization.id}/organization-roles/${role.id}/users`);
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/organization-roles/{role_id}/teams",
    audience: token,
    answer: (call) => {
      const organization = withRoles(call, "members");
      const role = roleOfPath(call, organization);
      const teams = [...organization.teams.values()].filter((team) => role.teams.has(team.id));
      const shown = (team: Team): Json => ({ ...teamWithParent(organization, team), assignment: "direct" });
      return paged(call, teams, shown, `/organizations/${organization.id}/organization-roles/${role.id}/teams`);
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/custom-repository-roles",
    audience: token,
    enterprise: true,
    answer: (call) => {
      const organization = withRoles(call, "organization_custom_roles");
      const roles = [...organization.customRoles.values()];
      const custom_roles = roles.map((role) => ({ ...common(organization, role), base_role: role.baseRole }));
      return { status: 200, body: { total_count: roles.length, custom_roles } };
    },
  },
];

function seesSettings(call: Call, organization: Organization): boolean {
  const { caller } = call;
  if (caller.kind === "user") return organization.members.get(caller.user.id) === "admin";
  if (caller.kind !== "installation" || caller.organization.id !== organization.id) return false;
  return caller.token.permissions["organization_administration"] !== undefined;
}

/** Roles beyond GitHub's own five come with the enterprise plan; elsewhere their routes do not exist. */
function withRoles(call: Call, permission: string): Organization {
  const organization = insideOfOrganization(call, permission, "owner");
  if (organization.plan !== "enterprise") throw notFound();
  return organization;
}

function roleOfPath(call: Call, organization: Organization): { id: number; users: Set<number>; teams: Set<number> } {
  const role = organization.organizationRoles.get(integer(call, "role_id"));
  if (role === undefined) throw notFound();
  return role;
}

function common(
  organization: Organization,
  role: { id: number; name: string; createdAt: number; updatedAt: number },
): Json {
  return {
    id: role.id,
    name: role.name,
    description: role.name,
    permissions: [],
    organization: simpleUser(organization, "Organization"),
    created_at: isoTime(role.createdAt),
    updated_at: isoTime(role.updatedAt),
  };
}

function people(call: Call, ids: Iterable<number>): User[] {
  return [...ids].flatMap((id) => call.world.users.get(id) ?? []);
}
