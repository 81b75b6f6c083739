import { describe, expect, it } from "vitest";
import type { HttpService, TokenCheck } from "../../src/http/service.ts";
import { ACME, ALICE, BOB, CAROL, confirmed, DAVE, NOW, OLGA, viewOf } from "./acme.ts";
import {
  askAuthorize,
  BASIC,
  BOBS_TOKEN,
  DEAD_TOKEN,
  digestOf,
  during,
  identityOf,
  listen,
  listenThroughout,
  LOST_TOKEN,
  OTHER_SECRET,
  SECRET,
  serving,
  STRANGERS_TOKEN,
  TOKEN,
  asItIs,
} from "./helpers.ts";

const served = listenThroughout();

const once = (more: Partial<HttpService>, question: object, headers?: Readonly<Record<string, string>>) =>
  during(more, ({ port }) => askAuthorize(port, question, headers));

const CHALLENGE = 'Basic realm="packgate", charset="UTF-8"';

const basic = (username: string, password: string): object => ({ credentials: { username, password } });

it("POST /authorize refuses a token that ended while newer facts were waited for", async () => {
  let check: TokenCheck = { status: "active", identity: identityOf(ALICE, "alice") };
  const confirm = (): Promise<void> => {
    check = { status: "inactive", reason: "refused" };
    return Promise.resolve();
  };
  const organizations = () => [{ id: 1, login: "acme", view: () => viewOf(), confirm }];
  const question = { package: "acme-core", action: "upload", token: TOKEN, minAsOf: "2026-11-21T20:00:00Z" };
  const { status, json } = await once({ organizations, verifyToken: () => check }, question);
  expect([status, Object(json).reason]).toStrictEqual([401, "invalid-token"]);
});

