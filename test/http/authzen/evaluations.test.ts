import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACME, ALICE, BOB, confirmed, viewOf } from "../acme.ts";
import type { Listening, Reply } from "../helpers.ts";
import { ask, BASIC, during, listen, serving, TOKEN } from "../helpers.ts";

let served: Listening;
beforeAll(async () => {
  served = await listen();
});
afterAll(() => {
  served.server.close();
});

const JSON_TYPE = { "content-type": "application/json" };
const post = (port: number, path: string, body: unknown, headers: Record<string, string> = BASIC): Promise<Reply> =>
  ask(port, `/access/v1/${path}`, {
    method: "POST",
    headers: { ...JSON_TYPE, ...headers },
    body: JSON.stringify(body),
  });

const user = (id: string) => ({ type: "user", id });
const project = (id: string) => ({ type: "pypi_package", id });
const evaluation = (who: string, action: string, name: string) => ({
  subject: user(who),
  action: { name: action },
  resource: project(name),
});

describe("an evaluation", () => {
  it.each([
    ["alice", "upload", "acme-core", true, "team"],
    [String(ALICE), "upload", "acme-core", true, "team"],
    ["ALICE", "write", "Acme_Core", true, "team"],
    ["alice", "delete", "acme-core", false, "no-grant"],
    [String(BOB), "read", "acme-core", true, "team"],
    ["bob", "upload", "acme-core", false, "no-grant"],
    ["olga", "manage", "acme-core", true, "owner"],
    ["dave", "read", "acme-old", true, "collaborator"],
    ["alice", "upload", "acme-old", false, "archived"],
    ["alice", "upload", "acme-fight", false, "contested"],
    ["alice", "read", "acme-gone", false, "retired"],
    ["alice", "read", "acme-new", false, "unclaimed"],
    ["mallory", "read", "acme-core", false, "not-a-member"],
    ["alice", "read", "no such name", false, "unknown-resource"],
    ["alice", "destroy", "acme-core", false, "unknown-action"],
  ])("of %s, %s, %s: %s, %s", async (who, action, name, decision, reason) => {
    const { status, json } = await post(served.port, "evaluation", evaluation(who, action, name));
    expect([status, json]).toEqual([200, { decision, context: { reason, message: expect.any(String) } }]);
  });

  it("says nothing of what it was sent in the wrong place", async () => {
    // The helpers search replies and log for the token.
    for (const body of [
      evaluation(TOKEN, "read", "acme-core"),
      evaluation("alice", TOKEN, "acme-core"),
      evaluation("alice", "read", TOKEN),
      { ...evaluation("alice", "read", "acme-core"), subject: { type: TOKEN, id: TOKEN } },
      { subject: TOKEN },
    ]) {
      const { status, json } = await post(served.port, "evaluation", body);
      expect([status, json["decision"]]).not.toEqual([200, true]);
    }
  });

  it("of other types is refused, not an error", async () => {
    for (const more of [
      { subject: { type: "service", id: "alice" } },
      { resource: { type: "record", id: "acme-core" } },
    ]) {
      const body = { ...evaluation("alice", "read", "acme-core"), ...more };
      expect((await post(served.port, "evaluation", body)).json).toMatchObject({ decision: false });
    }
  });

  it("is for index clients, and for the organization that theirs is", async () => {
    const body = evaluation("alice", "read", "acme-core");
    expect((await post(served.port, "evaluation", body, {})).status).toBe(401);
    const inOrg = (org: unknown) => post(served.port, "evaluation", { ...body, context: { org } });
    expect((await inOrg("ACME")).json).toMatchObject({ decision: true });
    expect((await inOrg("other")).status).toBe(400);
    expect((await inOrg(1)).status).toBe(400);
  });

  it("that nobody can answer is 503, for AuthZEN has no third answer", async () => {
    for (const view of [viewOf(ACME, { ready: false }), viewOf(ACME, { freshSince: Infinity })]) {
      await during(serving(view), async ({ port }) => {
        const { status, headers, json } = await post(port, "evaluation", evaluation("alice", "read", "acme-core"));
        expect([status, headers["retry-after"], json["error"]]).toEqual([503, "5", "unavailable"]);
        const search = { subject: { type: "user" }, action: { name: "read" }, resource: project("acme-core") };
        expect((await post(port, "search/subject", search)).status).toBe(503);
      });
    }
    await during({ organizations: () => [] }, async ({ port }) => {
      expect((await post(port, "evaluation", evaluation("alice", "read", "acme-core"))).status).toBe(503);
    });
  });

  it("is counted and logged as every decision is", async () => {
    await during({}, async ({ port, service }) => {
      await post(port, "evaluation", evaluation("alice", "upload", "acme-core"));
      expect(service.lines).toEqual([expect.stringContaining('"user":583231,"package":"acme-core","action":"upload"')]);
      expect((await ask(port, "/metrics")).text).toContain(
        'packgate_decisions_total{decision="allow",reason="team"} 1',
      );
    });
  });
});

