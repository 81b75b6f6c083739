import { blobSha, isBinary, type Tree, treeOf, type TreeEntry } from "../git.ts";
import type { Commit, File, Repository } from "../model.ts";
import { nodeId } from "../node-id.ts";
import { api, type Json, web } from "../resources/account.ts";
import { resolveCommit, resolvePath } from "../revisions.ts";
import { homeOf, repositoryOfPath } from "./reach.ts";
import { ApiError, type Call, notFound, type Reply, type Route } from "./route.ts";

/** Trees, files and blobs. */
export const contentRoutes: Route[] = [
  { method: "GET", path: "/repos/{owner}/{repo}/git/trees/{tree_sha}", audience: "anyone", answer: getTree },
  { method: "GET", path: "/repos/{owner}/{repo}/git/blobs/{file_sha}", audience: "anyone", answer: getBlob },
  { method: "GET", path: "/repos/{owner}/{repo}/contents/{path}", audience: "anyone", answer: getContent },
];

/** Larger files come without content. */
const largestInlineFile = 1024 * 1024;

function getTree(call: Call): Reply {
  const repository = repositoryOfPath(call, "contents");
  if (repository.branches.size === 0) throw new ApiError(409, "Git Repository is empty.");
  const wanted = call.params["tree_sha"] ?? "";
  const commit = resolveCommit(repository, wanted);
  const tree = commit === undefined ? findTree(repository, wanted) : treeOf(commit.files);
  if (tree === undefined) throw notFound();
  const url = `${api}/repos/${homeOf(call, repository).login}/${repository.name}/git`;
  const entries = listed(tree, call.query.has("recursive") && call.query.get("recursive") !== "", "");
  const shown = entries.slice(0, call.faults.state.treeEntries).map(({ path, entry }) => ({
    path,
    mode: entry.mode,
    type: entry.type,
    sha: entry.sha,
    ...(entry.file && { size: entry.file.content.length }),
    url: `${url}/${entry.type}s/${entry.sha}`,
  }));
  return {
    status: 200,
    body: { sha: tree.sha, url: `${url}/trees/${tree.sha}`, tree: shown, truncated: shown.length < entries.length },
  };
}

function listed(tree: Tree, recursive: boolean, prefix: string): { path: string; entry: TreeEntry }[] {
  return tree.entries.flatMap((entry) => {
    const path = prefix + entry.name;
    return entry.tree && recursive ? [{ path, entry }, ...listed(entry.tree, true, `${path}/`)] : [{ path, entry }];
  });
}

function findTree(repository: Repository, sha: string): Tree | undefined {
  for (const commit of repository.commits.values()) {
    const root = treeOf(commit.files);
    if (root.sha === sha) return root;
    const inside = listed(root, true, "").find(({ entry }) => entry.tree?.sha === sha);
    if (inside?.entry.tree !== undefined) return inside.entry.tree;
  }
  return undefined;
}

function getBlob(call: Call): Reply {
  const repository = repositoryOfPath(call, "contents");
  const sha = call.params["file_sha"] ?? "";
  for (const commit of repository.commits.values()) {
    for (const file of commit.files.values()) {
      if (blobSha(file) !== sha) continue;
      const url = `${api}/repos/${homeOf(call, repository).login}/${repository.name}/git/blobs/${sha}`;
      const content = Buffer.from(file.content).toString("base64");
      return {
        status: 200,
        body: { sha, node_id: nodeId("Blob", sha), size: file.content.length, url, content, encoding: "base64" },
      };
    }
  }
  throw notFound();
}

function getContent(call: Call): Reply {
  const repository = repositoryOfPath(call, "contents");
  const commit = resolveCommit(repository, call.query.get("ref") ?? "HEAD");
  if (commit === undefined)
    throw new ApiError(404, repository.branches.size === 0 ? "This repository is empty." : "Not Found");
  const path = (call.params["path"] ?? "").replace(/\/$/, "");
  const entry = resolvePath(commit, path);
  if (entry === undefined) throw notFound();
  if ("tree" in entry) {
    const body = entry.tree.entries.map((each) => describe(call, repository, commit, join(path, each.name), each));
    return { status: 200, body };
  }
  // a link to a file of the repository is answered with that file
  const linked = entry.file.mode === "120000" ? resolvePath(commit, linkTarget(path, entry.file)) : undefined;
  const file = linked !== undefined && "file" in linked ? linked.file : entry.file;
  if (/\braw\b/.test(call.headers.get("accept") ?? ""))
    return {
      status: 200,
      text: Buffer.from(file.content).toString(isBinary(file) ? "latin1" : "utf8"),
      headers: { "content-type": "application/vnd.github.raw; charset=utf-8" },
    };
  const shown = describe(call, repository, commit, path, {
    name: path,
    mode: file.mode,
    type: "blob",
    sha: blobSha(file),
    file,
  });
  if (file.mode === "120000") return { status: 200, body: { ...shown, target: Buffer.from(file.content).toString() } };
  const inline = file.content.length <= largestInlineFile;
  const content = inline ? Buffer.from(file.content).toString("base64").replaceAll(/.{60}/g, "$&\n") : "";
  return { status: 200, body: { ...shown, encoding: inline ? "base64" : "none", content } };
}

function describe(call: Call, repository: Repository, commit: Commit, path: string, entry: TreeEntry): Json {
  const fullName = `${homeOf(call, repository).login}/${repository.name}`;
  const self = `${api}/repos/${fullName}/contents/${path}?ref=${commit.sha}`;
  const git = `${api}/repos/${fullName}/git/${entry.type}s/${entry.sha}`;
  const html = `${web}/${fullName}/${entry.type}/${commit.sha}/${path}`;
  const type = entry.type === "tree" ? "dir" : entry.mode === "120000" ? "symlink" : "file";
  return {
    type,
    name: path.split("/").at(-1) ?? path,
    path,
    sha: entry.sha,
    size: entry.file?.content.length ?? 0,
    url: self,
    html_url: html,
    git_url: git,
    download_url: type === "dir" ? null : `https://raw.githubusercontent.com/${fullName}/${commit.sha}/${path}`,
    _links: { self, git, html },
  };
}

function join(directory: string, name: string): string {
  return directory === "" ? name : `${directory}/${name}`;
}

function linkTarget(path: string, link: File): string {
  const base = new URL(`file:///${path}`);
  return decodeURIComponent(new URL(Buffer.from(link.content).toString(), base).pathname).slice(1);
}