describe("POST /authorize", () => {
  const upload = { package: "acme-core", action: "upload" };

  it.each([
    [{ ...upload, ...basic("alice", TOKEN) }, 200, "allow", "team"],
    [{ ...upload, ...basic("ALICE", TOKEN) }, 200, "allow", "team"],
    [{ ...upload, ...basic("__token__", TOKEN) }, 200, "allow", "team"],
    [{ ...upload, ...basic("x-access-token", TOKEN) }, 200, "allow", "team"],
    [{ ...upload, ...basic("oauth2", TOKEN) }, 200, "allow", "team"],
    [{ ...upload, ...basic(TOKEN, "") }, 200, "allow", "team"],
    [{ ...upload, credentials: { username: TOKEN } }, 200, "allow", "team"],
    [{ ...upload, token: TOKEN }, 200, "allow", "team"],
    [{ ...upload, user: "alice" }, 200, "allow", "team"],
    [{ ...upload, user: String(ALICE) }, 200, "allow", "team"],
    [{ ...upload, user: ALICE }, 200, "allow", "team"],
    [{ ...upload, user: "olga" }, 200, "allow", "owner"],
    [{ package: "acme-old", action: "read", user: "dave" }, 200, "allow", "collaborator"],
    [{ package: "acme-fight", action: "read", user: "alice" }, 200, "allow", "team"],
    [{ ...upload, ecosystem: "pypi", org: "ACME", token: TOKEN }, 200, "allow", "team"],
    [{ ...upload, token: TOKEN, minAsOf: "2026-11-21T20:00:00Z" }, 200, "allow", "team"],
    [{ ...upload, token: TOKEN, minAsOf: "2026-11-21T21:00:00+01:00", more: [1] }, 200, "allow", "team"],

    [upload, 401, "deny", "missing-credentials"],
    [{ ...upload, credentials: {} }, 401, "deny", "missing-credentials"],
    [{ ...upload, ...basic("", "") }, 401, "deny", "missing-credentials"],
    [{ ...upload, ...basic("", TOKEN) }, 401, "deny", "missing-credentials"],
    [{ ...upload, ...basic("__token__", "") }, 401, "deny", "missing-credentials"],
    [{ ...upload, token: "" }, 401, "deny", "missing-credentials"],
    [{ ...upload, token: DEAD_TOKEN }, 401, "deny", "invalid-token"],
    [{ ...upload, ...basic("alice", DEAD_TOKEN) }, 401, "deny", "invalid-token"],
    [{ ...upload, ...basic("bob", TOKEN) }, 401, "deny", "username-mismatch"],
    [{ ...upload, ...basic("alic", TOKEN) }, 401, "deny", "username-mismatch"],
    [{ ...upload, ...basic(`${ALICE}`, TOKEN) }, 401, "deny", "username-mismatch"],
    [{ ...upload, ...basic("__TOKEN__", TOKEN) }, 401, "deny", "username-mismatch"],

    [{ ...upload, user: "bob" }, 403, "deny", "no-grant"],
    [{ ...upload, token: BOBS_TOKEN }, 403, "deny", "no-grant"],
    [{ ...upload, user: "carol" }, 403, "deny", "no-grant"],
    [{ ...upload, user: "mallory" }, 403, "deny", "not-a-member"],
    [{ ...upload, user: "999" }, 403, "deny", "not-a-member"],
    [{ ...upload, user: 999 }, 403, "deny", "not-a-member"],
    [{ ...upload, user: "0" }, 403, "deny", "not-a-member"],
    [{ ...upload, token: STRANGERS_TOKEN }, 403, "deny", "not-a-member"],
    [{ package: "acme-new", action: "read", user: "olga" }, 403, "deny", "unclaimed"],
    [{ package: "acme-fight", action: "upload", user: "alice" }, 403, "deny", "contested"],
    [{ package: "acme-gone", action: "read", user: "olga" }, 403, "deny", "retired"],
    [{ package: "acme-old", action: "upload", user: "olga" }, 403, "deny", "archived"],

    [{ ...upload, token: LOST_TOKEN }, 503, "unknown", "unverifiable"],
    [{ ...upload, token: TOKEN, minAsOf: "2026-11-21T20:00:00.001Z" }, 503, "unknown", "stale"],
    [{ ...upload, user: "bob", minAsOf: "2027-01-01T00:00:00Z" }, 503, "unknown", "stale"],
  ])("%#: %j → %i %s %s", async (body, status, decision, reason) => {
    const reply = await askAuthorize(served.port, body);
    expect(reply.json).toMatchObject({ decision, reason });
    expect(reply.status).toBe(status);
    expect(reply.headers["cache-control"]).toBe("no-store");
    expect(reply.headers["content-type"]).toBe("application/json");
    expect(reply.headers["www-authenticate"]).toBe(status === 401 ? CHALLENGE : undefined);
    expect(reply.headers["retry-after"]).toBe(status === 503 ? "5" : undefined);
  });

  it("answers with everything that the contract shows", async () => {
    const reply = await askAuthorize(served.port, {
      package: "Acme_Core",
      action: "write",
      user: "Alice",
      explain: true,
    });
    expect(reply.json).toEqual({
      decision: "allow",
      reason: "team",
      message: "alice may upload acme-core: team platform (through backend) has write on acme/core",
      user: { id: ALICE, login: "alice" },
      package: { ecosystem: "pypi", name: "acme-core" },
      action: "upload",
      repository: "acme/core",
      role: "write",
      asOf: "2026-11-21T20:00:00.000Z",
      revision: 4711,
      evidence: [{ kind: "team", team: "platform", via: ["backend"], role: "write" }],
    });
  });

  it("says what is held when it refuses, and gives evidence only when asked and allowed", async () => {
    const refused = await askAuthorize(served.port, { ...upload, user: "bob", explain: true });
    expect(refused.json).toMatchObject({ role: "read", repository: "acme/core", evidence: [] });
    const short = await askAuthorize(served.port, { ...upload, user: "alice", explain: false });
    expect(short.json).not.toHaveProperty("evidence");
  });

  it("never names a stranger, who may be a secret in the wrong field", async () => {
    const reply = await askAuthorize(served.port, { ...upload, user: "ghp_pasted" });
    expect(reply.json).toMatchObject({ user: null, repository: "acme/core" });
    expect(reply.text).not.toContain("ghp_pasted");
  });

  it("counts long evidence", async () => {
    const teams = new Map(
      [...Array(60).keys()].map((id) => [id + 1, { nodeId: "T", slug: `t${id}`, parent: undefined }]),
    );
    const view = viewOf({
      ...ACME,
      teams: confirmed(teams),
      teamMembers: new Map([...teams.keys()].map((id) => [id, confirmed(new Set([ALICE]))])),
      access: new Map([
        [
          100,
          confirmed({
            collaborators: new Map(),
            teams: new Map([...teams.keys()].map((id) => [id, { name: "write", level: "write" as const }])),
          }),
        ],
      ]),
    });
    const reply = await once(serving(view), { ...upload, user: "alice", explain: true });
    expect(reply.json).toMatchObject({ evidence: { length: 50 }, evidenceOmitted: 10 });
  });

  it.each(["write", "publish", "create", "c", "upload"])("takes %s for upload", async (action) => {
    expect((await askAuthorize(served.port, { package: "acme-core", action, user: "alice" })).json["action"]).toBe(
      "upload",
    );
  });
});

