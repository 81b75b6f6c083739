import { describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { client, installationClient, pick, pluck, query } from "./client.ts";
import { createSimulator } from "./simulator.ts";

let now = Date.UTC(2026, 0, 1);
const github = createSimulator({ webhookSecret: "a-secret-of-the-tests", clock: () => now });
const { organization, users, teams, repositories } = acmeOrganization(github);
const { edit, faults } = github;
const call = await installationClient(github, organization);
const docs = "GET /orgs/acme/teams/docs/members";
const members = "GET /orgs/{org}/members";

const logins = (answer: { body: unknown }): unknown[] => pluck(answer.body, "login");

const look = async (): Promise<unknown[]> => [
  logins(await call(docs)).length,
  pick((await call("GET /repos/acme/core/collaborators/bob/permission")).body, "role_name"),
  pick(
    await query(
      call,
      `{ repository(owner: "acme", name: "core") { object(expression: "HEAD:pyproject.toml") { ... on Blob { text } } } }`,
    ),
    "data",
    "repository",
    "object",
    "text",
  ),
];

describe("a reply that goes wrong", () => {
  it("with a status, for the next requests to a route, and for no other", async () => {
    faults.status(members, 502, { times: 2 });
    expect((await call("GET /orgs/acme/teams")).status).toBe(200);
    expect((await call("GET /orgs/acme/members")).status).toBe(502);
    expect((await call(`GET /organizations/${organization.id}/members`)).status).toBe(502);
    expect((await call("GET /orgs/acme/members")).status).toBe(200);
  });

  it("for one path, an expression, a predicate, or everything", async () => {
    faults.status("GET /orgs/acme/teams", 500);
    faults.status(/^GET \/repos\/acme\/core\b/, 403);
    faults.status((request) => request.body.includes("mine"), 404);
    expect((await call("GET /orgs/acme/teams")).status).toBe(500);
    expect((await call("GET /repos/acme/utils")).status).toBe(200);
    expect((await call("GET /repos/acme/core/teams")).status).toBe(403);
    expect((await call("POST /graphql", { body: { query: "{ mine: rateLimit { cost } }" } })).status).toBe(404);
    faults.status("*", 500);
    expect((await call("GET /meta")).status).toBe(500);
  });

  it("never comes, until the caller gives up", async () => {
    faults.timeout(members);
    const abort = new AbortController();
    const asked = call("GET /orgs/acme/members", { signal: abort.signal });
    setTimeout(() => abort.abort(new Error("given up")), 5);
    await expect(asked).rejects.toThrow("given up");
    expect((await call("GET /orgs/acme/members")).status).toBe(200);
  });

  it("because the primary limit is reached", async () => {
    faults.primaryLimit(members, { status: 429, resetIn: 30 });
    const { status, headers } = await call("GET /orgs/acme/members");
    expect([status, headers.get("x-ratelimit-remaining"), headers.get("x-ratelimit-reset")]).toEqual([
      429,
      "0",
      String(now / 1000 + 30),
    ]);
  });

  it("which GraphQL tells with a 200", async () => {
    faults.primaryLimit("POST /graphql");
    const { status, headers, body } = await call("POST /graphql", { body: { query: "{ rateLimit { cost } }" } });
    expect([status, headers.get("x-ratelimit-remaining"), pick(body, "errors", 0, "type")]).toEqual([
      200,
      "0",
      "RATE_LIMITED",
    ]);
  });

  it("because a secondary limit is", async () => {
    faults.secondaryLimit(members, { retryAfter: 7 });
    const { status, headers, body } = await call("GET /orgs/acme/members");
    expect([status, headers.get("retry-after")]).toEqual([403, "7"]);
    expect(pick(body, "message")).toContain("secondary rate limit");
  });

  it("because GitHub is down", async () => {
    faults.down();
    await expect(call("GET /meta")).rejects.toThrow("fetch failed");
    faults.up();
    expect((await call("GET /meta")).status).toBe(200);
  });
});

describe("GraphQL pages that are too wide", () => {
  const text = `query($first: Int!) { organization(login: "acme") { repositories(first: $first) { nodes { name } edges { node { name } } } } }`;

  it("come back in part: nulls in place, and an error for each", async () => {
    faults.limitPages(2);
    const answer = await query(call, text, { first: 4 });
    const list = pick(answer, "data", "organization", "repositories");
    expect(pluck(pick(list, "nodes"), "name")).toEqual(["core", "utils", undefined, undefined]);
    expect(pick(list, "edges", 3)).toBeNull();
    expect(new Set(pluck(pick(answer, "errors"), "type"))).toEqual(new Set(["RESOURCE_LIMITS_EXCEEDED"]));
    expect(pick(answer, "errors", 0, "path")).toEqual(["organization", "repositories", "nodes", 2]);
    expect(pick(await query(call, text, { first: 2 }), "errors")).toBeUndefined();
    faults.clear();
  });

  it("or are a 502, charged all the same", async () => {
    faults.failPages(2);
    github.resetCounts();
    expect((await call("POST /graphql", { body: { query: text, variables: { first: 3 } } })).status).toBe(502);
    expect((await call("POST /graphql", { body: { query: text, variables: { first: 2 } } })).status).toBe(200);
    expect(github.counts.graphqlPoints).toBe(2);
    faults.clear();
  });
});

describe("races", () => {
  it("an answer computed before an edit can arrive after it", async () => {
    const gate = faults.pause("GET /orgs/{org}/teams/{team_slug}/members");
    const asked = call(docs);
    await gate.arrived;
    edit.removeTeamMember(teams.docs, users.bob);
    expect(gate.waiting()).toBe(1);
    gate.resume();
    expect(logins(await asked)).toEqual(["bob"]);
    expect(logins(await call(docs))).toEqual([]);
    edit.addTeamMember(teams.docs, users.bob);
  });

  it("a request can be kept waiting before the model is read", async () => {
    const gate = faults.pause(/docs/, "before");
    const asked = call(docs);
    await gate.arrived;
    edit.removeTeamMember(teams.docs, users.bob);
    gate.resume();
    expect(logins(await asked)).toEqual([]);
    edit.addTeamMember(teams.docs, users.bob);
  });

  it("clear lets go of whoever waits", async () => {
    faults.pause(/docs/);
    const gate = faults.pause(/docs/);
    const asked = call(docs);
    faults.clear();
    expect((await asked).status).toBe(200);
    expect(gate.waiting()).toBe(0);
  });

  it("replicas lag: members, access and content are as they were", async () => {
    faults.lag(5000);
    now += 10_000;
    edit.removeTeamMember(teams.docs, users.bob);
    edit.setCollaborator(repositories.core, users.bob, "admin");
    edit.push(repositories.core, { write: { "pyproject.toml": "changed" } });
    const before = [1, "read", expect.stringContaining("acme-core")];
    expect(await look()).toEqual(before);
    now += 4999;
    expect(await look()).toEqual(before);
    now += 1;
    expect(await look()).toEqual([0, "admin", "changed"]);
    faults.clear();
  });
});

describe("over HTTP", () => {
  it("answers at the root and as an enterprise server does", async () => {
    const { url, close } = await github.listen();
    const authorization = `token ${github.tokenFor(users.carol.id)}`;
    const ask = client(github, authorization);
    expect((await ask("GET /user")).status).toBe(200);
    for (const base of [url, `${url}/api/v3`]) {
      const response = await fetch(`${base}/orgs/acme/members?per_page=1`, { headers: { authorization } });
      const next = /<([^>]+)>; rel="next"/.exec(response.headers.get("link") ?? "")?.[1] ?? "";
      expect(next.startsWith(`${base}/organizations/`)).toBe(true);
      expect(pluck(await (await fetch(next, { headers: { authorization } })).json(), "login")).toEqual(["alice"]);
    }
    for (const path of ["/graphql", "/api/graphql"]) {
      const body = JSON.stringify({ query: "{ viewer { login } }" });
      const response = await fetch(url + path, { method: "POST", body, headers: { authorization } });
      expect(pick(await response.json(), "data", "viewer", "login")).toBe("carol");
    }
    faults.down();
    await expect(fetch(`${url}/meta`)).rejects.toThrow("fetch failed");
    faults.up();
    await close();
    await expect(fetch(`${url}/meta`)).rejects.toThrow("fetch failed");
  });
});
