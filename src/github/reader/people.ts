import type { Member, Team, TeamId, UserId } from "../../domain/facts.ts";
import type { Client } from "../client.ts";
import { MEMBERS, TEAM_MEMBERS, TEAMS } from "./queries.ts";
import { membersPage, teamMembersPage, teamsPage } from "./schemas.ts";
import { walk } from "./walk.ts";

/** Everybody in the organization, and who owns it. */
export async function readMembers(client: Client, login: string): Promise<Map<UserId, Member>> {
  const members = new Map<UserId, Member>();
  await walk(async (after) => {
    const page = await client.query(MEMBERS, { login, after }, membersPage);
    const { edges, pageInfo } = page.organization.membersWithRole;
    for (const { role, node } of edges) members.set(node.databaseId, { login: node.login, owner: role === "ADMIN" });
    return pageInfo;
  });
  return members;
}

/** Every team with its parent; not who is in it. */
export async function readTeams(client: Client, login: string): Promise<Map<TeamId, Team>> {
  const teams = new Map<TeamId, Team>();
  await walk(async (after) => {
    const page = await client.query(TEAMS, { login, after }, teamsPage);
    const { nodes, pageInfo } = page.organization.teams;
    for (const { id, databaseId, slug, parentTeam } of nodes) {
      teams.set(databaseId, { nodeId: id, slug, parent: parentTeam?.databaseId });
    }
    return pageInfo;
  });
  return teams;
}

/**
 * The immediate members of several teams: one query, and one more for each further page of a large team.
 * A team that is missing from the result is gone.
 */
export async function readTeamMembers(client: Client, nodeIds: readonly string[]): Promise<Map<TeamId, Set<UserId>>> {
  const { nodes } = await client.query(TEAM_MEMBERS, { ids: nodeIds, after: null }, teamMembersPage);
  const members = new Map<TeamId, Set<UserId>>();
  for (const [index, team] of nodes.entries()) {
    if (team === null) continue;
    const users = new Set(team.members.nodes.map(({ databaseId }) => databaseId));
    members.set(team.databaseId, users);
    if (!team.members.pageInfo.hasNextPage) continue;
    await walk(async (after) => {
      const next = await client.query(TEAM_MEMBERS, { ids: [nodeIds[index]], after }, teamMembersPage);
      const rest = next.nodes[0]?.members;
      // The team went away between two pages, and half of its members are nobody's fact.
      if (rest === undefined) members.delete(team.databaseId);
      for (const { databaseId } of rest?.nodes ?? []) users.add(databaseId);
      return rest?.pageInfo ?? END;
    }, team.members.pageInfo.endCursor);
  }
  return members;
}

const END = { hasNextPage: false, endCursor: null };
