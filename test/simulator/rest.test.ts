import { describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { appClient, appJwt, client, type Client, installationClient, pick, pluck, text } from "./client.ts";
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
    expect([200, 201, 202]).toContain(status);
    expect(github.violations).toEqual([]);
  });

  it("looked at every route there is", () => {
    const unseen = routes.filter(
      ({ method, path }) => ![200, 201, 202].some((status) => github.validated.has(`${method} ${path} ${status}`)),
    );
    expect(unseen).toEqual([]);
    expect(github.unknownRoutes).toEqual([]);
  });
});

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
    const headers = async (
      kind: "classic" | "oauth" | "app-user" | "fine-grained",
      expiresAt?: number,
    ): Promise<Headers> =>
      (
        await client(
          github,
          `token ${github.tokenFor(users.alice.id, kind, expiresAt === undefined ? {} : { expiresAt })}`,
        )("GET /user")
      ).headers;
    expect((await headers("classic")).get("x-oauth-scopes")).toBe("read:org, repo");
    expect((await headers("oauth")).has("x-oauth-scopes")).toBe(true);
    expect((await headers("app-user")).has("x-oauth-scopes")).toBe(false);
    const fineGrained = await headers("fine-grained", Date.UTC(2099, 0, 2, 3, 4, 5));
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

describe("what GitHub really answers", () => {
  it("a repository's teams: those with a grant of their own, with the role they have in effect", async () => {
    const listed = async (): Promise<unknown[]> => {
      const { body } = await asInstallation("GET /repos/acme/core/teams");
      return pluck(body, "slug").map((slug, index) => [slug, pick(body, index, "permission")]);
    };
    expect(await listed()).toEqual([
      ["platform", "push"],
      ["docs", "pull"],
    ]);
    edit.setTeamRepository(teams.backend, repositories.core, "triage");
    expect(await listed()).toEqual([
      ["platform", "push"],
      ["backend", "push"],
      ["docs", "pull"],
    ]);
    edit.removeTeamRepository(teams.backend, repositories.core);
  });

  it("a team's repositories: inherited ones, too", async () => {
    const { body } = await asInstallation("GET /orgs/acme/teams/backend/repos");
    expect(pluck(body, "name").toSorted()).toEqual(["core", "legacy", "mono", "utils"]);
  });

  it("a team's members: those of child teams, too, marked as inherited", async () => {
    const { body } = await asInstallation("GET /orgs/acme/teams/platform/members");
    expect(pluck(body, "login")).toEqual(["carol", "alice"]);
    expect(pluck(body, "inherited")).toEqual([false, true]);
  });

  it("direct collaborators: with what they may do in all, not with the grant", async () => {
    const bob = async (): Promise<unknown> =>
      pick((await asInstallation("GET /repos/acme/utils/collaborators?affiliation=direct")).body, 0, "role_name");
    // bob's direct grant is triage, his organization role writes everywhere
    expect(await bob()).toBe("write");
  });

  it("the permission of one person: legacy word, role, flags", async () => {
    const of = async (login: string, repository = "core"): Promise<unknown[]> => {
      const { body } = await asInstallation(`GET /repos/acme/${repository}/collaborators/${login}/permission`);
      return [pick(body, "permission"), pick(body, "role_name")];
    };
    expect(await of("carol")).toEqual(["admin", "admin"]);
    expect(await of("alice", "mono")).toEqual(["write", "maintain"]);
    expect(await of("dave")).toEqual(["write", "write"]);
    expect(await of("erin")).toEqual(["none", "none"]);
    expect(await of("erin", "site")).toEqual(["read", "read"]);
  });

  it("the base permission only to those who may see settings", async () => {
    expect(pick((await asInstallation("GET /orgs/acme")).body, "default_repository_permission")).toBe("none");
    expect(pick((await asAlice("GET /orgs/acme")).body, "default_repository_permission")).toBeUndefined();
  });

  it("roles only on the enterprise plan", async () => {
    const small = edit.createOrganization({ login: "small", plan: "team" });
    const asSmall = await installationClient(github, small);
    expect((await asSmall("GET /orgs/small/organization-roles")).status).toBe(404);
    expect((await asSmall("GET /orgs/small/custom-repository-roles")).status).toBe(404);
  });

  it("301 from a former name, followed unless told otherwise", async () => {
    edit.renameRepository(repositories.shared, "common");
    const { status, body } = await asInstallation("GET /repos/acme/shared");
    expect([status, pick(body, "name")]).toEqual([200, "common"]);
    const authorization = `token ${github.tokenFor(users.carol.id)}`;
    const manual = await github.fetch("https://api.github.com/repos/acme/shared", {
      redirect: "manual",
      headers: { authorization },
    });
    expect(manual.status).toBe(301);
    expect(manual.headers.get("location")).toBe(`https://api.github.com/repositories/${repositories.shared.id}`);
    edit.createRepository(organization, { name: "shared" });
    expect(pick((await asInstallation("GET /repos/acme/shared")).body, "id")).not.toBe(repositories.shared.id);
  });

  it("trees with links and sizes, truncated where too long", async () => {
    const tree = async (): Promise<unknown> =>
      (await asInstallation("GET /repos/acme/core/git/trees/main?recursive=1")).body;
    const link = pluck(pick(await tree(), "tree"), "path").indexOf("link.toml");
    expect(pick(await tree(), "tree", link, "mode")).toBe("120000");
    expect(pick(await tree(), "truncated")).toBe(false);
    github.faults.truncateTrees(2);
    expect(pluck(pick(await tree(), "tree"), "path")).toHaveLength(2);
    expect(pick(await tree(), "truncated")).toBe(true);
    github.faults.clear();
  });

  it("files in base64 or raw, links followed, and the content of an older commit", async () => {
    const file = await asInstallation("GET /repos/acme/core/contents/link.toml");
    expect(Buffer.from(text(file.body, "content"), "base64").toString()).toContain("acme-core");
    const raw = await asInstallation("GET /repos/acme/core/contents/pyproject.toml", {
      headers: { accept: "application/vnd.github.raw+json" },
    });
    expect(raw.body).toContain('name = "acme-core"');
    const [first = ""] = repositories.core.commits.keys();
    expect((await asInstallation(`GET /repos/acme/core/contents/link.toml?ref=${first}`)).status).toBe(404);
  });

  it("git's own names for content", () => {
    // git hash-object of the same bytes
    expect(blob).toBe("65a1aaf038e903e25ae1209c01650b29f5c8aa2c");
  });
});

