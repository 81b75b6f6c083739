import type { Claim } from "../../src/domain/claims.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import { packageName } from "../domain/facts-builder.ts";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { ACME, ALICE, BOB, confirmed, NOW, OLGA, repository, viewOf } from "./acme.ts";
import type { Listening } from "./helpers.ts";
import { ask, asItIs, BASIC, listen, serving } from "./helpers.ts";

let served: Listening;
beforeAll(async () => {
  served = await listen();
});
afterAll(() => {
  served.server.close();
});

describe("health", () => {
  it("is told without credentials", async () => {
    const reply = await ask(served.port, "/healthz");
    expect([reply.status, reply.json]).toEqual([200, { status: "ok", version: "1.2.3" }]);
    expect(reply.headers["x-content-type-options"]).toBe("nosniff");
    expect(reply.headers["cache-control"]).toBe("no-store");
    expect(reply.headers).not.toHaveProperty("x-powered-by");
    expect(reply.headers).not.toHaveProperty("etag");
  });

  it("has no body for HEAD", async () => {
    const reply = await ask(served.port, "/healthz", { method: "HEAD" });
    expect([reply.status, reply.text, reply.headers["content-length"]]).toEqual([200, "", "33"]);
  });

  it("is readiness when decisions are served", async () => {
    const orgs = [
      {
        login: "acme",
        synced: true,
        asOf: NOW,
        revision: 7,
        packages: 4,
        repositories: 4,
        members: 4,
        lag: 0.5,
        ...CALM,
      },
      {
        login: "beta",
        synced: false,
        asOf: undefined,
        revision: 0,
        packages: 0,
        repositories: 0,
        members: 0,
        lag: 0,
        ...CALM,
      },
    ];
    for (const ready of [true, false]) {
      const problems = ready ? [] : ["beta has not been read yet; this takes a minute."];
      const { port, server } = await listen({
        readiness: () => ({
          ready,
          orgs,
          deliveries: { lastSweepAt: NOW, lastDeliveryAt: undefined, failedDeliveries: 2 },
          problems,
        }),
      });
      const reply = await ask(port, "/readyz");
      expect(reply.status).toBe(ready ? 200 : 503);
      expect(reply.headers["retry-after"]).toBe(ready ? undefined : "5");
      expect(reply.json).toEqual({
        ready,
        orgs: [
          { ...orgs[0], asOf: "2026-11-21T20:00:00.000Z" },
          { ...orgs[1], asOf: null },
        ],
        deliveries: { lastSweepAt: "2026-11-21T20:00:00.000Z", lastDeliveryAt: null, failedDeliveries: 2 },
        problems,
      });
      server.close();
    }
  });
});

/** Of an organization of which nothing else is to be told. */
const CALM = { staleBound: 900, readsOnly: false, queued: 0, budget: 1, drift: 0 };

describe("metrics", () => {
  it("include what the facts show at that moment", async () => {
    const { port, server } = await listen({ clock: () => NOW + 90_000 });
    for (let scrapes = 0; scrapes < 2; scrapes++) {
      const { text, headers } = await ask(port, "/metrics");
      expect(headers["content-type"]).toBe("text/plain; version=0.0.4; charset=utf-8");
      expect(text).toContain('packgate_facts_age_seconds{slice="members"} 90');
      expect(text).toContain('packgate_claims{status="held"} 2');
      expect(text).toContain('packgate_claims{status="contested"} 1');
      expect(text).toContain('packgate_claims{status="retired"} 1');
      expect(text).toContain("process_cpu_seconds_total");
      for (const metric of [
        "decisions_total",
        "decision_duration_seconds",
        "webhooks_total",
        "webhook_apply_seconds",
        "github_requests_total",
        "github_rate_remaining",
        "token_checks_total",
      ]) {
        expect(text).toContain(`# TYPE packgate_${metric} `);
      }
    }
    server.close();
  });

  it("take the oldest fact of all organizations, and belong to one service", async () => {
    const older = viewOf({ ...ACME, members: confirmed(new Map(), NOW - 10_000) });
    const { port, server } = await listen({
      organizations: () => [
        { id: 1, login: "acme", view: () => viewOf(), confirm: asItIs },
        { id: 2, login: "beta", view: () => older, confirm: asItIs },
      ],
    });
    const { text } = await ask(port, "/metrics");
    expect(text).toContain('packgate_facts_age_seconds{slice="members"} 10');
    expect(text).toContain('packgate_facts_age_seconds{slice="teams"} 0');
    expect(text).toContain('packgate_claims{status="held"} 4');
    expect((await ask(served.port, "/metrics")).text).toContain('packgate_claims{status="held"} 2');
    server.close();
  });
});

