import { describe, expect, it } from "vitest";
import type { HttpService } from "../../../src/http/service.ts";
import { ACME, ALICE, BACKEND, CLAIMS, confirmed, name, READERS, viewOf } from "../acme.ts";
import type { Ask } from "../helpers.ts";
import {
  ask,
  deferred,
  digestOf,
  during,
  identityOf,
  listen,
  SECRET,
  serving,
  STRANGERS_TOKEN,
  TOKEN,
} from "../helpers.ts";
import { sendRaw } from "../raw.ts";
import { ALICES, askThrough, basic, PROXIES } from "./asking.ts";

const MINE = "/simple/acme-core/";
const OTHERS = "/simple/acme-gone/";
const KEY = { "X-Packgate-Key": SECRET };
const original = (uri: string | string[], method: string | string[] = "GET"): Ask["headers"] => ({
  "X-Original-URI": uri,
  "X-Original-Method": method,
});
const forwarded = (uri: string | string[], method: string | string[] = "GET"): Ask["headers"] => ({
  "X-Forwarded-Uri": uri,
  "X-Forwarded-Method": method,
});

/** What comes of headers that no proxy made alone. */
function outcome(path: string, headers: Ask["headers"]): Promise<readonly unknown[]> {
  return during({}, async ({ port }) => {
    const reply = await ask(port, path, { headers: { ...KEY, ...ALICES, ...headers } });
    return [reply.status, reply.headers["x-packgate-reason"]];
  });
}

describe("what a client may try through a proxy", () => {
  it.each([
    ["nginx", original(MINE), 200, "team"],
    ["nginx", forwarded(MINE), 403, "incomplete-request"],
    ["haproxy", forwarded(MINE), 403, "incomplete-request"],
    ["caddy", original(MINE), 403, "incomplete-request"],
    ["traefik", original(MINE), 403, "incomplete-request"],
    ["nginx", { "X-Original-URI": MINE }, 403, "incomplete-request"],
    ["nginx", { "X-Original-Method": "GET" }, 403, "incomplete-request"],
    ["nginx", {}, 403, "incomplete-request"],
    ["caddy", {}, 403, "incomplete-request"],

    ["nginx", original([OTHERS, MINE]), 403, "duplicate-header"],
    ["nginx", original([MINE, MINE]), 403, "duplicate-header"],
    ["nginx", original(MINE, ["GET", "DELETE"]), 403, "duplicate-header"],
    ["haproxy", original([MINE, OTHERS]), 403, "duplicate-header"],
    ["caddy", forwarded([MINE, OTHERS]), 403, "duplicate-header"],
    ["traefik", forwarded(MINE, ["GET", "GET"]), 403, "duplicate-header"],
    ["nginx", original(`${OTHERS}, ${MINE}`), 403, "malformed-path"],
    ["nginx", original(`${MINE},${MINE}`), 403, "unknown-path"],
    ["nginx", original(""), 403, "malformed-path"],
    ["nginx", original(MINE, ""), 403, "unknown-path"],

    ["nginx", { ...original(OTHERS), ...forwarded(MINE) }, 403, "contradicting-header"],
    ["nginx", { ...original(MINE), ...forwarded(OTHERS) }, 403, "contradicting-header"],
    ["nginx", { ...original(MINE, "DELETE"), ...forwarded(MINE) }, 403, "contradicting-header"],
    ["nginx", { ...original(MINE), "X-Forwarded-Method": "POST" }, 403, "contradicting-header"],
    ["caddy", { ...forwarded(OTHERS), ...original(MINE) }, 403, "contradicting-header"],
    ["traefik", { ...forwarded(OTHERS), "X-Original-URI": MINE }, 403, "contradicting-header"],
    [`envoy${OTHERS}`, original(MINE), 403, "contradicting-header"],
    [`envoy${MINE}`, forwarded(OTHERS), 403, "contradicting-header"],
    // A proxy in front of ours may have said the same.
    ["nginx", { ...original(MINE), ...forwarded(MINE) }, 200, "team"],
    [`envoy${MINE}`, original(MINE), 200, "team"],
    [`envoy/..${MINE}`, {}, 403, "malformed-path"],
    ["envoy/", {}, 200, "member"],
  ] as const)("%s with %j: %i %s", async (path, headers, status, reason) => {
    expect(await outcome(`/authorize/${path}`, headers)).toEqual([status, reason]);
  });

  it("refuses two Authorization headers, of which the index might believe the other", async () => {
    await during({}, async ({ port }) => {
      const twice = { Authorization: [ALICES.Authorization, "Basic Ym9iOng="] };
      // node:http sends what it is given as a list only for headers that it does not know.
      const reply = await ask(port, "/authorize/nginx", { headers: { ...KEY, ...original(MINE), ...twice } });
      expect([reply.status, reply.headers["x-packgate-reason"]]).toEqual([403, "duplicate-header"]);
    });
  });

  it.each(["nginx", "caddy", "traefik", "haproxy"])("/authorize/%s takes GET and HEAD", async (proxy) => {
    await during({}, async ({ port }) => {
      const reply = await ask(port, `/authorize/${proxy}`, { method: "POST", headers: KEY });
      expect([reply.status, reply.headers.allow]).toEqual([405, "GET, HEAD"]);
      const headers = { ...KEY, ...ALICES, ...original(MINE), ...forwarded(MINE) };
      expect((await ask(port, `/authorize/${proxy}`, { method: "HEAD", headers })).status).toBe(200);
      expect((await ask(port, `/authorize/${proxy}/simple/acme-core/`, { headers })).status).toBe(404);
    });
  });
});

