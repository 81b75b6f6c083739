import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { classicToken } from "../github/identity/tokens.ts";
import { captureLog } from "../github/support/log.ts";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { deviceToken, exchange, loggedIn } from "../helpers/logins.ts";

let runs: AcmeRuns;
const log = captureLog();
const started: AcmeRuns[] = [];

/** For those who leave a Packgate as nobody else wants to find it. */
async function startAnew(env: Readonly<Record<string, string>> = {}): Promise<void> {
  runs = await startAcmeRuns({ PACKGATE_PUBLIC_URL: "https://packgate.example", ...env }, { log });
  started.push(runs);
}

beforeAll(() => startAnew());
beforeEach(() => runs.github.resetCounts());
afterAll(async () => {
  for (const each of started) await each.stop();
});

const asked = (route: string): number => runs.github.counts.byRoute.get(route) ?? 0;
const CHECK = "POST /applications/{client_id}/token";
const END = "DELETE /applications/{client_id}/token";

describe("where people log in", () => {
  it("is at GitHub, as our App", async () => {
    const response = await fetch(`${runs.packgate.url}/_/login`);
    expect([response.status, response.headers.get("content-type")]).toStrictEqual([200, "application/json"]);
    expect(await response.json()).toStrictEqual({
      client_id: runs.github.app.clientId,
      device_authorization_endpoint: "https://github.com/login/device/code",
      token_endpoint: "https://github.com/login/oauth/access_token",
    });
  });

  it("is nowhere while the App's OAuth client is not configured, and which settings are missing is said", async () => {
    await startAnew({ GITHUB_CLIENT_ID: "", GITHUB_CLIENT_SECRET: "" });
    const about = await fetch(`${runs.packgate.url}/_/login`);
    const minted = await exchange(runs, deviceToken(runs, runs.acme.users.alice));
    expect([about.status, minted.status]).toStrictEqual([404, 404]);
    for (const body of [await about.json(), minted.body]) {
      expect(body).toStrictEqual({
        error: "not_found",
        message: expect.stringContaining("GITHUB_CLIENT_ID and GITHUB_CLIENT_SECRET are not set"),
      });
    }
  });
});

describe("a login's token", () => {
  beforeAll(() => startAnew());

  it("is its owner's, for 12 hours, wherever a token is accepted", async () => {
    const { status, body } = await exchange(runs, deviceToken(runs, runs.acme.users.alice));
    expect([status, body]).toStrictEqual([
      200,
      { success: true, token: expect.stringMatching(/^pgt_/), expires: expect.any(Number) },
    ]);
    const left = Number(body["expires"]) - Date.now() / 1000;
    expect(left > 43_195 && left <= 43_200).toBe(true);

    const token = String(body["token"]);
    expect(await runs.may("upload", "acme-core", token)).toBe("allow");
    expect(await runs.may("read", "acme-alpha", token)).toBe("allow");
    expect(await runs.may("manage", "acme-core", token)).toBe("no-grant");
    const signedIn = async (username: string, password = token) => {
      const { status, body } = await runs.packgate.ask({
        package: "acme-core",
        action: "upload",
        credentials: { username, password },
      });
      return [status, body["reason"]];
    };
    expect(await signedIn("alice")).toStrictEqual([200, "team"]);
    expect(await signedIn("__token__")).toStrictEqual([200, "team"]);
    expect(await signedIn(token, "")).toStrictEqual([200, "team"]);
    expect(await signedIn("bob")).toStrictEqual([401, "username-mismatch"]);
    expect(log.text()).not.toContain(token);
  });

  it("is known by the name that its owner has now", async () => {
    const token = await loggedIn(runs, runs.acme.users.bob);
    runs.github.edit.renameUser(runs.acme.users.bob, "bobby");
    // Nobody tells of that: it is read with the next member.
    runs.github.edit.addMember(runs.acme.organization, runs.acme.users.erin);
    await runs.packgate.settle();
    const answer = await runs.packgate.ask({
      package: "acme-core",
      action: "read",
      credentials: { username: "bobby", password: token },
    });
    expect(answer.body).toMatchObject({ decision: "allow", user: { login: "bobby" } });
  });

  it("tells an index whose it is (RFC 7662)", async () => {
    const token = await loggedIn(runs, runs.acme.users.alice);
    const told = await runs.introspect(token, { package: "acme-core" });
    expect(told).toStrictEqual({
      active: true,
      sub: String(runs.acme.users.alice.id),
      username: "alice",
      token_type: "Bearer",
      iss: "https://packgate.example",
      client_id: "packgate",
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      scope: "read:acme-core upload:acme-core",
      permissions: { "acme-core": ["read", "upload"] },
    });
    expect(Number(told["exp"]) - Number(told["iat"])).toBe(43_200);
  });

  it("costs GitHub no call when it is used, also to prove that it sees a repository", async () => {
    const token = await loggedIn(runs, runs.acme.users.alice);
    runs.github.resetCounts();
    expect(await runs.may("upload", "acme-core", token)).toBe("allow");
    expect(runs.github.counts.rest).toBe(0);
  });

  it("leaves none of GitHub's alive, and the person's consent as it is", async () => {
    const own = deviceToken(runs, runs.acme.users.alice);
    const { body } = await exchange(runs, own);
    expect(await runs.may("read", "acme-core", own)).toBe("invalid-token");
    await runs.packgate.settle();
    expect(await runs.may("read", "acme-core", String(body["token"]))).toBe("allow");
    expect((await exchange(runs, own)).body["error"]).toBe("invalid-token");
  });

  it("is made also when GitHub's cannot be ended, which is warned of", async () => {
    runs.github.faults.status(END, 502);
    const own = deviceToken(runs, runs.acme.users.alice);
    const { status } = await exchange(runs, own);
    expect(status).toBe(200);
    expect(log.text()).toContain(
      `GitHub's own token of the login of user ${runs.acme.users.alice.id} could not be ended`,
    );
    expect(log.text()).not.toContain(own);
  });
});

