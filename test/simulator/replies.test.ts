import { describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { appClient, client, type Client, installationClient, text } from "./client.ts";
import { routes } from "./rest/router.ts";
import { createSimulator } from "./simulator.ts";

const github = createSimulator({ webhookSecret: "a-secret-of-the-tests", validate: true });
const { organization, users, repositories, teams } = acmeOrganization(github);
const { edit, app } = github;
const role = edit.defineOrganizationRole(organization, "all_repo_write", "write");
edit.assignOrganizationRole(role, { user: users.bob });
edit.assignOrganizationRole(role, { team: teams.docs });
edit.defineRepositoryRole(organization, "releaser", "write");
edit.push(repositories.core, {
  write: {
    "link.toml": { mode: "120000", content: "pyproject.toml" },
    "loose-end": { mode: "120000", content: "nowhere" },
  },
});
await github.settle();

const asApp = appClient(github);
const asInstallation = await installationClient(github, organization);
const asAlice = client(github, `token ${github.tokenFor(users.alice.id)}`);
const asClient = client(github, `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString("base64")}`);
const anonymous = client(github);
const installation = `/app/installations/${organization.installation?.id}`;
const delivery = github.deliveries.at(-1)?.id;
const blob = text((await asInstallation("GET /repos/acme/core/contents/pyproject.toml")).body, "sha");

describe("every reply is what GitHub describes", () => {
  const asked: [route: string, by: Client, body?: unknown][] = [
    ["GET /app", asApp],
    ["GET /app/installations", asApp],
    [`GET ${installation}`, asApp],
    [`POST ${installation}/access_tokens`, asApp],
    ["GET /orgs/acme/installation", asApp],
    ["GET /repos/acme/core/installation", asApp],
    ["GET /app/hook/config", asApp],
    ["GET /app/hook/deliveries", asApp],
    [`GET /app/hook/deliveries/${delivery}`, asApp],
    [`POST /app/hook/deliveries/${delivery}/attempts`, asApp],
    [
      `POST /applications/${app.clientId}/token`,
      asClient,
      { access_token: github.tokenFor(users.alice.id, "app-user") },
    ],
    [
      `DELETE /applications/${app.clientId}/token`,
      asClient,
      { access_token: github.tokenFor(users.alice.id, "app-user") },
    ],
    ["GET /user/installations", client(github, `token ${github.tokenFor(users.alice.id, "app-user")}`)],
    ["GET /installation/repositories", asInstallation],
    ["GET /rate_limit", asInstallation],
    ["GET /meta", anonymous],
    ["GET /user", asAlice],
    ["GET /orgs/acme", asInstallation],
    [`GET /organizations/${organization.id}`, anonymous],
    ["GET /orgs/acme/members?role=admin", asInstallation],
    ["GET /orgs/acme/outside_collaborators", asInstallation],
    ["GET /orgs/acme/repos", asInstallation],
    ["GET /orgs/acme/teams", asInstallation],
    ["GET /orgs/acme/teams/platform/members", asInstallation],
    [`GET /organizations/${organization.id}/team/${teams.platform.id}/members`, asInstallation],
    ["GET /orgs/acme/teams/backend/repos", asInstallation],
    ["GET /orgs/acme/organization-roles", asInstallation],
    [`GET /orgs/acme/organization-roles/${role.id}/users`, asInstallation],
    [`GET /orgs/acme/organization-roles/${role.id}/teams`, asInstallation],
    ["GET /orgs/acme/custom-repository-roles", asInstallation],
    ["GET /repos/acme/core-fork", asInstallation],
    [`GET /repositories/${repositories.core.id}`, asAlice],
    ["GET /repos/acme/core/teams", asInstallation],
    [`GET /repositories/${repositories.core.id}/teams`, asInstallation],
    ["GET /repos/acme/core/collaborators", asInstallation],
    ["GET /repos/acme/core/collaborators/alice/permission", asInstallation],
    ["GET /repos/acme/core/collaborators/erin/permission", asInstallation],
    ["GET /repos/acme/core/git/trees/HEAD?recursive=1", asInstallation],
    [`GET /repos/acme/core/git/blobs/${blob}`, asInstallation],
    ["GET /repos/acme/mono/contents/", asInstallation],
    ["GET /repos/acme/mono/contents/packages/alpha/pyproject.toml", asInstallation],
    ["GET /repos/acme/core/contents/loose-end", asInstallation],
  ];
  it.each(asked)("%s", async (route, by, body) => {
    const { status } = await by(route, body === undefined ? {} : { body });
    expect([200, 201, 202, 204]).toContain(status);
    expect(github.violations).toEqual([]);
  });

  it("looked at every route there is", () => {
    const unseen = routes.filter(
      ({ method, path, web }) =>
        web !== true && ![200, 201, 202, 204].some((status) => github.validated.has(`${method} ${path} ${status}`)),
    );
    expect(unseen).toEqual([]);
    expect(github.unknownRoutes).toEqual([]);
  });
});