describe.each(PROXIES)("where nobody can say, %s hears a refusal", (proxy) => {
  const answerOf = (more: Partial<HttpService>, target = MINE) =>
    during(more, async ({ port, service }) => {
      const { status, headers, text } = await askThrough(port, proxy, ["GET", target]);
      return [status, headers["x-packgate-reason"], service.lines.filter((line) => line.startsWith("error")), text];
    });
  const stale = serving(viewOf(ACME, { freshSince: Number.MAX_SAFE_INTEGER }));
  const unready = serving(viewOf(ACME, { ready: false }));
  const two = ["acme", "beta"].map((login, id) => ({ ...listed, id, login }));

  it.each([
    ["stale facts", stale, MINE, "stale"],
    ["stale facts, a list", stale, "/simple/", "stale"],
    ["facts not read yet", unready, MINE, "not-synced"],
    ["facts not read yet, a list", unready, "/simple/", "not-synced"],
    ["no organization", { organizations: () => [] }, MINE, "not-synced"],
    ["no telling which organization", { organizations: () => two }, MINE, "invalid_request"],
  ] as const)("%s", async (_, more, target, reason) => {
    expect(await answerOf(more, target)).toEqual([403, reason, [], expect.any(String)]);
  });

  it.each([
    ["at once", () => throwing()],
    ["later", () => Promise.reject(new Error("no such luck"))],
  ] as const)("a fault of ours %s", async (_, verifyToken) => {
    const [status, reason, errors, text] = await answerOf({ verifyToken });
    expect([status, reason]).toEqual([403, "internal"]);
    expect(errors).toEqual([expect.stringContaining("no such luck")]);
    expect(text).not.toContain("luck");
  });

  it("waits for a token that is not known yet", async () => {
    const check = deferred<never>();
    await during({ verifyToken: () => check.promise }, async ({ port }) => {
      const pending = askThrough(port, proxy, ["GET", MINE]);
      check.resolve({ status: "active", identity: identityOf(ALICE, "alice") } as never);
      expect((await pending).status).toBe(200);
    });
  });
});

const listed = { view: () => viewOf(), confirm: () => Promise.resolve() };

function throwing(): never {
  throw new Error("no such luck");
}

