import { isListed } from "../access.ts";
import type { Organization, OrganizationRole, Team, User } from "../model.ts";
import { isoTime, type Json, simpleUser } from "../resources/account.ts";
import { simpleTeam, teamWithParent } from "../resources/team.ts";
import { lineage, teamsOf } from "../world.ts";
import { people } from "./organization-routes.ts";
import { paged } from "./pages.ts";
import { insideOfOrganization } from "./reach.ts";
import { type Call, integer, notFound, type Route } from "./route.ts";

/** Roles in an organization, who has them, and roles an organization made for its repositories. */

const token = "token" as const;

export const roleRoutes: Route[] = [
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
      const holders = people(call, organization.members.keys()).flatMap((user) => holder(organization, role, user));
      return paged(
        call,
        holders,
        (each) => each,
        `/organizations/${organization.id}/organization-roles/${role.id}/users`,
      );
    },
  },
  {
    method: "GET",
    path: "/orgs/{org}/organization-roles/{role_id}/teams",
    audience: token,
    answer: (call) => {
      const organization = withRoles(call, "members");
      const role = roleOfPath(call, organization);
      const holders = [...organization.teams.values()].flatMap((team) => {
        const inherited = lineage(organization, team)
          .slice(1)
          .some((above) => role.teams.has(above.id));
        const assignment = assignmentOf(role.teams.has(team.id), inherited);
        return assignment === undefined ? [] : [{ ...teamWithParent(organization, team), assignment }];
      });
      return paged(
        call,
        holders,
        (each) => each,
        `/organizations/${organization.id}/organization-roles/${role.id}/teams`,
      );
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

/** Roles beyond GitHub's own five come with the enterprise plan; elsewhere their routes do not exist. */
function withRoles(call: Call, permission: string): Organization {
  const organization = insideOfOrganization(call, permission, "owner");
  if (organization.plan !== "enterprise") throw notFound();
  return organization;
}

function roleOfPath(call: Call, organization: Organization): OrganizationRole {
  const role = organization.organizationRoles.get(integer(call, "role_id"));
  if (role === undefined) throw notFound();
  return role;
}

/** Whoever has the role, also through a team: GitHub lists both, and says which. */
function holder(organization: Organization, role: OrganizationRole, user: User): Json[] {
  const through: Team[] = teamsOf(organization, user.id).filter((team) =>
    lineage(organization, team).some((above) => role.teams.has(above.id)),
  );
  const assignment = assignmentOf(role.users.has(user.id), through.length > 0);
  if (assignment === undefined || !isListed(organization, user)) return [];
  return [{ ...simpleUser(user), assignment, inherited_from: through.map((team) => simpleTeam(organization, team)) }];
}

function assignmentOf(direct: boolean, indirect: boolean): "direct" | "indirect" | "mixed" | undefined {
  if (direct) return indirect ? "mixed" : "direct";
  return indirect ? "indirect" : undefined;
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