describe("what is no proof of a login", () => {
  beforeAll(() => startAnew());

  it.each<[string, (runs: AcmeRuns) => string, number]>([
    ["a personal access token", ({ github, acme }) => github.tokenFor(acme.users.alice.id), 0],
    ["a fine-grained one", ({ github, acme }) => github.tokenFor(acme.users.alice.id, "fine-grained"), 0],
    ["an OAuth app's", ({ github, acme }) => github.tokenFor(acme.users.alice.id, "oauth"), 0],
    ["a refresh token", () => `ghr_${"a".repeat(76)}`, 0],
    ["one of ours", () => "pgt_eyJ.eyJ.x", 0],
    ["nothing of the kind", () => "alice", 0],
    ["another App's", (all) => deviceToken(all, all.acme.users.alice, { foreign: true }), 1],
    ["one that has ended", (all) => deviceToken(all, all.acme.users.alice, { expiresAt: 1 }), 1],
    ["one that nobody knows", () => classicToken(7, "ghu_"), 1],
  ])("%s", async (_, token, checks) => {
    const given = token(runs);
    const { status, body } = await exchange(runs, given);
    expect([status, body["error"], body["message"]]).toStrictEqual([422, "invalid-token", "Token request failed"]);
    expect(JSON.stringify(body)).not.toContain(given);
    expect(asked(CHECK)).toBe(checks);
    // Whose a weak token is, is not even asked.
    expect(asked("GET /user")).toBe(0);
  });

  it.each(["", "{", "[]", '{"token":1}', '{"token":""}'])("the body %s", async (body) => {
    const response = await fetch(`${runs.packgate.url}/_/login/mint-token`, { method: "POST", body });
    expect(response.status).toBe(422);
    expect(await response.json()).toMatchObject({ error: "invalid-payload", errors: [{ code: "invalid-payload" }] });
  });

  it("a person to whom GitHub shows no organization that is served", async () => {
    const { acme } = runs;
    const why = async (user: { id: number }, more = {}) => {
      const { status, body } = await exchange(runs, deviceToken(runs, user, more));
      return [status, body["error"], Object(body)["errors"][0]["description"]];
    };
    const sentence = expect.stringContaining("GitHub shows this App no organization of erin's that is served here");
    expect(await why(acme.users.erin)).toStrictEqual([422, "no-organization", sentence]);
    // Somebody who is not signed in to the organization's identity provider.
    const sso = await why(acme.users.alice, { withoutSso: [acme.organization.id] });
    expect(sso).toStrictEqual([
      422,
      "no-organization",
      expect.stringContaining("https://github.com/orgs/ORGANIZATION/sso"),
    ]);
    // And of what GitHub gave them nothing is left.
    expect(asked(END)).toBe(2);
  });

  it("more than a person's machines need", async () => {
    const { carol, bob } = runs.acme.users;
    for (let number = 0; number < 20; number += 1) await loggedIn(runs, carol);
    const { status, body } = await exchange(runs, deviceToken(runs, carol));
    expect([status, body["error"]]).toStrictEqual([422, "too-many-tokens"]);
    expect(JSON.stringify(body)).toContain("carol has logged in too often");
    expect(await loggedIn(runs, bob)).toMatch(/^pgt_/);
  });
});

describe("while GitHub cannot be asked", () => {
  beforeEach(() => startAnew());

  it.each([CHECK, "GET /user/installations"])("for %s is no refusal, and the same token does later", async (route) => {
    const own = deviceToken(runs, runs.acme.users.alice);
    runs.github.faults.status(route, 502);
    const { status, body } = await exchange(runs, own);
    expect([status, body["error"]]).toStrictEqual([503, "unavailable"]);
    expect((await exchange(runs, own)).status).toBe(200);
  });

  it("because it wants to be left alone, it is", async () => {
    runs.github.faults.secondaryLimit(CHECK);
    expect((await exchange(runs, deviceToken(runs, runs.acme.users.alice))).status).toBe(503);
    const before = runs.github.counts.rest;
    expect((await exchange(runs, deviceToken(runs, runs.acme.users.alice))).status).toBe(503);
    expect(runs.github.counts.rest).toBe(before);
  });

  it("at all, nothing is made", async () => {
    const own = deviceToken(runs, runs.acme.users.alice);
    runs.github.faults.down();
    expect((await exchange(runs, own)).body["error"]).toBe("unavailable");
  });
});