describe("X-Auth-Request-Groups", () => {
  const groupsOf = async (slugs: readonly string[], direct = slugs.map((_, id) => id + 100)): Promise<unknown> => {
    const teams = new Map(slugs.map((slug, id) => [id + 100, { nodeId: `T_${id}`, slug, parent: undefined }]));
    const teamMembers = new Map(direct.map((id) => [id, confirmed(new Set([ALICE]))]));
    const facts = { ...ACME, teams: confirmed(teams), teamMembers, access: ACME.access };
    const base = { ...ACME.organization?.value, id: 1, login: "acme", basePermission: "read" as const };
    const view = viewOf({ ...facts, organization: confirmed(base) });
    return during(serving(view), async ({ port }) => {
      const once = await askThrough(port, "nginx", ["GET", MINE]);
      const again = await askThrough(port, "nginx", ["GET", MINE]);
      expect(again.headers["x-auth-request-groups"]).toBe(once.headers["x-auth-request-groups"]);
      return once.headers["x-auth-request-groups"];
    });
  };

  it("lists teams, and no more of them than a proxy has room for", async () => {
    expect(await groupsOf(["b", "a"])).toBe("a,b");
    expect(await groupsOf([])).toBe("");
    expect(await groupsOf(["a", "two,three", "n\u00e9", "z"])).toBe("a,z");
    const many = Array.from({ length: 200 }, (_, id) => `team-${id}`.padEnd(20, "x"));
    const list = String(await groupsOf(many));
    expect(list.length).toBeGreaterThan(2000);
    expect(list.length).toBeLessThanOrEqual(2048);
    expect(list.split(",").every((slug) => many.includes(slug))).toBe(true);
  });

  it("is of this revision", async () => {
    let view = viewOf();
    const organizations = () => [{ id: 1, login: "acme", view: () => view, confirm: () => Promise.resolve() }];
    const { port, server } = await listen({ organizations });
    const groups = async () => (await askThrough(port, "nginx", ["GET", MINE])).headers["x-auth-request-groups"];
    expect(await groups()).toBe("backend,platform");
    const teamMembers = new Map([...ACME.teamMembers, [READERS, confirmed(new Set([ALICE]))] as const]);
    teamMembers.delete(BACKEND);
    view = viewOf({ ...ACME, teamMembers }, { revision: 4712 });
    expect(await groups()).toBe("readers");
    server.close();
  });
});

it("asks as the client whose key it shows", async () => {
  const clients = [{ name: "proxy", org: "acme", digest: digestOf(SECRET) }];
  const asked: string[] = [];
  const verifyToken: HttpService["verifyToken"] = (token, client) => {
    asked.push(client);
    expect(token).toBe(TOKEN);
    return { status: "active", identity: identityOf(ALICE, "alice") };
  };
  await during({ clients, verifyToken }, async ({ port, service }) => {
    expect((await askThrough(port, "nginx", ["GET", MINE])).status).toBe(200);
    expect(asked).toEqual(["proxy"]);
    expect(service.lines.at(-1)).toContain('"client":"proxy","user":583231,"package":"acme-core","action":"read"');
  });
});

describe("what an outsider learns", () => {
  it("is the same of every name, whether or not somebody claims it", async () => {
    const old = CLAIMS.get(name("acme-old"));
    if (old === undefined) throw new Error("no such claim");
    const view = viewOf(ACME, { claims: new Map([...CLAIMS, [name("acme"), old]]) });
    const headers = { Authorization: basic("mallory", STRANGERS_TOKEN) };
    await during(serving(view), async ({ port }) => {
      for (const called of ["acme-core", "acme-old", "acme-fight", "acme-gone", "acme-nothing"]) {
        for (const [method, target, verb] of [
          ["GET", `/simple/${called}/`, "read"],
          ["DELETE", `/simple/${called}/`, "delete"],
          ["POST", `/legacy/${called}/`, "upload"],
          ["GET", `/packages/${called}-1.0.tar.gz`, "read"],
        ] as const) {
          const reply = await askThrough(port, "caddy", [method, target], { headers });
          expect([reply.status, reply.headers["x-packgate-reason"], reply.headers["x-packgate-package"]]).toEqual([
            403,
            "not-a-member",
            called,
          ]);
          const message = `mallory may not ${verb} ${called}: mallory is not a member of acme; an owner can send an invitation on GitHub`;
          expect(reply.json["message"]).toBe(message);
        }
      }
    });
  });
});

describe("a header that contradicts", () => {
  it("is seen however many stand before it", async () => {
    await during({}, async ({ port }) => {
      const ours = { ...KEY, ...ALICES, ...original(MINE) };
      const lines = Object.entries(ours).map(([key, value]) => `${key}: ${value}\r\n`);
      const filling = "a:\r\n".repeat(2100);
      const head = `GET /authorize/nginx HTTP/1.1\r\nHost: packgate\r\n${lines.join("")}${filling}`;
      const reply = await sendRaw(port, `${head}X-Original-URI: ${OTHERS}\r\nConnection: close\r\n\r\n`);
      expect(reply.statuses).toEqual([403]);
      expect(reply.text).toContain("duplicate-header");
    });
  });
});
