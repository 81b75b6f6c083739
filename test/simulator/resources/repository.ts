import type { Organization, Repository } from "../model.ts";
import { nodeId } from "../node-id.ts";
import { headCommit } from "../git.ts";
import { api, isoTime, type Json, simpleUser, web } from "./account.ts";

/** Repositories as REST and webhooks write them; each form is the smaller one and more. */

export function repositoryReference(organization: Organization, repository: Repository): Json {
  return {
    id: repository.id,
    node_id: nodeId("Repository", repository.id),
    name: repository.name,
    full_name: `${organization.login}/${repository.name}`,
    private: repository.visibility !== "public",
  };
}

export function minimalRepository(organization: Organization, repository: Repository): Json {
  return {
    ...repositoryReference(organization, repository),
    owner: simpleUser(organization, "Organization"),
    html_url: `${web}/${organization.login}/${repository.name}`,
    description: repository.description,
    fork: repository.parentId !== null,
    ...urls(`${api}/repos/${organization.login}/${repository.name}`),
  };
}

export function repository(organization: Organization, repository: Repository): Json {
  const fullName = `${organization.login}/${repository.name}`;
  const forks = forksOf(organization, repository);
  return {
    ...minimalRepository(organization, repository),
    created_at: isoTime(repository.createdAt),
    updated_at: isoTime(repository.updatedAt),
    // GitHub gives the creation time until something is pushed
    pushed_at: isoTime(repository.pushedAt ?? repository.createdAt),
    git_url: `git://github.com/${fullName}.git`,
    ssh_url: `git@github.com:${fullName}.git`,
    clone_url: `${web}/${fullName}.git`,
    svn_url: `${web}/${fullName}`,
    mirror_url: null,
    homepage: null,
    size: headCommit(repository)?.files.size ?? 0,
    stargazers_count: 0,
    watchers_count: 0,
    watchers: 0,
    language: "Python",
    has_issues: true,
    has_projects: true,
    has_downloads: true,
    has_wiki: true,
    has_pages: false,
    has_discussions: false,
    forks_count: forks,
    forks,
    archived: repository.archived,
    disabled: repository.disabled,
    open_issues_count: 0,
    open_issues: 0,
    license: null,
    allow_forking: true,
    is_template: false,
    web_commit_signoff_required: false,
    topics: [],
    visibility: repository.visibility,
    default_branch: repository.defaultBranch,
  };
}

/** Counting forks walks the organization, so only small ones are counted for real. */
function forksOf(organization: Organization, repository: Repository): number {
  if (organization.repositories.size > 200) return 0;
  return [...organization.repositories.values()].filter((each) => each.parentId === repository.id).length;
}

export function fullRepository(organization: Organization, model: Repository): Json {
  const parent = model.parentId === null ? undefined : organization.repositories.get(model.parentId);
  return {
    ...repository(organization, model),
    subscribers_count: 0,
    network_count: 0,
    organization: simpleUser(organization, "Organization"),
    ...(parent && { parent: repository(organization, parent), source: repository(organization, parent) }),
  };
}

function urls(url: string): Json {
  return {
    url,
    archive_url: `${url}/{archive_format}{/ref}`,
    assignees_url: `${url}/assignees{/user}`,
    blobs_url: `${url}/git/blobs{/sha}`,
    branches_url: `${url}/branches{/branch}`,
    collaborators_url: `${url}/collaborators{/collaborator}`,
    comments_url: `${url}/comments{/number}`,
    commits_url: `${url}/commits{/sha}`,
    compare_url: `${url}/compare/{base}...{head}`,
    contents_url: `${url}/contents/{+path}`,
    contributors_url: `${url}/contributors`,
    deployments_url: `${url}/deployments`,
    downloads_url: `${url}/downloads`,
    events_url: `${url}/events`,
    forks_url: `${url}/forks`,
    git_commits_url: `${url}/git/commits{/sha}`,
    git_refs_url: `${url}/git/refs{/sha}`,
    git_tags_url: `${url}/git/tags{/sha}`,
    hooks_url: `${url}/hooks`,
    issue_comment_url: `${url}/issues/comments{/number}`,
    issue_events_url: `${url}/issues/events{/number}`,
    issues_url: `${url}/issues{/number}`,
    keys_url: `${url}/keys{/key_id}`,
    labels_url: `${url}/labels{/name}`,
    languages_url: `${url}/languages`,
    merges_url: `${url}/merges`,
    milestones_url: `${url}/milestones{/number}`,
    notifications_url: `${url}/notifications{?since,all,participating}`,
    pulls_url: `${url}/pulls{/number}`,
    releases_url: `${url}/releases{/id}`,
    stargazers_url: `${url}/stargazers`,
    statuses_url: `${url}/statuses/{sha}`,
    subscribers_url: `${url}/subscribers`,
    subscription_url: `${url}/subscription`,
    tags_url: `${url}/tags`,
    teams_url: `${url}/teams`,
    trees_url: `${url}/git/trees{/sha}`,
  };
}
