import { describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { installationClient, pluck } from "./client.ts";
import { createSimulator } from "./simulator.ts";

const github = createSimulator({ webhookSecret: "a-secret-of-the-tests" });
const { organization, teams } = acmeOrganization(github);
const { edit } = github;
const asInstallation = await installationClient(github, organization);

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
