import type { App } from "../app.ts";
import type { Installation, Organization } from "../model.ts";
import { nodeId } from "../node-id.ts";
import { api, isoTime, type Json, simpleUser, web } from "./account.ts";

export function integration(app: App, owner: Organization, installations: number): Json {
  return {
    id: app.id,
    client_id: app.clientId,
    slug: app.slug,
    node_id: nodeId("Integration", app.id),
    owner: simpleUser(owner, "Organization"),
    name: app.name,
    description: null,
    external_url: "https://packgate.example",
    html_url: `${web}/apps/${app.slug}`,
    created_at: isoTime(owner.createdAt),
    updated_at: isoTime(owner.createdAt),
    permissions: app.permissions,
    events: app.events,
    installations_count: installations,
  };
}

export function installationResource(app: App, organization: Organization, installation: Installation): Json {
  return {
    id: installation.id,
    client_id: app.clientId,
    account: simpleUser(organization, "Organization"),
    repository_selection: installation.repositorySelection,
    access_tokens_url: `${api}/app/installations/${installation.id}/access_tokens`,
    repositories_url: `${api}/installation/repositories`,
    html_url: `${web}/organizations/${organization.login}/settings/installations/${installation.id}`,
    app_id: app.id,
    app_slug: app.slug,
    target_id: organization.id,
    target_type: "Organization",
    permissions: installation.permissions,
    events: installation.events,
    created_at: isoTime(installation.createdAt),
    updated_at: isoTime(installation.updatedAt),
    single_file_name: null,
    has_multiple_single_files: false,
    single_file_paths: [],
    suspended_by: installation.suspendedAt === null ? null : simpleUser({ id: 1, login: "ghost" }),
    suspended_at: installation.suspendedAt === null ? null : isoTime(installation.suspendedAt),
  };
}

/** All other events carry only this. */
export function installationReference(installation: Installation): Json {
  return { id: installation.id, node_id: nodeId("Installation", installation.id) };
}
