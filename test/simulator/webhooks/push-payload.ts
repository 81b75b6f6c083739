import { treeOf } from "../git.ts";
import type { Commit, Organization, Repository, User } from "../model.ts";
import { isoTime, type Json, simpleUser, web } from "../resources/account.ts";
import { repository as repositoryResource } from "../resources/repository.ts";

/** Push events carry an older form of the repository: epoch seconds, and a few extra members; forks almost the usual one. */

/** GitHub lists at most this many files per commit, and says nothing of the rest. */
const listedFiles = 3000;

export function pushedRepository(organization: Organization, repository: Repository): Json {
  return {
    ...repositoryResource(organization, repository),
    owner: { name: organization.login, email: null, ...simpleUser(organization, "Organization") },
    url: `${web}/${organization.login}/${repository.name}`,
    created_at: Math.floor(repository.createdAt / 1000),
    pushed_at: Math.floor((repository.pushedAt ?? repository.createdAt) / 1000),
    stargazers: 0,
    master_branch: repository.defaultBranch,
    organization: organization.login,
    custom_properties: {},
  };
}

/** A new fork has no language yet. */
export function forkPayload(organization: Organization, repository: Repository): Json {
  return { ...repositoryResource(organization, repository), language: null };
}

export function commitPayload(
  organization: Organization,
  repository: Repository,
  commit: Commit,
  before: Commit | undefined,
  author: User,
): Json {
  const person = {
    name: author.name ?? author.login,
    email: `${author.id}+${author.login}@users.noreply.github.com`,
    username: author.login,
  };
  const paths = [...new Set([...(before?.files.keys() ?? []), ...commit.files.keys()])];
  const kind = (path: string): "added" | "removed" | "modified" | "same" => {
    const [old, now] = [before?.files.get(path), commit.files.get(path)];
    if (old === now) return "same";
    return old === undefined ? "added" : now === undefined ? "removed" : "modified";
  };
  const changed = paths.filter((path) => kind(path) !== "same").slice(0, listedFiles);
  return {
    id: commit.sha,
    tree_id: treeOf(commit.files).sha,
    distinct: true,
    message: commit.message,
    timestamp: isoTime(commit.at),
    url: `${web}/${organization.login}/${repository.name}/commit/${commit.sha}`,
    author: person,
    committer: person,
    added: changed.filter((path) => kind(path) === "added"),
    removed: changed.filter((path) => kind(path) === "removed"),
    modified: changed.filter((path) => kind(path) === "modified"),
  };
}
