import { headCommit, type Tree, treeOf } from "./git.ts";
import type { Commit, File, Repository } from "./model.ts";

/** What git calls a revision: a branch, HEAD, a commit; and a path inside it. */
export function resolveCommit(repository: Repository, revision: string): Commit | undefined {
  if (revision === "HEAD") return headCommit(repository);
  const branch = revision.replace(/^refs\/heads\//, "");
  return headCommit(repository, branch) ?? repository.commits.get(revision);
}

export function resolvePath(commit: Commit, path: string): { file: File } | { tree: Tree } | undefined {
  const file = commit.files.get(path);
  if (file !== undefined) return { file };
  let tree = treeOf(commit.files);
  for (const name of path === "" ? [] : path.split("/")) {
    const inside = tree.entries.find((entry) => entry.name === name)?.tree;
    if (inside === undefined) return undefined;
    tree = inside;
  }
  return { tree };
}
