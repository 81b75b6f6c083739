import type { Installation, Repository } from "../model.ts";

/** Which events reach the App: those it is subscribed to, that its permissions cover, about what it is installed on. */

/** Cannot be unsubscribed from. */
const always = new Set(["installation", "installation_repositories", "installation_target", "meta"]);

const backing: Record<string, string> = {
  push: "contents",
  create: "contents",
  delete: "contents",
  fork: "contents",
  repository: "metadata",
  public: "metadata",
  repository_ruleset: "metadata",
  branch_protection_rule: "administration",
  member: "members",
  membership: "members",
  organization: "members",
  team: "members",
  team_add: "members",
  org_block: "organization_administration",
  personal_access_token_request: "organization_personal_access_token_requests",
};

export function isDelivered(installation: Installation, event: string, about?: Repository): boolean {
  if (always.has(event)) return true;
  if (installation.suspendedAt !== null || !installation.events.includes(event)) return false;
  if (installation.permissions[backing[event] ?? ""] === undefined) return false;
  return about === undefined || installation.repositorySelection === "all" || installation.selected.has(about.id);
}