describe("when nothing is known yet", () => {
  it.each([
    [{ user: "alice" }, 503, "not-synced"],
    [{ user: "mallory" }, 503, "not-synced"],
    [{ token: TOKEN }, 503, "not-synced"],
    [{}, 401, "missing-credentials"],
    [{ token: DEAD_TOKEN }, 401, "invalid-token"],
  ])("%j → %i %s", async (who, status, reason) => {
    const view = viewOf(ACME, { ready: false });
    const reply = await once(serving(view), { package: "acme-core", action: "read", ...who });
    expect([reply.status, reply.json["reason"]]).toEqual([status, reason]);
  });

  it("is unknown while no organization is served at all", async () => {
    const { port, server } = await listen({ organizations: () => [] });
    for (const org of [{}, { org: "acme" }]) {
      const reply = await askAuthorize(port, { package: "acme-core", action: "read", user: "alice", ...org });
      expect(reply).toMatchObject({ status: 503, json: { decision: "unknown", reason: "not-synced", revision: 0 } });
    }
    server.close();
  });

  it("is unknown whom a doubtful login means", async () => {
    const access = new Map(ACME.access);
    const collaborators = new Map([[77, { login: "ALICE", role: { name: "admin", level: "admin" as const } }]]);
    access.set(100, confirmed({ teams: new Map(), collaborators }));
    const view = viewOf({ ...ACME, access });
    const reply = await once(serving(view), { package: "acme-core", action: "read", user: "alice" });
    expect(reply).toMatchObject({ status: 503, json: { reason: "unverifiable", user: null } });
  });
});

describe("a token that cannot be checked at the moment, and was good a while ago", () => {
  const lastKnown = identityOf(ALICE, "alice");
  const verifyToken = (): TokenCheck => ({ status: "unverifiable", reason: "github", lastKnown });

  it.each([
    [{ action: "read", token: "x" }, 200, "team"],
    [{ action: "upload", token: "x" }, 503, "unverifiable"],
    [{ action: "manage", token: "x" }, 503, "unverifiable"],
    [{ action: "read", credentials: { username: "ALICE", password: "x" } }, 200, "team"],
    [{ action: "read", credentials: { username: "bob", password: "x" } }, 503, "unverifiable"],
  ])("%j: %i %s", async (question, status, reason) => {
    const { port, server } = await listen({ verifyToken });
    const reply = await askAuthorize(port, { package: "acme-core", ...question });
    expect(reply).toMatchObject({ status, json: { reason } });
    server.close();
  });
});

describe("tokens", () => {
  it("may be checked later, and the state is taken after the check", async () => {
    let view = viewOf();
    const check: TokenCheck = { status: "active", identity: identityOf(ALICE, "alice") };
    const reply = await once(
      {
        organizations: () => [{ id: 1, login: "acme", view: () => view, confirm: asItIs }],
        verifyToken: async () => {
          await new Promise((resolve) => setTimeout(resolve, 5));
          view = viewOf({
            ...ACME,
            teamMembers: new Map([...ACME.teamMembers].map(([id]) => [id, confirmed(new Set<number>())])),
          });
          return check;
        },
      },
      { package: "acme-core", action: "upload", token: "x" },
    );
    expect(reply).toMatchObject({ status: 403, json: { reason: "no-grant" } });
  });

  it.each([
    [
      "at once",
      () => {
        throw new Error("boom /srv/app.ts");
      },
    ],
    ["later", () => Promise.reject(new Error("boom /srv/app.ts"))],
  ])("fail %s as an internal error that says nothing", async (_, verifyToken) => {
    const { port, server, service } = await listen({ verifyToken });
    const reply = await askAuthorize(port, { package: "acme-core", action: "upload", token: "x" });
    expect(reply.status).toBe(500);
    expect(reply.json["error"]).toBe("internal");
    expect(reply.text).not.toMatch(/boom|\.ts/);
    expect(service.lines.join("\n")).toContain("boom");
    server.close();
  });

  it("are checked on behalf of the client that asks", async () => {
    const clients: string[] = [];
    const { port, server } = await listen({
      verifyToken: (_, client) => {
        clients.push(client);
        return { status: "inactive", reason: "" };
      },
    });
    await askAuthorize(port, { package: "a", action: "r", token: "x" }, { authorization: `Bearer ${OTHER_SECRET}` });
    await askAuthorize(port, { package: "a", action: "r", token: "x" });
    expect(clients).toEqual(["index-b", "index-a"]);
    server.close();
  });

  it("do not match a login of another script", async () => {
    const { port, server } = await listen({
      verifyToken: () => ({ status: "active", identity: identityOf(ALICE, "kim") }),
    });
    for (const [username, status] of [
      ["\u212Aim", 401],
      ["KIM", 200],
    ] as const) {
      const reply = await askAuthorize(port, {
        package: "acme-core",
        action: "read",
        credentials: { username, password: "x" },
      });
      expect(reply.status).toBe(status);
    }
    server.close();
  });
});

