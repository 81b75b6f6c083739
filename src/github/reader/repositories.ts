import type { OrganizationId, Repository, RepositoryId } from "../../domain/facts.ts";
import type { Slice } from "../../state/slice.ts";
import type { Client } from "../client.ts";
import { GitHubFailure, unlessGone } from "../failure.ts";
import type { PageSize } from "../page-size.ts";
import { inPages } from "../page-size.ts";
import type { Time } from "../time.ts";
import type { Declared, ManifestReaders } from "./manifests.ts";
import { readDeclared } from "./manifests.ts";
import { repositoriesByIdQuery, repositoriesQuery } from "./queries.ts";
import type { RepositoryNode } from "./schemas.ts";
import { repositoriesByNode, repositoriesPage, restRepository } from "./schemas.ts";
import { walk } from "./walk.ts";

export interface RepositoryReading {
  readonly client: Client;
  readonly organization: OrganizationId;
  readonly readers: ManifestReaders;
  /** How many repositories at once. */
  readonly pageSize: PageSize;
  /** How many more files of one repository at once. */
  readonly fileSize: PageSize;
  readonly time: Time;
}

/**
 * Reads every repository with its manifests. Each repository is handed over with its page; the list
 * of all only at the end, when it is whole.
 */
export async function readAllRepositories(
  reading: RepositoryReading,
  login: string,
  emit: (slices: Slice[]) => void,
): Promise<void> {
  const { client, readers, pageSize, time } = reading;
  const query = repositoriesQuery(readers.roots);
  const listed = new Set<number>();
  const began = time.now();
  await walk(async (after) => {
    const asOf = time.now();
    const page = await pageSize.ask((first) => client.query(query, { login, first, after }, repositoriesPage));
    const { nodes, pageInfo } = page.organization.repositories;
    emit(await Promise.all(nodes.map((node) => repositorySlice(reading, node, asOf))));
    for (const { databaseId } of nodes) listed.add(databaseId);
    return pageInfo;
  });
  emit([{ kind: "repositories", value: listed, asOf: began }]);
}

/** Reads some repositories again. One that is gone, or has left the organization, comes back without a value. */
export async function readRepositories(
  reading: RepositoryReading,
  wanted: ReadonlyMap<number, string | undefined>,
  emit: (slices: Slice[]) => void,
): Promise<void> {
  const { client, organization, readers, pageSize, time } = reading;
  const asOf = time.now();
  const nodeIds: (readonly [RepositoryId, string])[] = [];
  for (const [id, known] of wanted) {
    const nodeId = known ?? (await findNodeId(client, organization, id));
    if (nodeId === undefined) emit([{ kind: "repository", id, value: undefined, asOf }]);
    else nodeIds.push([id, nodeId]);
  }
  const query = repositoriesByIdQuery(readers.roots);
  await inPages(pageSize, nodeIds, async (some) => {
    const { nodes } = await client.query(query, { ids: some.map(([, nodeId]) => nodeId) }, repositoriesByNode);
    const found = new Map(nodes.flatMap((node) => (node === null ? [] : [[node.databaseId, node] as const])));
    const slices = some.map(async ([id]): Promise<Slice> => {
      const node = found.get(id);
      // A public repository can still be seen when another account owns it; it is none of ours then.
      const isOurs = node?.owner.databaseId === organization;
      return isOurs ? repositorySlice(reading, node, asOf) : { kind: "repository", id, value: undefined, asOf };
    });
    emit(await Promise.all(slices));
  });
}

async function repositorySlice(reading: RepositoryReading, node: RepositoryNode, asOf: number): Promise<Slice> {
  const { declarations, problems } = await declaredBy(reading, node);
  const value: Repository = {
    nodeId: node.id,
    name: node.name,
    visibility: VISIBILITY[node.visibility],
    archived: node.isArchived,
    fork: node.isFork,
    createdAt: Date.parse(node.createdAt),
    ...(node.defaultBranchRef && { defaultBranch: node.defaultBranchRef.name }),
    declarations,
    problems,
  };
  return { kind: "repository", id: node.databaseId, value, asOf };
}

/**
 * What one repository's files keep from being read is a problem of that repository. Failing with it would keep the
 * whole organization unknown for as long as GitHub refuses.
 */
async function declaredBy(reading: RepositoryReading, node: RepositoryNode): Promise<Declared> {
  try {
    return await readDeclared(reading, node);
  } catch (error) {
    const lasts = error instanceof GitHubFailure && LASTING.has(error.kind);
    if (!lasts) throw error;
    return { declarations: [], problems: [{ path: "pyproject.toml", message: error.message }] };
  }
}

/** Failures that no waiting mends. */
const LASTING: ReadonlySet<string> = new Set(["gone", "forbidden", "too-large"]);

const VISIBILITY = { PUBLIC: "public", INTERNAL: "internal", PRIVATE: "private" } as const;

/** A repository we have not met: REST knows it by its number. One that another account owns is none of ours. */
async function findNodeId(client: Client, organization: number, id: number): Promise<string | undefined> {
  const found = await unlessGone(client.get("GET /repositories/{id}", { id }, restRepository));
  return found?.owner.id === organization ? found.node_id : undefined;
}
