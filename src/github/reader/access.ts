import type { Collaborator, RepositoryId, Role, TeamId, UserId } from "../../domain/facts.ts";
import { GITHUB_ROLES } from "../../domain/facts.ts";
import type { Client } from "../client.ts";
import { GitHubFailure, unlessGone } from "../failure.ts";
import { githubRoleNamed, levelOf, roleNamed } from "../rest-role.ts";
import { COLLABORATORS } from "./queries.ts";
import type { Collaboration, CollaboratorEdge } from "./schemas.ts";
import { collaboratorsPage, repositoryTeams } from "./schemas.ts";
import { walk } from "./walk.ts";

type Collaborators = ReadonlyMap<UserId, Collaborator>;

/**
 * Direct collaborators of several repositories: one query, and one more for each page a large repository needs.
 * A repository that is missing from the result is gone.
 */
export async function readCollaborators(
  client: Client,
  nodeIds: readonly string[],
): Promise<Map<RepositoryId, Collaborators>> {
  const { nodes } = await client.query(COLLABORATORS, { ids: nodeIds, after: null }, collaboratorsPage);
  const found = new Map<RepositoryId, Collaborators>();
  for (const [index, repository] of nodes.entries()) {
    if (repository === null) continue;
    const { edges, pageInfo } = readable(repository.collaborators);
    const all = [...(edges ?? [])];
    if (pageInfo.hasNextPage) {
      await walk(async (after) => {
        const next = await client.query(COLLABORATORS, { ids: [nodeIds[index]], after }, collaboratorsPage);
        const page = readable(next.nodes[0]?.collaborators ?? null);
        all.push(...(page.edges ?? []));
        return page.pageInfo;
      }, pageInfo.endCursor);
    }
    found.set(repository.databaseId, new Map(all.flatMap(directGrant)));
  }
  return found;
}

// GitHub hides the whole list from those who may not see it; an empty list would be a lie.
function readable(connection: Collaboration | null): Collaboration {
  if (connection !== null) return connection;
  throw new GitHubFailure(
    "forbidden",
    "GitHub hides a repository's collaborators from the App: accept its Members permission.",
  );
}

/** What the repository itself gave this person; the edge's own permission mixes in teams and ownership. */
function directGrant({ node, permissionSources }: CollaboratorEdge): [UserId, Collaborator][] {
  const roles = permissionSources
    .filter(({ source, permission }) => source.__typename === "Repository" && permission !== "NONE")
    .map(({ permission, roleName }) => roleNamed(roleName ?? permission, githubRoleNamed(permission)));
  const [role] = roles.toSorted((a, b) => GITHUB_ROLES.indexOf(b.level) - GITHUB_ROLES.indexOf(a.level));
  return role === undefined ? [] : [[node.databaseId, { login: node.login, role }]];
}

/**
 * REST "List repository teams": the role of each team that was given access to this repository.
 * `undefined`: the repository is gone.
 */
export async function readRepositoryTeams(client: Client, id: RepositoryId): Promise<Map<TeamId, Role> | undefined> {
  const teams = await unlessGone(client.list("GET /repositories/{id}/teams", { id }, repositoryTeams));
  return (
    teams &&
    new Map(teams.map(({ id: team, permission, permissions }) => [team, roleNamed(permission, levelOf(permissions))]))
  );
}