describe("several organizations", () => {
  const beta = viewOf({ ...ACME, organization: confirmed({ id: 2, login: "beta", basePermission: "admin" }) });
  const both = [
    { id: 1, login: "acme", view: () => viewOf(), confirm: asItIs },
    { id: 2, login: "Beta", view: () => beta, confirm: asItIs },
  ];
  const clients = [
    { name: "index-a", org: undefined, digest: digestOf(SECRET) },
    { name: "bound", org: "beta", digest: digestOf(OTHER_SECRET) },
    { name: "gone", org: "gamma", digest: digestOf("s".repeat(32)) },
  ];
  const bound = { authorization: `Bearer ${OTHER_SECRET}` };
  const gone = { authorization: `Bearer ${"s".repeat(32)}` };
  const asked = { package: "acme-core", action: "manage", user: "carol" };

  it.each([
    ["any", BASIC, { org: "acme" }, 403, "no-grant"],
    ["any", BASIC, { org: "BETA" }, 200, "base"],
    ["any", BASIC, {}, 400, "org: say which of acme, Beta"],
    ["any", BASIC, { org: "gamma" }, 400, "org: this client may ask about acme, Beta only"],
    ["bound", bound, {}, 200, "base"],
    ["bound", bound, { org: "beta" }, 200, "base"],
    ["bound", bound, { org: "acme" }, 400, "org: this client may ask about beta only"],
    ["gone", gone, {}, 503, "not-synced"],
    ["gone", gone, { org: "Gamma" }, 503, "not-synced"],
    ["gone", gone, { org: "acme" }, 400, "org: this client may ask about gamma only"],
  ])("%s: %#", async (_, headers, org, status, said) => {
    const reply = await once({ organizations: () => both, clients }, { ...asked, ...org }, headers);
    expect([reply.status, reply.json["reason"] ?? reply.json["message"]]).toEqual([status, said]);
  });

  it.each([
    ["the served one", BASIC, { org: "Acme" }, 403, "no-grant"],
    ["one not served yet", BASIC, { org: "GAMMA" }, 503, "not-synced"],
    ["neither", BASIC, { org: "delta" }, 400, "org: this client may ask about acme only"],
    ["none of several", BASIC, {}, 400, "org: say which of acme, gamma"],
    ["its own, not served yet", gone, {}, 503, "not-synced"],
    ["one configured for others", bound, { org: "gamma" }, 400, "org: this client may ask about beta only"],
  ])("of which not all are served, asked for %s", async (_, headers, org, status, said) => {
    const reply = await once(
      {
        organizations: () => both.slice(0, 1),
        wanted: ["acme", "gamma"],
        clients,
      },
      { ...asked, ...org },
      headers,
    );
    expect([reply.status, reply.json["reason"] ?? reply.json["message"]]).toEqual([status, said]);
  });

  it("may have clients of one name, told apart by their secrets", async () => {
    const { port, server } = await listen({
      organizations: () => both,
      clients: [
        { name: "index-a", org: "acme", digest: digestOf(SECRET) },
        { name: "index-a", org: "beta", digest: digestOf(OTHER_SECRET) },
      ],
    });
    const other = { authorization: `Basic ${Buffer.from(`index-a:${OTHER_SECRET}`).toString("base64")}` };
    expect((await askAuthorize(port, asked, BASIC)).json["reason"]).toBe("no-grant");
    expect((await askAuthorize(port, asked, other)).json["reason"]).toBe("base");
    server.close();
  });
});

describe("what is counted and noted", () => {
  it("counts decisions by reason, with their duration", async () => {
    const { port, server, service } = await listen();
    await askAuthorize(port, { package: "acme-core", action: "upload", user: "alice" });
    await askAuthorize(port, { package: "acme-core", action: "upload", user: "alice" });
    await askAuthorize(port, { package: "acme-core", action: "upload", token: DEAD_TOKEN });
    for (let scrapes = 0; scrapes < 2; scrapes++) {
      const text = await service.metrics.registry.metrics();
      expect(text).toContain('packgate_decisions_total{decision="allow",reason="team"} 2');
      expect(text).toContain('packgate_decisions_total{decision="deny",reason="invalid-token"} 1');
      expect(text).toContain("packgate_decision_duration_seconds_count 3");
    }
    server.close();
  });

  it("notes who was told what, and no credential", async () => {
    const { port, server, service } = await listen();
    await askAuthorize(port, {
      package: "acme-core",
      action: "upload",
      credentials: { username: "alice", password: TOKEN },
    });
    expect(service.lines).toEqual([
      `debug decided ${JSON.stringify({
        requestId: "request-1",
        client: "index-a",
        user: ALICE,
        package: "acme-core",
        action: "upload",
        decision: "allow",
        reason: "team",
        revision: 4711,
      })}`,
    ]);
    server.close();
  });
});

describe("the people of the examples", () => {
  it("are who they are", () => {
    expect([ALICE, BOB, CAROL, OLGA, DAVE]).toEqual([583_231, 2, 3, 4, 5]);
    expect(new Date(NOW).toISOString()).toBe("2026-11-21T20:00:00.000Z");
  });
});
