import { describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { appClient, appJwt, client, type Client, installationClient, pick, pluck } from "./client.ts";
import { createSimulator } from "./simulator.ts";

const github = createSimulator({ webhookSecret: "a-secret-of-the-tests", validate: true });
const { organization, users } = acmeOrganization(github);
const { edit, app } = github;
const asApp = appClient(github);
const asInstallation = await installationClient(github, organization);
const asAlice = client(github, `token ${github.tokenFor(users.alice.id)}`);
const asClient = client(github, `Basic ${Buffer.from(`${app.clientId}:${app.clientSecret}`).toString("base64")}`);
const anonymous = client(github);
const installation = `/app/installations/${organization.installation?.id}`;

const userHeaders = async (
  kind: "classic" | "oauth" | "app-user" | "fine-grained",
  expiresAt?: number,
): Promise<Headers> =>
  (
    await client(
      github,
      `token ${github.tokenFor(users.alice.id, kind, expiresAt === undefined ? {} : { expiresAt })}`,
    )("GET /user")
  ).headers;

describe("who may ask", () => {
  const refused: [route: string, by: Client, status: number][] = [
    ["GET /app", anonymous, 401],
    ["GET /app", asAlice, 401],
    ["GET /app", client(github, "Bearer not.a.jwt"), 401],
    ["GET /app", client(github, `Bearer ${appJwt(github, { iss: 1 })}`), 401],
    ["GET /app", client(github, `Bearer ${appJwt(github, { exp: 1 })}`), 401],
    ["GET /app", client(github, `Bearer ${appJwt(github, { exp: github.clock() / 1000 + 3600 })}`), 401],
    ["GET /app", client(github, `Bearer ${appJwt(github, { iat: github.clock() / 1000 + 3600 })}`), 401],
    ["GET /app", client(github, `Bearer ${appJwt(github).slice(0, -4)}AAAA`), 401],
    ["GET /user", anonymous, 401],
    ["GET /user", asInstallation, 403],
    ["GET /user", client(github, "token ghp_000000000000000000000000000000000000"), 401],
    ["GET /orgs/acme/members", anonymous, 401],
    ["GET /orgs/acme/members", client(github, `token ${github.tokenFor(users.erin.id)}`), 404],
    ["GET /orgs/nobody", asInstallation, 404],
    ["GET /repos/acme/core", anonymous, 404],
    ["GET /repos/acme/core", client(github, `token ${github.tokenFor(users.erin.id)}`), 404],
    [
      "GET /repos/acme/core",
      client(github, `token ${github.tokenFor(users.alice.id, "classic", { scopes: ["read:org"] })}`),
      404,
    ],
    [
      "GET /repos/acme/core",
      client(github, `token ${github.tokenFor(users.alice.id, "fine-grained", { repositoryIds: [] })}`),
      404,
    ],
    ["GET /repos/acme/core", client(github, `token ${github.tokenFor(users.alice.id, "fine-grained")}`), 200],
    ["GET /repos/acme/site", anonymous, 200],
    ["GET /repos/acme/core/teams", asAlice, 403],
    ["GET /repos/acme/nothing", asInstallation, 404],
    ["GET /repos/acme/empty/git/trees/HEAD", asInstallation, 409],
    ["GET /app/installations/7", asApp, 404],
    ["GET /orgs/acme/organization-roles/7/users", asInstallation, 404],
    ["GET /somewhere/else", asInstallation, 404],
  ];
  it.each(refused)("%s", async (route, by, status) => {
    expect((await by(route)).status).toBe(status);
    expect(github.violations).toEqual([]);
  });

  it("records what it does not know", () => {
    expect(github.unknownRoutes).toEqual(["GET /somewhere/else"]);
  });

  it("checks tokens of its own App only, and answers 404 for all others", async () => {
    const check = (access_token: string): Promise<{ status: number }> =>
      asClient(`POST /applications/${app.clientId}/token`, { body: { access_token } });
    const token = github.tokenFor(users.alice.id, "app-user");
    expect((await check(token)).status).toBe(200);
    expect((await check(github.tokenFor(users.alice.id, "classic"))).status).toBe(404);
    github.revokeToken(token);
    expect((await check(token)).status).toBe(404);
    expect((await asApp(`POST /applications/${app.clientId}/token`, { body: { access_token: token } })).status).toBe(
      404,
    );
  });

  it("gives scopes for classic and OAuth tokens, and an expiry where there is one", async () => {
    expect((await userHeaders("classic")).get("x-oauth-scopes")).toBe("read:org, repo");
    expect((await userHeaders("oauth")).has("x-oauth-scopes")).toBe(true);
    expect((await userHeaders("app-user")).has("x-oauth-scopes")).toBe(false);
    const fineGrained = await userHeaders("fine-grained", Date.UTC(2099, 0, 2, 3, 4, 5));
    expect(fineGrained.has("x-oauth-scopes")).toBe(false);
    expect(fineGrained.get("github-authentication-token-expiration")).toBe("2099-01-02 03:04:05 UTC");
  });

  it("narrows an installation's token to what was asked for, and refuses more than was granted", async () => {
    const narrow = await installationClient(github, organization, {
      repositories: ["utils"],
      permissions: { metadata: "read" },
    });
    expect(pluck(pick((await narrow("GET /installation/repositories")).body, "repositories"), "name")).toEqual([
      "utils",
    ]);
    expect((await narrow("GET /repos/acme/core")).status).toBe(404);
    expect((await narrow("GET /repos/acme/utils/teams")).status).toBe(403);
    expect((await narrow("GET /orgs/acme/members")).status).toBe(403);
    const more = await asApp(`POST ${installation}/access_tokens`, { body: { permissions: { contents: "write" } } });
    expect(more.status).toBe(422);
  });
});

describe("an installation that is suspended or gone", () => {
  it("gives no token and honours none", async () => {
    const other = edit.createOrganization({ login: "leaving" });
    const call = await installationClient(github, other);
    const mint = `POST /app/installations/${other.installation?.id}/access_tokens`;
    edit.suspendInstallation(other);
    expect((await call("GET /orgs/leaving/members")).status).toBe(403);
    expect((await asApp(mint)).status).toBe(403);
    edit.unsuspendInstallation(other);
    expect((await call("GET /orgs/leaving/members")).status).toBe(200);
    edit.uninstall(other);
    expect((await call("GET /orgs/leaving/members")).status).toBe(401);
    expect((await asApp(mint)).status).toBe(404);
    expect((await asApp("GET /orgs/leaving/installation")).status).toBe(404);
  });

  it("a suspended user's token is refused", async () => {
    const zoe = edit.createUser("zoe");
    const call = client(github, `Basic ${Buffer.from(`zoe:${github.tokenFor(zoe.id)}`).toString("base64")}`);
    expect((await call("GET /user")).status).toBe(200);
    edit.suspendUser(zoe);
    expect((await call("GET /user")).status).toBe(403);
  });
});