describe("several evaluations", () => {
  const both = (...evaluations: unknown[]) => ({ ...evaluation("alice", "read", "acme-core"), evaluations });
  const decisions = async (body: unknown) => {
    const { status, json } = await post(served.port, "evaluations", body);
    const { evaluations } = json as { evaluations?: { decision: boolean }[] };
    return evaluations?.map(({ decision }) => decision) ?? status;
  };

  it("stop where they are told to", async () => {
    const [yes, no, broken] = [{}, { action: { name: "delete" } }, { resource: null }];
    const under = (evaluations_semantic: string, ...items: object[]) =>
      decisions({ ...both(...items), options: { evaluations_semantic } });
    expect(await decisions(both(yes, no, yes))).toEqual([true, false, true]);
    expect(await under("execute_all", yes, broken, no, yes)).toEqual([true, false, false, true]);
    expect(await under("deny_on_first_deny", yes, no, yes)).toEqual([true, false]);
    expect(await under("deny_on_first_deny", yes, broken, yes)).toEqual([true, false]);
    expect(await under("deny_on_first_deny", yes, yes)).toEqual([true, true]);
    expect(await under("permit_on_first_permit", no, broken, yes, no)).toEqual([false, false, true]);
    expect(await under("permit_on_first_permit", no, no)).toEqual([false, false]);
    expect(await under("first_come", yes)).toBe(400);
  });

  it("take what they leave out whole from beside them", async () => {
    const { json } = await post(served.port, "evaluations", both({ resource: { id: "acme-core" } }, 7, "x", null, []));
    const { evaluations } = json as { evaluations: { decision: boolean; context: { error?: object } }[] };
    expect(evaluations.map(({ decision }) => decision)).toEqual([false, false, false, false, false]);
    expect(evaluations[0]?.context.error).toEqual({
      status: 400,
      message: "resource.type: expected string, received undefined",
    });
  });

  it("say of each that nobody can answer it", async () => {
    const access = new Map(ACME.access);
    access.delete(100);
    await during(serving(viewOf({ ...ACME, access })), async ({ port }) => {
      const { status, json } = await post(port, "evaluations", both({}, { resource: project("acme-old") }));
      expect([status, json]).toMatchObject([
        200,
        { evaluations: [{ decision: false, context: { error: { status: 503 } } }, { decision: true }] },
      ]);
    });
  });

  it("are refused as a whole when what they have in common is broken", async () => {
    for (const more of [{ subject: "alice" }, { subject: { type: "user" } }, { evaluations: {} }, { options: 1 }]) {
      expect(await decisions({ ...both({}), ...more })).toBe(400);
    }
    expect(await decisions({ subject: user("alice") })).toBe(400);
    expect(await decisions([])).toBe(400);
  });

  it("are a thousand at most, and then refused as a whole", async () => {
    const items = (count: number): unknown[] => Array.from({ length: count }, () => ({}));
    expect(await decisions(both(...items(1000)))).toHaveLength(1000);
    const { status, json } = await post(served.port, "evaluations", both(...items(1001)));
    expect([status, json]).toEqual([
      400,
      { error: "invalid_request", message: "evaluations: more than 1000 at once; send them in several requests" },
    ]);
  });

  it("fail as a whole when we do", async () => {
    await during(
      {
        organizations: () => {
          throw new Error("it broke");
        },
      },
      async ({ port }) => {
        expect((await post(port, "evaluations", both({}))).status).toBe(500);
      },
    );
  });
});

