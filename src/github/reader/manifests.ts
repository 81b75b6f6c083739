import { setImmediate } from "node:timers/promises";
import type { Declaration, ManifestProblem } from "../../domain/facts.ts";
import type { Client } from "../client.ts";
import { GitHubFailure } from "../failure.ts";
import type { PageSize } from "../page-size.ts";
import { inPages } from "../page-size.ts";
import { filesQuery } from "./queries.ts";
import type { RepositoryNode } from "./schemas.ts";
import { blob, filesAtCommit, tree, treeEntry } from "./schemas.ts";

/** A file as GitHub shows it; what the manifest readers take. */
export interface SourceFile {
  readonly path: string;
  readonly kind: "file" | "symlink" | "submodule" | "directory";
  readonly size: number;
  readonly text: string | null;
}

/** What reading repositories needs to know of manifests; `service.ts` hands it over. */
export interface ManifestReaders {
  /** The paths to fetch in every repository. */
  readonly roots: readonly string[];
  /** Whether these files ask for more, and if so which of a repository's paths. */
  readonly members: (files: readonly SourceFile[]) => MembersOf | undefined;
  readonly read: (files: readonly SourceFile[]) => Declared;
}
export type MembersOf = (paths: readonly string[]) => {
  paths: readonly string[];
  problems: readonly ManifestProblem[];
};
export interface Declared {
  readonly declarations: readonly Declaration[];
  readonly problems: readonly ManifestProblem[];
}

export interface ManifestReading {
  readonly client: Client;
  readonly readers: ManifestReaders;
  /** How many files to ask for at once. */
  readonly fileSize: PageSize;
}

/**
 * Lets whatever waits have its turn. Parsing is synchronous and a hostile manifest slow; a page of them must not
 * keep decisions and revocations waiting longer than one of them does.
 */
const breathe = (): Promise<void> => setImmediate();

/** What the default branch of a repository declares, its workspace members included. */
export async function readDeclared(
  { client, readers, fileSize }: ManifestReading,
  node: RepositoryNode,
): Promise<Declared> {
  const target = node.defaultBranchRef?.target ?? undefined;
  if (target === undefined) return { declarations: [], problems: [] };
  const files = filesIn(target);
  const membersOf = node.isFork ? undefined : readers.members(files);
  if (membersOf === undefined) {
    await breathe();
    return readers.read(files);
  }

  const listing = await client.get(
    "GET /repositories/{id}/git/trees/{sha}",
    { id: node.databaseId, sha: target.oid, recursive: "1" },
    tree,
  );
  const members = membersOf(listing.tree.filter(({ type }) => type === "blob").map(({ path }) => path));
  const more: SourceFile[] = [];
  const problems: ManifestProblem[] = [];
  let left = MEMBERS_BYTES;
  const keep = (file: SourceFile): void => {
    left -= file.size;
    if (left >= 0) more.push(file);
    else problems.push({ path: file.path, message: TOO_MUCH });
  };
  await inPages(fileSize, members.paths, async (paths) => {
    // The same commit as before: a push in between must not mix two states.
    const found = await client.query(filesQuery(paths), { id: node.id, oid: target.oid }, filesAtCommit);
    // It was there a moment ago, and files that nobody saw must not pass for files that declare nothing.
    if (!found.node?.object) throw new GitHubFailure("unavailable", `GitHub no longer shows a commit of ${node.name}.`);
    for (const file of filesIn(found.node.object)) keep(file);
  });
  if (listing.truncated) problems.push(TRUNCATED);
  await breathe();
  const read = readers.read([...files, ...more]);
  return { declarations: read.declarations, problems: [...read.problems, ...members.problems, ...problems] };
}

/** Manifests of all members of one workspace together; hundreds of honest ones fit. */
const MEMBERS_BYTES = 1024 * 1024;
const TOO_MUCH = `The manifests of this workspace's members together exceed ${MEMBERS_BYTES} bytes, so this one is not read; make them smaller.`;

const TRUNCATED: ManifestProblem = {
  path: "pyproject.toml",
  message: "GitHub lists only a part of this repository's files, so some workspace members may be missing; split it.",
};

function filesIn(commit: NonNullable<NonNullable<RepositoryNode["defaultBranchRef"]>["target"]>): SourceFile[] {
  return Object.values(commit).flatMap((value) => {
    const entry = treeEntry.safeParse(value);
    if (!entry.success) return [];
    const content = blob.safeParse(entry.data.object);
    const kind = kindOf(entry.data.mode);
    if (!content.success)
      return [{ path: entry.data.path, kind: kind === "file" ? "submodule" : kind, size: 0, text: null }];
    const { byteSize, isBinary, isTruncated, text } = content.data;
    return [{ path: entry.data.path, kind, size: byteSize, text: isBinary === true || isTruncated ? null : text }];
  });
}

/** Git's file modes: https://git-scm.com/docs/git-fast-import, "filemodify". */
function kindOf(mode: number): SourceFile["kind"] {
  if (mode === 0o120000) return "symlink";
  if (mode === 0o160000) return "submodule";
  return mode === 0o040000 ? "directory" : "file";
}
