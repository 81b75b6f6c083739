import type { Repository } from "../../domain/facts.ts";
import type { Slice } from "../../state/slice.ts";
import type { Client } from "../client.ts";
import { unlessGone } from "../failure.ts";
import type { PageSize } from "../page-size.ts";
import type { Time } from "../time.ts";
import type { ManifestReaders } from "./manifests.ts";
import { readDeclared } from "./manifests.ts";
import { repositoriesByIdQuery, repositoriesQuery } from "./queries.ts";
import type { RepositoryNode } from "./schemas.ts";
import { repositoriesByNode, repositoriesPage, restRepository } from "./schemas.ts";
import { walk } from "./walk.ts";

export interface RepositoryReading {
  readonly client: Client;
  readonly readers: ManifestReaders;
  readonly pageSize: PageSize;
  readonly time: Time;
}

/**
 * Reads every repository with its manifests. Each repository is handed over with its page; the list
 * of all only at the end, when it is whole.
 */
export async function readAllRepositories(
  { client, readers, pageSize, time }: RepositoryReading,
  login: string,
  emit: (slices: Slice[]) => void,
): Promise<void> {
  const query = repositoriesQuery(readers.roots);
  const listed = new Set<number>();
  const began = time.now();
  await walk(async (after) => {
    const asOf = time.now();
    const page = await pageSize.ask((first) => client.query(query, { login, first, after }, repositoriesPage));
    const { nodes, pageInfo } = page.organization.repositories;
    emit(await Promise.all(nodes.map((node) => repositorySlice(client, readers, node, asOf))));
    for (const { databaseId } of nodes) listed.add(databaseId);
    return pageInfo;
  });
  emit([{ kind: "repositories", value: listed, asOf: began }]);
}

/** Reads some repositories again. One that is gone, or has left the organization, comes back without a value. */
export async function readRepositories(
  { client, readers, pageSize, time }: RepositoryReading,
  organization: number,
  wanted: ReadonlyMap<number, string | undefined>,
  emit: (slices: Slice[]) => void,
): Promise<void> {
  const asOf = time.now();
  const nodeIds = new Map<number, string>();
  for (const [id, known] of wanted) {
    const nodeId = known ?? (await findNodeId(client, organization, id));
    if (nodeId === undefined) emit([{ kind: "repository", id, value: undefined, asOf }]);
    else nodeIds.set(id, nodeId);
  }
  const query = repositoriesByIdQuery(readers.roots);
  for (const rest = [...nodeIds]; rest.length > 0;) {
    const { batch, nodes } = await pageSize.ask(async (first) => {
      const some = rest.slice(0, first);
      const reply = await client.query(query, { ids: some.map(([, nodeId]) => nodeId) }, repositoriesByNode);
      return { batch: some, nodes: reply.nodes };
    });
    rest.splice(0, batch.length);
    const found = new Map(nodes.flatMap((node) => (node === null ? [] : [[node.databaseId, node] as const])));
    emit(
      await Promise.all(
        batch.map(([id]): Promise<Slice> => {
          const node = found.get(id);
          return node === undefined
            ? Promise.resolve({ kind: "repository", id, value: undefined, asOf })
            : repositorySlice(client, readers, node, asOf);
        }),
      ),
    );
  }
}

async function repositorySlice(
  client: Client,
  readers: ManifestReaders,
  node: RepositoryNode,
  asOf: number,
): Promise<Slice> {
  const { declarations, problems } = await readDeclared(client, readers, node);
  const value: Repository = {
    nodeId: node.id,
    name: node.name,
    visibility: VISIBILITY[node.visibility],
    archived: node.isArchived,
    fork: node.isFork,
    createdAt: Date.parse(node.createdAt),
    declarations,
    problems,
  };
  return { kind: "repository", id: node.databaseId, value, asOf };
}

const VISIBILITY = { PUBLIC: "public", INTERNAL: "internal", PRIVATE: "private" } as const;

/** A repository we have not met: REST knows it by its number. One that another account owns is none of ours. */
async function findNodeId(client: Client, organization: number, id: number): Promise<string | undefined> {
  const found = await unlessGone(client.get("GET /repositories/{id}", { id }, restRepository));
  return found?.owner.id === organization ? found.node_id : undefined;
}