describe("a search", () => {
  const search = { subject: { type: "user" }, action: { name: "read" }, resource: project("acme-core") };
  const ids = async (path: string, body: unknown, port = served.port) =>
    (await post(port, `search/${path}`, body)).json;

  it("finds whom, what and which", async () => {
    expect(await ids("subject", search)).toEqual({ results: ["alice", "bob", "olga"].map(user) });
    expect(await ids("resource", { ...search, subject: user("alice"), resource: { type: "pypi_package" } })).toEqual({
      results: ["acme-core", "acme-fight", "acme-old"].map(project),
    });
    expect(await ids("action", { subject: user("alice"), resource: project("acme-core") })).toEqual({
      results: [{ name: "read" }, { name: "upload" }],
    });
  });

  it("finds nothing where a word is not known", async () => {
    for (const [path, body] of [
      ["subject", { ...search, action: { name: "destroy" } }],
      ["subject", { ...search, resource: project("no such name") }],
      ["resource", { ...search, subject: user("alice"), action: { name: "destroy" } }],
      ["action", { subject: user("alice"), resource: project("../x") }],
    ] as const) {
      expect(await ids(path, body)).toEqual({ results: [] });
    }
  });

  it("says of how many nobody can tell", async () => {
    const organization = confirmed({ id: 1, login: "acme", basePermission: undefined });
    await during(serving(viewOf({ ...ACME, organization })), async ({ port }) => {
      expect(await ids("subject", { ...search, action: { name: "upload" } }, port)).toEqual({
        context: { unknown: 2 },
        results: [user("alice"), user("olga")],
      });
    });
  });

  it("names people so that an evaluation finds them again", async () => {
    // Two people carry the login alice, and of one of them the number is somebody's login besides.
    const members = new Map(ACME.members?.value);
    members.set(77, { login: "alice", owner: true }).set(79, { login: "77", owner: true });
    await during(serving(viewOf({ ...ACME, members: confirmed(members) })), async ({ port }) => {
      const { results, context } = await ids("subject", search, port);
      expect(results).toEqual(["79", String(ALICE), "bob", "olga"].map(user));
      expect(context).toEqual({ unknown: 1 });
      expect(await ids("action", { subject: user("alice"), resource: project("acme-core") }, port)).toEqual({
        context: { unknown: 1 },
        results: [],
      });
    });
  });

  it("goes on only where it was", async () => {
    const first = await ids("subject", { ...search, page: { limit: 2 } });
    const token = (first["page"] as { next_token: string }).next_token;
    expect(first).toEqual({ page: { next_token: token, count: 2, total: 3 }, results: [user("alice"), user("bob")] });
    expect(await ids("subject", { ...search, page: { token, limit: 2 } })).toEqual({
      page: { next_token: "", count: 1, total: 3 },
      results: [user("olga")],
    });
    for (const body of [
      { ...search, action: { name: "upload" }, page: { token } },
      { ...search, context: { time: 1 }, page: { token } },
      { ...search, page: { token, limit: 3 } },
      { ...search, page: { token: "x" } },
      { ...search, page: { token: "" } },
      { ...search, page: { token: Buffer.from('["x",-1,2]').toString("base64url") } },
      { ...search, page: { limit: -1 } },
      { ...search, page: { limit: 1.5 } },
      { ...search, page: 1 },
    ]) {
      expect((await post(served.port, "search/subject", body)).status).toBe(400);
    }
    // Allowed, and a page of nothing has no next one: whoever goes on until there is none would never end.
    expect(await ids("subject", { ...search, page: { limit: 0 } })).toEqual({
      page: { next_token: "", count: 0, total: 3 },
      results: [],
    });
  });
});

describe("the configuration", () => {
  const endpoints = (base: string) => ({
    policy_decision_point: base,
    access_evaluation_endpoint: `${base}/access/v1/evaluation`,
    access_evaluations_endpoint: `${base}/access/v1/evaluations`,
    search_subject_endpoint: `${base}/access/v1/search/subject`,
    search_resource_endpoint: `${base}/access/v1/search/resource`,
    search_action_endpoint: `${base}/access/v1/search/action`,
  });
  const path = "/.well-known/authzen-configuration";

  it("says where the endpoints are, as the world sees them", async () => {
    const info = { version: "1", issuer: "x", publicUrl: "https://packgate.example/" };
    await during({ info }, async ({ port }) => {
      expect((await ask(port, path)).json).toEqual(endpoints("https://packgate.example"));
    });
    const { port } = served;
    expect((await ask(port, path)).json).toEqual(endpoints(`http://127.0.0.1:${port}`));
    expect((await ask(port, path, { headers: { host: "no host" } })).status).toBe(400);
    expect((await ask(port, path, { method: "POST" })).headers["allow"]).toBe("GET");
  });
});
