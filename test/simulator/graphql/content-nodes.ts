import { blobSha, isBinary, textOf, type Tree, treeOf, type TreeEntry } from "../git.ts";
import type { Commit, File, Repository } from "../model.ts";
import { nodeId } from "../node-id.ts";
import { resolveCommit, resolvePath } from "../revisions.ts";

/** Commits, trees and blobs as GraphQL objects. */

/** Text beyond this is cut off. */
const largestText = 512 * 1024;

type Node = Record<string, unknown>;

/** "HEAD:path", "branch:path", or a revision alone. */
export function objectNode(repository: Repository, expression: string): Node | null {
  const colon = expression.indexOf(":");
  const commit = resolveCommit(repository, colon < 0 ? expression : expression.slice(0, colon));
  if (commit === undefined) return null;
  if (colon < 0) return commitNode(commit);
  const found = resolvePath(commit, expression.slice(colon + 1));
  if (found === undefined) return null;
  return "file" in found ? blobNode(found.file) : treeNode(found.tree);
}

export function commitNode(commit: Commit): Node {
  return {
    __typename: "Commit",
    id: nodeId("Commit", commit.sha),
    oid: commit.sha,
    abbreviatedOid: commit.sha.slice(0, 7),
    message: commit.message,
    committedDate: new Date(commit.at).toISOString(),
    file: ({ path }: { path: string }) => fileNode(commit, path),
    tree: () => treeNode(treeOf(commit.files)),
  };
}

function fileNode(commit: Commit, path: string): Node | null {
  const found = resolvePath(commit, path);
  if (found === undefined || path === "") return null;
  const name = path.split("/").at(-1) ?? path;
  if ("tree" in found)
    return entryNode({ name, mode: "040000", type: "tree", sha: found.tree.sha, tree: found.tree }, path);
  return entryNode({ name, mode: found.file.mode, type: "blob", sha: blobSha(found.file), file: found.file }, path);
}

function entryNode(entry: TreeEntry, path: string): Node {
  return {
    name: entry.name,
    path,
    mode: Number.parseInt(entry.mode, 8),
    type: entry.type,
    oid: entry.sha,
    size: entry.file?.content.length ?? 0,
    object: () => (entry.file ? blobNode(entry.file) : entry.tree ? treeNode(entry.tree) : null),
  };
}

function treeNode(tree: Tree, prefix = ""): Node {
  return {
    __typename: "Tree",
    id: nodeId("Tree", tree.sha),
    oid: tree.sha,
    abbreviatedOid: tree.sha.slice(0, 7),
    entries: () => tree.entries.map((entry) => entryNode(entry, prefix + entry.name)),
  };
}

function blobNode(file: File): Node {
  const oid = blobSha(file);
  const binary = isBinary(file);
  return {
    __typename: "Blob",
    id: nodeId("Blob", oid),
    oid,
    abbreviatedOid: oid.slice(0, 7),
    byteSize: file.content.length,
    isBinary: binary,
    isTruncated: !binary && file.content.length > largestText,
    text: () => (binary ? null : textOf({ ...file, content: file.content.subarray(0, largestText) })),
  };
}
