import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { HttpService } from "../../src/http/service.ts";
import { ACME, ALICE, CLAIMS, confirmed, DAVE, name, NOW, viewOf } from "./acme.ts";
import type { Listening, Reply } from "./helpers.ts";
import {
  ask,
  askIntrospect,
  BASIC,
  BOBS_TOKEN,
  DEAD_TOKEN,
  during,
  identityOf,
  listen,
  LOST_TOKEN,
  serving,
  STRANGERS_TOKEN,
  TOKEN,
} from "./helpers.ts";

let served: Listening;
beforeAll(async () => {
  served = await listen();
});
afterAll(() => {
  served.server.close();
});

const ALICES = {
  active: true,
  sub: "583231",
  username: "alice",
  token_type: "Bearer",
  iss: "https://packgate.example",
  client_id: "github:classic",
  iat: Math.floor((NOW - 500) / 1000),
  exp: Math.floor((NOW + 60_500) / 1000),
};
const INACTIVE = '{"active":false}';

const once = (more: Partial<HttpService>, form: Record<string, string>): Promise<Reply> =>
  during(more, ({ port }) => askIntrospect(port, form));

describe("POST /introspect", () => {
  it("lists everything that a live token may do", async () => {
    const reply = await askIntrospect(served.port, { token: TOKEN, token_type_hint: "access_token" });
    expect(reply.status).toBe(200);
    expect(reply.json).toEqual({
      ...ALICES,
      scope: "read:acme-core upload:acme-core read:acme-fight read:acme-old",
      permissions: { "acme-core": ["read", "upload"], "acme-fight": ["read"], "acme-old": ["read"] },
    });
  });

  it("limits the list to one package, in any spelling", async () => {
    const reply = await askIntrospect(served.port, { token: TOKEN, package: "Acme.Core" });
    expect(reply.json).toEqual({
      ...ALICES,
      scope: "read:acme-core upload:acme-core",
      permissions: { "acme-core": ["read", "upload"] },
    });
    const none = await askIntrospect(served.port, { token: TOKEN, package: "acme-new" });
    expect(none.json).toEqual({ ...ALICES, scope: "", permissions: { "acme-new": [] } });
  });

  it("names the app a token was issued to", async () => {
    expect((await askIntrospect(served.port, { token: BOBS_TOKEN })).json["client_id"]).toBe("Iv1.abc");
  });

  it.each([
    ["dead", DEAD_TOKEN],
    ["a stranger's", STRANGERS_TOKEN],
    ["nonsense", "\u0000"],
  ])("says nothing but that a token is inactive: %s", async (_, token) => {
    const reply = await askIntrospect(served.port, { token });
    expect([reply.status, reply.text]).toEqual([200, INACTIVE]);
  });

  it("takes an outside collaborator for live", async () => {
    const dave = { verifyToken: () => ({ status: "active", identity: identityOf(DAVE, "dave") }) as const };
    expect((await once(dave, { token: "x" })).json).toMatchObject({
      active: true,
      permissions: { "acme-old": ["read"] },
    });
  });

  it("never calls a token inactive because nobody could be asked", async () => {
    const lost = await askIntrospect(served.port, { token: LOST_TOKEN });
    expect(lost).toMatchObject({ status: 503, json: { error: "unavailable" } });
    expect(lost.headers["retry-after"]).toBe("5");
    const early = await once(serving(viewOf(ACME, { ready: false })), { token: TOKEN });
    expect(early).toMatchObject({ status: 503, json: { error: "unavailable" } });
    expect((await once({ organizations: () => [] }, { token: TOKEN })).status).toBe(503);
  });

  it("knows a dead token before anything has been read", async () => {
    for (const early of [serving(viewOf(ACME, { ready: false })), { organizations: () => [] }]) {
      const reply = await once(early, { token: DEAD_TOKEN });
      expect([reply.status, reply.text]).toEqual([200, INACTIVE]);
    }
  });

  it("does not list what nobody can say yet", async () => {
    const access = new Map(ACME.access);
    access.delete(100);
    const view = viewOf({ ...ACME, access });
    expect((await once(serving(view), { token: TOKEN })).json).toEqual({ ...ALICES, permissions_truncated: true });
    expect((await once(serving(view), { token: TOKEN, package: "acme-core" })).status).toBe(503);
    expect((await once(serving(view), { token: TOKEN, package: "acme-old" })).json).toMatchObject({
      scope: "read:acme-old",
    });
  });

  it("lists 200 packages and not one more", async () => {
    for (const [packages, listed] of [
      [200, true],
      [201, false],
    ] as const) {
      const claims = new Map(
        [...Array(packages).keys()].map((index) => [
          name(`p-${index}`),
          { status: "held", repository: 100, path: "pyproject.toml", since: 0 } as const,
        ]),
      );
      const { json } = await once(serving(viewOf(ACME, { claims })), { token: TOKEN });
      expect("permissions" in json).toBe(listed);
      expect(json["permissions_truncated"]).toBe(listed ? undefined : true);
    }
  });

  it.each([
    ["application/json", '{"token":"x"}', 415, "unsupported_media_type"],
    ["text/plain", "token=x", 415, "unsupported_media_type"],
    ["", "token=x", 415, "unsupported_media_type"],
    ["application/x-www-form-urlencoded; charset=UTF-8", "token=x", 200, undefined],
    ["Application/X-WWW-Form-URLencoded", "token=x", 200, undefined],
    ["application/x-www-form-urlencoded", "", 400, "invalid_request"],
    ["application/x-www-form-urlencoded", "token=", 400, "invalid_request"],
    ["application/x-www-form-urlencoded", "tokens=x", 400, "invalid_request"],
    ["application/x-www-form-urlencoded", "token=a&token=b", 400, "invalid_request"],
    ["application/x-www-form-urlencoded", "token=a&package=b&package=c", 400, "invalid_request"],
    ["application/x-www-form-urlencoded", "token=a&package=-", 400, "invalid_request"],
    ["application/x-www-form-urlencoded", "token=a&org=other", 400, "invalid_request"],
    ["application/x-www-form-urlencoded", "token=%zz%00", 200, undefined],
    ["application/x-www-form-urlencoded", Buffer.from([0x74, 0xff]), 400, "invalid_request"],
  ])("%s %s → %i %s", async (type, body, status, error) => {
    const headers = { ...BASIC, "content-type": type };
    const reply = await ask(served.port, "/introspect", { method: "POST", headers, body });
    expect([reply.status, reply.json["error"]]).toEqual([status, error]);
  });

  it("does not take a token from the URL", async () => {
    const headers = { ...BASIC, "content-type": "application/x-www-form-urlencoded" };
    const reply = await ask(served.port, `/introspect?token=${TOKEN}`, { method: "POST", headers, body: "" });
    expect(reply.json["error"]).toBe("invalid_request");
  });

  it("knows the examples", () => {
    expect(CLAIMS.size).toBe(4);
    expect(confirmed(ALICE)).toEqual({ asOf: NOW, value: ALICE });
  });
});
