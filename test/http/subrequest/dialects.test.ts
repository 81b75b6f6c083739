import { describe, expect, it } from "vitest";
import { ACME, CLAIMS, name, viewOf } from "../acme.ts";
import {
  ask,
  BOBS_TOKEN,
  DEAD_TOKEN,
  during,
  listenThroughout,
  LOST_TOKEN,
  SECRET,
  serving,
  STRANGERS_TOKEN,
  TOKEN,
} from "../helpers.ts";
import { ALICES, askThrough, basic, PROXIES } from "./asking.ts";

const served = listenThroughout();

const PAGE = ["GET", "/simple/acme-core/"] as const;
const CHALLENGE = 'Basic realm="packgate", charset="UTF-8"';
const as = (login: string, token: string) => ({ headers: { Authorization: basic(login, token) } });
const nobody = { headers: {} };

describe.each(PROXIES)("the dialect of %s", (proxy) => {
  it.each([
    [PAGE, as("alice", TOKEN), 200, "team"],
    [["HEAD", "/simple/Acme_Core/"], as("__token__", TOKEN), 200, "team"],
    [["GET", "/packages/acme_core-1.0-py3-none-any.whl.metadata"], as(TOKEN, ""), 200, "team"],
    [["GET", "/simple/acme-core/?x=y"], { headers: { Authorization: `Bearer ${TOKEN}` } }, 200, "team"],
    [["GET", "/simple/acme-core/"], { headers: { Authorization: `bearer  ${BOBS_TOKEN}` } }, 200, "team"],
    [["DELETE", "/packages/acme_core-1.0.tar.gz"], as("alice", TOKEN), 403, "no-grant"],
    [["GET", "/simple/acme-old/"], as("bob", BOBS_TOKEN), 403, "no-grant"],
    [["GET", "/simple/acme-gone/"], as("alice", TOKEN), 403, "retired"],
    [["GET", "/simple/acme-new/"], as("alice", TOKEN), 403, "unclaimed"],
    [["PUT", "/api/package/acme-old/acme_old-1.0.zip"], as("alice", TOKEN), 403, "archived"],
    [PAGE, as("mallory", STRANGERS_TOKEN), 403, "not-a-member"],
    [PAGE, as("x", LOST_TOKEN), 403, "unverifiable"],
    [PAGE, nobody, 401, "missing-credentials"],
    [PAGE, { headers: { Authorization: "Negotiate abc" } }, 401, "missing-credentials"],
    [PAGE, { headers: { Authorization: "Basic !!" } }, 401, "missing-credentials"],
    [PAGE, { headers: { Authorization: "Basic YWxpY2U" } }, 401, "missing-credentials"],
    [PAGE, as("alice", DEAD_TOKEN), 401, "invalid-token"],
    [PAGE, as("bob", TOKEN), 401, "username-mismatch"],
    [["GET", "/simple/"], as("alice", TOKEN), 200, "member"],
    [["GET", "/simple/"], as("mallory", STRANGERS_TOKEN), 403, "not-a-member"],
    [["GET", "/simple/"], as("alice", DEAD_TOKEN), 401, "invalid-token"],
    [["GET", "/simple/"], nobody, 401, "missing-credentials"],
    [["POST", "/"], as("alice", TOKEN), 200, "team"],
    [["POST", "/legacy/"], as("bob", BOBS_TOKEN), 403, "no-grant"],
    [["POST", "/legacy/"], as("x", LOST_TOKEN), 403, "unverifiable"],
    [["POST", "/legacy/"], nobody, 401, "missing-credentials"],
    [["POST", "/legacy/acme-core/"], as("alice", TOKEN), 200, "team"],
    [["POST", "/legacy/acme-old/"], as("alice", TOKEN), 403, "archived"],
    [["PATCH", "/simple/acme-core/"], as("alice", TOKEN), 403, "unknown-path"],
    [["GET", "/simple/acme-core/../acme-old/"], as("alice", TOKEN), 403, "malformed-path"],
    [["GET", "/simple/acme-core%2F../"], as("alice", TOKEN), 403, "malformed-path"],
    [["GET", "/simple/acme-core/acme_old-1.0.zip"], as("alice", TOKEN), 403, "name-mismatch"],
  ] as const)("answers %j by %j with %i %s", async (request, options, status, reason) => {
    const reply = await askThrough(served.port, proxy, request, options);
    expect([reply.status, reply.headers["x-packgate-reason"]]).toEqual([status, reason]);
    expect(reply.headers["www-authenticate"]).toBe(status === 401 ? CHALLENGE : undefined);
    expect(reply.headers["cache-control"]).toBe("no-store");
    if (reply.text === "") return;
    expect(reply.json).toEqual({
      decision: status === 200 ? "allow" : reason === "unverifiable" ? "unknown" : "deny",
      reason,
      message: expect.stringMatching(/^\S.*[^.]$/),
    });
  });

  it("tells the index behind it who it is, and what it is about", async () => {
    const { headers } = await askThrough(served.port, proxy, PAGE);
    expect(headers).toMatchObject({
      "x-auth-request-user": "alice",
      "x-auth-request-groups": "backend,platform",
      "x-packgate-package": "acme-core",
      "x-packgate-action": "read",
      "x-packgate-reason": "team",
      "x-authentication-service": Buffer.from('{"identity":{"user":{"username":"alice"}}}').toString("base64"),
    });
  });

  it("tells nobody's name where it refuses, and no package where there is none", async () => {
    const refused = await askThrough(served.port, proxy, ["DELETE", "/simple/acme-core/"]);
    expect(refused.headers).toMatchObject({ "x-packgate-package": "acme-core", "x-packgate-action": "delete" });
    expect(Object.keys(refused.headers).filter((name) => name.startsWith("x-auth"))).toEqual([]);
    const listed = await askThrough(served.port, proxy, ["GET", "/simple/"]);
    expect(listed.headers["x-packgate-package"]).toBeUndefined();
    expect(listed.headers["x-packgate-action"]).toBe("read");
  });

  it.each([
    ["no key", {}],
    ["a wrong key", { "X-Packgate-Key": `${SECRET}x` }],
    ["two keys", { "X-Packgate-Key": [SECRET, SECRET] }],
  ])("answers only to a proxy that it knows: %s", async (_, headers) => {
    const path = proxy === "envoy" ? "/authorize/envoy/simple/acme-core/" : `/authorize/${proxy}`;
    for (const more of [ALICES, { authorization: `Bearer ${SECRET}` }]) {
      const reply = await ask(served.port, path, { headers: { ...headers, ...more } });
      expect([reply.status, reply.json["error"]]).toEqual([401, "invalid_client"]);
    }
  });

  it("takes the permission on each package that an old sdist may be of", async () => {
    const old = CLAIMS.get(name("acme-old"));
    if (old === undefined) throw new Error("no such claim");
    const view = viewOf(ACME, { claims: new Map([...CLAIMS, [name("acme"), old]]) });
    await during(serving(view), async ({ port }) => {
      const bobs = as("bob", BOBS_TOKEN);
      const ambiguous = await askThrough(port, proxy, ["GET", "/packages/acme-core-1.0.tar.gz"], bobs);
      expect([ambiguous.status, ambiguous.headers["x-packgate-package"]]).toEqual([403, "acme"]);
      expect((await askThrough(port, proxy, ["GET", "/packages/acme_core-1.0.tar.gz"], bobs)).status).toBe(200);
      expect((await askThrough(port, proxy, ["GET", "/packages/acme-core-1.0.tar.gz"])).status).toBe(200);
    });
  });
});
