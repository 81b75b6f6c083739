import { createHash } from "node:crypto";
import type { Commit, File, FileMode, Files, Repository } from "./model.ts";

/** Content as git names it: real blob and tree SHAs, so that equal content has equal ids as on GitHub. */

export const zeroSha = "0".repeat(40);
/** What a caller may give for a file: text, bytes, or either with a mode. */
export type FileInput = string | Uint8Array | { mode: FileMode; content: string | Uint8Array };

const blobShas = new WeakMap<File, string>();
const trees = new WeakMap<Files, Tree>();

export type TreeEntry = { name: string; mode: string; type: "blob" | "tree"; sha: string; file?: File; tree?: Tree };
export type Tree = { sha: string; entries: TreeEntry[] };

export function fileOf(input: FileInput): File {
  if (typeof input === "string" || input instanceof Uint8Array) return { mode: "100644", content: Buffer.from(input) };
  return { mode: input.mode, content: Buffer.from(input.content) };
}

export function filesOf(inputs: Record<string, FileInput>): Files {
  return new Map(Object.entries(inputs).map(([path, input]) => [path, fileOf(input)]));
}

export function gitSha(type: "blob" | "tree" | "commit", content: Uint8Array): string {
  return createHash("sha1").update(`${type} ${content.length}\0`).update(content).digest("hex");
}

export function blobSha(file: File): string {
  let sha = blobShas.get(file);
  if (sha === undefined) blobShas.set(file, (sha = gitSha("blob", file.content)));
  return sha;
}

export function treeOf(files: Files): Tree {
  let tree = trees.get(files);
  if (tree === undefined) trees.set(files, (tree = buildTree([...files])));
  return tree;
}

function buildTree(files: [path: string, file: File][]): Tree {
  const directories = new Map<string, [string, File][]>();
  const entries: TreeEntry[] = [];
  for (const [path, file] of files) {
    const slash = path.indexOf("/");
    if (slash < 0) {
      entries.push({ name: path, mode: file.mode, type: "blob", sha: blobSha(file), file });
      continue;
    }
    const name = path.slice(0, slash);
    const inside = directories.get(name) ?? [];
    inside.push([path.slice(slash + 1), file]);
    directories.set(name, inside);
  }
  for (const [name, inside] of directories) {
    const tree = buildTree(inside);
    entries.push({ name, mode: "040000", type: "tree", sha: tree.sha, tree });
  }
  // git sorts a directory as if its name ended in a slash
  const key = (entry: TreeEntry): string => (entry.type === "tree" ? `${entry.name}/` : entry.name);
  entries.sort((a, b) => (key(a) < key(b) ? -1 : 1));
  const body = entries.flatMap((entry) => [
    Buffer.from(`${entry.mode.replace(/^0/, "")} ${entry.name}\0`),
    Buffer.from(entry.sha, "hex"),
  ]);
  return { sha: gitSha("tree", Buffer.concat(body)), entries };
}

/** A commit's SHA is not computed from its tree: hashing 10,000 trees to build an organization would be waste. */
export function addCommit(repository: Repository, commit: Omit<Commit, "sha">, branch: string): Commit {
  const id = `${repository.id} ${repository.commits.size} ${commit.parent} ${commit.message} ${commit.at}`;
  const made = { ...commit, sha: gitSha("commit", Buffer.from(id)) };
  repository.commits.set(made.sha, made);
  repository.branches.set(branch, made.sha);
  return made;
}

export function headCommit(repository: Repository, branch = repository.defaultBranch): Commit | undefined {
  return repository.commits.get(repository.branches.get(branch) ?? "");
}

export function textOf(file: File): string {
  return new TextDecoder().decode(file.content);
}

/** git's own rule: a NUL among the first 8,000 bytes. */
export function isBinary(file: File): boolean {
  return file.content.subarray(0, 8000).includes(0);
}