describe("pages, conditions and budgets", () => {
  it("links pages by ids, and no page has more than 100", async () => {
    const { headers, body } = await asInstallation("GET /orgs/acme/members?per_page=1&role=all");
    expect(pluck(body, "login")).toEqual(["carol"]);
    const base = `https://api.github.com/organizations/${organization.id}/members?per_page=1&role=all`;
    expect(headers.get("link")).toBe(`<${base}&page=2>; rel="next", <${base}&page=3>; rel="last"`);
    const seen: unknown[] = [];
    let next: string | undefined = "GET /orgs/acme/members?per_page=1";
    while (next !== undefined) {
      const page = await asInstallation(next);
      seen.push(...pluck(page.body, "login"));
      const url: string | undefined = /<([^>]+)>; rel="next"/.exec(page.headers.get("link") ?? "")?.[1];
      next = url === undefined ? undefined : `GET ${url}`;
    }
    expect(seen).toEqual(["carol", "alice", "bob"]);
    const many = edit.createOrganization({ login: "many" });
    for (let n = 0; n < 101; n += 1) edit.addMember(many, edit.createUser(`many-${n}`));
    const wide = await (await installationClient(github, many))("GET /orgs/many/members?per_page=500");
    expect(pluck(wide.body, "login")).toHaveLength(100);
  });

  it("304 for what has not changed, at no cost", async () => {
    const first = await asInstallation("GET /orgs/acme/teams");
    const headers = { "if-none-match": first.headers.get("etag") ?? "" };
    const second = await asInstallation("GET /orgs/acme/teams", { headers });
    expect([second.status, second.body]).toEqual([304, ""]);
    expect(second.headers.get("x-ratelimit-used")).toBe(first.headers.get("x-ratelimit-used"));
    edit.editTeam(teams.docs, { description: "words" });
    expect((await asInstallation("GET /orgs/acme/teams", { headers })).status).toBe(200);
    expect((await (await installationClient(github, organization))("GET /orgs/acme/teams", { headers })).status).toBe(
      200,
    );
  });

  it("counts down each caller's budget, and refuses when it is spent", async () => {
    let now = Date.UTC(2026, 0, 1);
    const clocked = createSimulator({ webhookSecret: "a-secret-of-the-tests", clock: () => now });
    const small = clocked.edit.createOrganization({ login: "small", plan: "free" });
    const call = await installationClient(clocked, small);
    const first = await call("GET /orgs/small/members");
    expect(["limit", "remaining", "used", "resource"].map((name) => first.headers.get(`x-ratelimit-${name}`))).toEqual([
      "5000",
      "4999",
      "1",
      "core",
    ]);
    for (let n = 0; n < 4999; n += 1) await call("GET /orgs/small/members");
    expect((await call("GET /orgs/small/members")).status).toBe(403);
    now += 3_600_001;
    // the token has gone with the hour
    expect((await call("GET /orgs/small/members")).status).toBe(401);
    expect((await (await installationClient(clocked, small))("GET /orgs/small/members")).status).toBe(200);
  });

  it("counts by route", async () => {
    github.resetCounts();
    await asInstallation("GET /orgs/acme/teams");
    await asInstallation(`GET /organizations/${organization.id}/teams`);
    expect(github.counts.rest).toBe(2);
    expect([...github.counts.byRoute]).toEqual([["GET /orgs/{org}/teams", 2]]);
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
