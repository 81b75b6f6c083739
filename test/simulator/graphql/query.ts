import type { RateLimit } from "../rate-limits.ts";
import { databaseId } from "../node-id.ts";
import { isVisible } from "../rest/reach.ts";
import type { Call } from "../rest/route.ts";
import { organizationByLogin, repositoryById, repositoryByName } from "../world.ts";
import { githubError, organizationNode, repositoryNode, teamNode, userNode } from "./nodes.ts";
import type { Measure } from "./cost.ts";

/** The fields a query can begin with. */
export function queryRoot(call: Call, budget: RateLimit, measured: Measure): Record<string, unknown> {
  const node = ({ id }: { id: string }): unknown => {
    const found = repositoryNodeById(call, id) ?? teamNodeById(call, id);
    if (found === undefined)
      throw githubError("NOT_FOUND", `Could not resolve to a node with the global id of '${id}'`);
    return found;
  };
  return {
    organization: ({ login }: { login: string }) => {
      const organization = organizationByLogin(call.world, login);
      if (organization === undefined)
        throw githubError("NOT_FOUND", `Could not resolve to an Organization with the login of '${login}'.`);
      return organizationNode(call, organization);
    },
    repository: ({ owner, name }: { owner: string; name: string }) => {
      const organization = organizationByLogin(call.world, owner);
      const former = organization?.formerRepositoryNames.get(name.toLowerCase()) ?? 0;
      const repository =
        organization && (repositoryByName(organization, name) ?? organization.repositories.get(former));
      if (organization === undefined || repository === undefined || !isVisible(call, repository))
        throw githubError("NOT_FOUND", `Could not resolve to a Repository with the name '${owner}/${name}'.`);
      return repositoryNode(call, organization, repository);
    },
    node,
    // each id on its own: one that is gone is a null and an error, the others are answered
    nodes: ({ ids }: { ids: string[] }) =>
      ids.map((id) => {
        try {
          return node({ id });
        } catch (error) {
          return error;
        }
      }),
    viewer: () => {
      if (call.caller.kind !== "user") throw githubError("FORBIDDEN", "Resource not accessible by integration");
      return userNode(call.caller.user);
    },
    rateLimit: {
      cost: measured.cost,
      limit: budget.limit,
      nodeCount: measured.nodeCount,
      remaining: budget.remaining,
      used: budget.used,
      resetAt: new Date(budget.reset * 1000).toISOString(),
    },
  };
}

function repositoryNodeById(call: Call, id: string): unknown {
  const repository = repositoryById(call.world, databaseId("Repository", id) ?? 0);
  const organization = repository && call.world.organizations.get(repository.organizationId);
  return repository && organization && isVisible(call, repository)
    ? repositoryNode(call, organization, repository)
    : undefined;
}

function teamNodeById(call: Call, id: string): unknown {
  const { caller } = call;
  if (caller.kind !== "installation") return undefined;
  const organization = call.world.organizations.get(caller.organization.id);
  const team = organization?.teams.get(databaseId("Team", id) ?? 0);
  return organization && team && teamNode(call, organization, team);
}
