import { isListed, levelOf, permissionsHash, teamRole } from "../access.ts";
import type { Organization, Repository, Team, User } from "../model.ts";
import { type Json, simpleUser } from "../resources/account.ts";
import { minimalRepository } from "../resources/repository.ts";
import { teamWithParent } from "../resources/team.ts";
import { descendants, lineage } from "../world.ts";
import { paged } from "./pages.ts";
import { insideOfOrganization, teamOfPath } from "./reach.ts";
import type { Call, Reply, Route } from "./route.ts";

/** Teams, their members, and what they reach. */
export const teamRoutes: Route[] = [
  {
    method: "GET",
    path: "/orgs/{org}/teams",
    audience: "token",
    answer: (call) => {
      const organization = insideOfOrganization(call, "members");
      const teams = [...organization.teams.values()];
      return paged(
        call,
        teams,
        (team) => teamWithParent(organization, team),
        `/organizations/${organization.id}/teams`,
      );
    },
  },
  { method: "GET", path: "/orgs/{org}/teams/{team_slug}/members", audience: "token", answer: listMembers },
  { method: "GET", path: "/orgs/{org}/teams/{team_slug}/repos", audience: "token", answer: listRepositories },
];

/** Members of child teams are listed too, marked as inherited. */
function listMembers(call: Call): Reply {
  const organization = insideOfOrganization(call, "members");
  const team = teamOfPath(call, organization);
  const role = call.query.get("role") ?? "all";
  const below = descendants(organization, team).flatMap((child) => [...child.members.keys()]);
  const members = [...new Set([...team.members.keys(), ...below])]
    .flatMap((id) => call.world.users.get(id) ?? [])
    .filter(
      (user) => isListed(organization, user) && (role === "all" || (team.members.get(user.id) ?? "member") === role),
    );
  const shown = (user: User): Json => ({
    ...simpleUser(user),
    role: team.members.get(user.id) ?? "member",
    inherited: !team.members.has(user.id),
  });
  return paged(call, members, shown, `/organizations/${organization.id}/team/${team.id}/members`);
}

/** What the team inherits from its parents is listed as if it were its own. */
function listRepositories(call: Call): Reply {
  const organization = insideOfOrganization(call, "members");
  const team = teamOfPath(call, organization);
  const repositories = reached(organization, team);
  return paged(
    call,
    repositories,
    (repository) => {
      const role = teamRole(organization, team, repository) ?? "read";
      const permissions = permissionsHash(levelOf(organization, role));
      return { ...minimalRepository(organization, repository), permissions, role_name: role };
    },
    `/organizations/${organization.id}/team/${team.id}/repos`,
  );
}

export function reached(organization: Organization, team: Team): Repository[] {
  const ids = new Set(lineage(organization, team).flatMap((each) => [...each.repositories.keys()]));
  return [...ids].flatMap((id) => organization.repositories.get(id) ?? []);
}