const get = (path: string, headers: Record<string, string> = BASIC): ReturnType<typeof ask> =>
  ask(served.port, path, { headers });

describe("listings", () => {
  it("show the claims and the manifests to mend", async () => {
    const { json } = await get("/claims?org=acme");
    const since = "2026-11-21T20:00:00.000Z";
    const held = { status: "held", path: "pyproject.toml", since, rivals: [], pin: null };
    expect(json).toEqual({
      org: "acme",
      claims: [
        { ...held, name: "acme-core", repository: "acme/core" },
        {
          ...held,
          name: "acme-fight",
          status: "contested",
          repository: "acme/fight",
          rivals: [{ repository: "acme/rival", path: "setup.cfg" }],
        },
        { name: "acme-gone", status: "retired", repository: "acme/old", path: null, since, rivals: [], pin: null },
        { ...held, name: "acme-old", repository: "acme/old" },
      ],
      lookAlikes: [],
      problems: [{ repository: "acme/rival", path: "setup.cfg", names: [], message: "Broken.", line: 3, column: 1 }],
    });
  });

  it("show the role catalog in force, and what says so", async () => {
    const changes = new Map([
      ["maintain", { permissions: 0b11, label: "Release manager", line: 3 }],
      ["deployer", { permissions: undefined, label: undefined, line: 7 }],
    ]);
    const customRoles = confirmed(new Map([["auditor", "read"] as const, ["deployer", "write"] as const]));
    const view = viewOf({ ...ACME, customRoles }, { policy: { ...DEFAULT_POLICY, roles: changes } });
    const { port, server } = await listen(serving(view));
    const { json } = await ask(port, "/roles", { headers: BASIC });
    server.close();
    const all = ["read", "upload", "yank", "delete", "manage"];
    expect(json).toEqual({
      org: "acme",
      roles: [
        { name: "read", label: "Read", permissions: ["read"], source: "default" },
        { name: "triage", label: "Triage", permissions: ["read"], source: "default" },
        { name: "write", label: "Write", permissions: ["read", "upload"], source: "default" },
        { name: "maintain", label: "Release manager", permissions: ["read", "upload"], source: "packgate.toml:3" },
        { name: "admin", label: "Admin", permissions: all, source: "default" },
        { name: "auditor", label: "auditor", permissions: ["read"], source: "read" },
        { name: "deployer", label: "deployer", permissions: ["read", "upload"], source: "packgate.toml:7" },
      ],
    });
  });

  it("show pins, names that look alike, and what a broken manifest keeps", async () => {
    const since = Date.parse("2026-11-21T20:00:00.000Z");
    const claims = new Map<PackageName, Claim>([
      [packageName("acme-rival"), { status: "held", repository: 103, path: "setup.cfg", since }],
      [packageName("acme-r1va1"), { status: "pinned", repository: 100, path: undefined, since, pin: "core" }],
      [
        packageName("acme-lost"),
        { status: "unbound", repository: undefined, former: undefined, since, pin: "nowhere" },
      ],
    ]);
    const { port, server } = await listen({
      organizations: () => [{ id: 1, login: "acme", view: () => ({ ...viewOf(ACME), claims }), confirm: asItIs }],
    });
    const { json } = await ask(port, "/claims", { headers: BASIC });
    expect(json["claims"]).toMatchObject([
      { name: "acme-lost", status: "unbound", repository: "acme/nowhere", path: null, pin: "nowhere" },
      { name: "acme-r1va1", status: "pinned", repository: "acme/core", path: null, pin: "core" },
      { name: "acme-rival", status: "held" },
    ]);
    expect(json["lookAlikes"]).toEqual([["acme-r1va1", "acme-rival"]]);
    expect(json["problems"]).toMatchObject([{ repository: "acme/rival", names: ["acme-rival"] }]);
    server.close();
  });

  it("do not trouble anybody with the manifests of forks", async () => {
    const fork = repository("fork", { fork: true, problems: [{ path: "setup.cfg", message: "Broken." }] });
    const view = viewOf({ ...ACME, repositories: new Map([...ACME.repositories, [104, confirmed(fork)]]) });
    const { port, server } = await listen({
      organizations: () => [{ id: 1, login: "acme", view: () => view, confirm: asItIs }],
    });
    expect((await ask(port, "/claims", { headers: BASIC })).json["problems"]).toHaveLength(1);
    server.close();
  });

  it("show who can", async () => {
    expect((await get("/who-can?package=Acme.Core&action=r&org=acme")).json).toEqual({
      org: "acme",
      package: "acme-core",
      action: "read",
      users: [
        { id: ALICE, login: "alice", role: "write", reason: "team", member: true },
        { id: BOB, login: "bob", role: "read", reason: "team", member: true },
        { id: OLGA, login: "olga", role: "admin", reason: "owner", member: true },
      ],
      unknown: 0,
    });
    expect((await get("/who-can?package=acme-old&action=read")).json["users"]).toContainEqual({
      id: 5,
      login: "dave",
      role: "write",
      reason: "collaborator",
      member: false,
    });
  });

  it("show what somebody can", async () => {
    const expected = {
      org: "acme",
      user: { id: BOB, login: "bob" },
      packages: [{ name: "acme-core", repository: "acme/core", permissions: ["read"], role: "read", reason: "team" }],
      unknown: 0,
    };
    expect((await get("/what-can?user=BOB")).json).toEqual(expected);
    expect((await get(`/what-can?user=${BOB}`)).json).toEqual(expected);
    expect((await get("/what-can?user=carol")).json["packages"]).toEqual([]);
  });

  it.each([
    ["/claims", {}, 401, "invalid_client"],
    ["/roles", {}, 401, "invalid_client"],
    ["/roles?org=other", BASIC, 400, "invalid_request"],
    ["/who-can?package=acme-core&action=read", {}, 401, "invalid_client"],
    ["/what-can?user=alice", {}, 401, "invalid_client"],
    ["/claims?org=other", BASIC, 400, "invalid_request"],
    ["/claims?org=acme&org=acme", BASIC, 400, "invalid_request"],
    ["/who-can", BASIC, 400, "invalid_request"],
    ["/who-can?package=acme-core", BASIC, 400, "invalid_request"],
    ["/who-can?package=-&action=read", BASIC, 400, "invalid_request"],
    ["/who-can?package=acme-core&action=own", BASIC, 400, "invalid_request"],
    ["/what-can?user=", BASIC, 400, "invalid_request"],
    ["/what-can?user=mallory", BASIC, 404, "not_found"],
    ["/nowhere", BASIC, 404, "not_found"],
    ["/", BASIC, 404, "not_found"],
  ])("%s refuses: %# → %i %s", async (path, headers, status, error) => {
    const reply = await get(path, headers);
    expect([reply.status, reply.json["error"]]).toEqual([status, error]);
    expect(reply.headers["x-content-type-options"]).toBe("nosniff");
  });

  it("are not given before everything is known, nor about a doubtful login", async () => {
    const early = viewOf(ACME, { ready: false });
    const access = new Map(ACME.access);
    const collaborators = new Map([[77, { login: "alice", role: { name: "read", level: "read" as const } }]]);
    access.set(100, confirmed({ teams: new Map(), collaborators }));
    const doubtful = viewOf({ ...ACME, access });
    for (const view of [early, doubtful]) {
      const { port, server } = await listen({
        organizations: () => [{ id: 1, login: "acme", view: () => view, confirm: asItIs }],
      });
      const reply = await ask(port, "/what-can?user=alice", { headers: BASIC });
      expect(reply).toMatchObject({ status: 503, json: { error: "unavailable" } });
      server.close();
    }
  });
});
