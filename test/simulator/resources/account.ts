import type { Organization, User } from "../model.ts";
import { nodeId } from "../node-id.ts";

/** Users and organizations as REST and webhooks write them. */

export const api = "https://api.github.com";
export const web = "https://github.com";
export type Json = Record<string, unknown>;

export function isoTime(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, "Z");
}

export function simpleUser(user: { id: number; login: string }, type: "User" | "Organization" = "User"): Json {
  const url = `${api}/users/${user.login}`;
  return {
    login: user.login,
    id: user.id,
    node_id: nodeId(type, user.id),
    avatar_url: `https://avatars.githubusercontent.com/u/${user.id}?v=4`,
    gravatar_id: "",
    url,
    html_url: `${web}/${user.login}`,
    followers_url: `${url}/followers`,
    following_url: `${url}/following{/other_user}`,
    gists_url: `${url}/gists{/gist_id}`,
    starred_url: `${url}/starred{/owner}{/repo}`,
    subscriptions_url: `${url}/subscriptions`,
    organizations_url: `${url}/orgs`,
    repos_url: `${url}/repos`,
    events_url: `${url}/events{/privacy}`,
    received_events_url: `${url}/received_events`,
    type,
    user_view_type: "public",
    site_admin: false,
  };
}

export function publicUser(user: User): Json {
  return {
    ...simpleUser(user),
    name: user.name,
    company: null,
    blog: "",
    location: null,
    email: null,
    hireable: null,
    bio: null,
    twitter_username: null,
    public_repos: 0,
    public_gists: 0,
    followers: 0,
    following: 0,
    created_at: isoTime(user.createdAt),
    updated_at: isoTime(user.createdAt),
  };
}

export function simpleOrganization(organization: Organization): Json {
  const url = `${api}/orgs/${organization.login}`;
  return {
    login: organization.login,
    id: organization.id,
    node_id: nodeId("Organization", organization.id),
    url,
    repos_url: `${url}/repos`,
    events_url: `${url}/events`,
    hooks_url: `${url}/hooks`,
    issues_url: `${url}/issues`,
    members_url: `${url}/members{/member}`,
    public_members_url: `${url}/public_members{/member}`,
    avatar_url: `https://avatars.githubusercontent.com/u/${organization.id}?v=4`,
    description: "",
  };
}

export function fullOrganization(organization: Organization, seesSettings: boolean): Json {
  const repositories = [...organization.repositories.values()];
  const visible = {
    ...simpleOrganization(organization),
    is_verified: false,
    has_organization_projects: true,
    has_repository_projects: true,
    public_repos: repositories.filter((repository) => repository.visibility === "public").length,
    public_gists: 0,
    followers: 0,
    following: 0,
    html_url: `${web}/${organization.login}`,
    created_at: isoTime(organization.createdAt),
    updated_at: isoTime(organization.updatedAt),
    archived_at: null,
    type: "Organization",
  };
  if (!seesSettings) return visible;
  return {
    ...visible,
    default_repository_permission: organization.basePermission,
    members_can_create_repositories: true,
    two_factor_requirement_enabled: true,
    plan: {
      name: organization.plan,
      space: 976562499,
      private_repos: 999_999,
      filled_seats: organization.members.size,
    },
  };
}
