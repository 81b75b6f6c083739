import { isListed } from "../access.ts";
import type { Organization, User } from "../model.ts";
import { fullOrganization, simpleUser } from "../resources/account.ts";
import { minimalRepository } from "../resources/repository.ts";
import { isOutsideCollaborator } from "../world.ts";
import { paged } from "./pages.ts";
import { insideOfOrganization, isVisible, organizationOfPath } from "./reach.ts";
import type { Call, Route } from "./route.ts";

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
];

function seesSettings(call: Call, organization: Organization): boolean {
  const { caller } = call;
  if (caller.kind === "user") return organization.members.get(caller.user.id) === "admin";
  if (caller.kind !== "installation" || caller.organization.id !== organization.id) return false;
  return caller.token.permissions["organization_administration"] !== undefined;
}

export function people(call: Call, ids: Iterable<number>): User[] {
  return [...ids].flatMap((id) => call.world.users.get(id) ?? []);
}
