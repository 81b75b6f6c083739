import { legacyTeamPermission, levelOf, permissionsHash, teamRole } from "../access.ts";
import type { Organization, Repository, Team } from "../model.ts";
import { nodeId } from "../node-id.ts";
import { api, type Json, web } from "./account.ts";

export function simpleTeam(organization: Organization, team: Team): Json {
  const url = `${api}/organizations/${organization.id}/team/${team.id}`;
  return {
    id: team.id,
    node_id: nodeId("Team", team.id),
    name: team.name,
    slug: team.slug,
    description: team.description,
    privacy: team.privacy,
    notification_setting: "notifications_enabled",
    permission: "pull",
    url,
    html_url: `${web}/orgs/${organization.login}/teams/${team.slug}`,
    members_url: `${url}/members{/member}`,
    repositories_url: `${url}/repos`,
    type: "organization",
    organization_id: organization.id,
  };
}

export function teamWithParent(organization: Organization, team: Team): Json {
  const parent = team.parentId === null ? undefined : organization.teams.get(team.parentId);
  return { ...simpleTeam(organization, team), parent: parent ? simpleTeam(organization, parent) : null };
}

/**
 * A team in a repository's list. GitHub reports the team's effective role, its own or an inherited one, and does not
 * say which.
 */
export function repositoryTeam(organization: Organization, team: Team, repository: Repository): Json {
  const role = teamRole(organization, team, repository) ?? "read";
  return {
    ...teamWithParent(organization, team),
    permission: legacyTeamPermission(role),
    permissions: permissionsHash(levelOf(organization, role)),
    access_source: team.repositories.has(repository.id) ? "direct" : "organization",
  };
}
