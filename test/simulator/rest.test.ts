import { afterEach, describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { appClient, client, installationClient } from "./client.ts";
import { createSimulator } from "./simulator.ts";

const github = createSimulator({ webhookSecret: "a-secret-of-the-tests", validate: true });
const acme = acmeOrganization(github);
const { organization, users, repositories, teams } = acme;
const role = github.edit.defineOrganizationRole(organization, "all_repo_write", "write");
github.edit.assignOrganizationRole(role, { user: users.bob });
github.edit.assignOrganizationRole(role, { team: teams.docs });
github.edit.defineRepositoryRole(organization, "releaser", "write");
const app = appClient(github);
const acmeApp = await installationClient(github, organization);
const alice = client(github, `token ${github.tokenFor(users.alice.id)}`);

afterEach(() => expect(github.violations).toEqual([]));

describe("every route's reply is what GitHub describes", () => {
  const asked = new Map([
    ["GET /app", app],
    ["GET /app/installations", app],
    [`GET /app/installations/${organization.installation?.id}`, app],
    ["GET /orgs/acme/installation", app],
    ["GET /repos/acme/core/installation", app],
    [`POST /app/installations/${organization.installation?.id}/access_tokens`, app],
    ["GET /app/hook/config", app],
    ["GET /app/hook/deliveries", app],
    ["GET /installation/repositories", acmeApp],
    ["GET /rate_limit", acmeApp],
    ["GET /meta", acmeApp],
    ["GET /user", alice],
    ["GET /orgs/acme", acmeApp],
    [`GET /organizations/${organization.id}`, acmeApp],
    ["GET /orgs/acme/members?role=admin", acmeApp],
    ["GET /orgs/acme/outside_collaborators", acmeApp],
    ["GET /orgs/acme/repos", acmeApp],
    ["GET /orgs/acme/teams", acmeApp],
    ["GET /orgs/acme/teams/platform/members", acmeApp],
    [`GET /organizations/${organization.id}/team/${teams.platform.id}/members`, acmeApp],
    ["GET /orgs/acme/teams/backend/repos", acmeApp],
    ["GET /orgs/acme/organization-roles", acmeApp],
    [`GET /orgs/acme/organization-roles/${role.id}/users`, acmeApp],
    [`GET /orgs/acme/organization-roles/${role.id}/teams`, acmeApp],
    ["GET /orgs/acme/custom-repository-roles", acmeApp],
    ["GET /repos/acme/core-fork", acmeApp],
    [`GET /repositories/${repositories.core.id}`, alice],
    ["GET /repos/acme/core/teams", acmeApp],
    [`GET /repositories/${repositories.core.id}/teams`, acmeApp],
    ["GET /repos/acme/core/collaborators", acmeApp],
    ["GET /repos/acme/core/collaborators/alice/permission", acmeApp],
    ["GET /repos/acme/core/collaborators/erin/permission", acmeApp],
    ["GET /repos/acme/mono/git/trees/HEAD?recursive=1", acmeApp],
    ["GET /repos/acme/mono/contents/", acmeApp],
    ["GET /repos/acme/mono/contents/packages/alpha/pyproject.toml", acmeApp],
  ]);
  it.each([...asked.keys()])("%s", async (route) => {
    const answer = await asked.get(route)?.(route);
    expect(answer?.status).toBeGreaterThanOrEqual(200);
    expect(answer?.status).toBeLessThan(300);
  });
});
