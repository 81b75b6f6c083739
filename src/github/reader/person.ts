import type { Facts } from "../../domain/facts.ts";
import type { SliceKey } from "../../state/slice.ts";
import type { Client } from "../client.ts";
import type { Person } from "../plans/plan.ts";
import { DIRECT_GRANTS, TEAMS_OF } from "./queries.ts";
import { directGrants, teamsOf } from "./schemas.ts";
import { walk } from "./walk.ts";

/** Repositories asked about in one query: GitHub takes at most 100 node ids. */
const REPOSITORIES = 100;

/**
 * Which slices a person's coming or going may have changed without an event of its own: GitHub restores teams and
 * direct grants of a member who returns, and turns team grants into direct ones for a member made an outside collaborator.
 */
export async function discoverPerson(
  client: Client,
  org: string,
  { login, id }: Person,
  facts: Facts,
): Promise<SliceKey[]> {
  const keys: SliceKey[] = [];
  await walk(async (after) => {
    const { organization } = await client.query(TEAMS_OF, { org, login, after }, teamsOf);
    for (const { databaseId } of organization.teams.nodes) keys.push(`team-members/${databaseId}`);
    return organization.teams.pageInfo;
  });
  const nodeIds = [...facts.access.keys()].flatMap(
    (repository) => facts.repositories.get(repository)?.value.nodeId ?? [],
  );
  for (let start = 0; start < nodeIds.length; start += REPOSITORIES) {
    const ids = nodeIds.slice(start, start + REPOSITORIES);
    const page = await client.query(DIRECT_GRANTS, { ids, user: login }, directGrants);
    for (const repository of page.nodes) {
      if (repository?.collaborators?.nodes?.some((user) => user.databaseId === id) === true) {
        keys.push(`access/${repository.databaseId}`);
      }
    }
  }
  return keys;
}
