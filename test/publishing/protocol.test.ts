import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { AcmeRuns, AcmeRunsOptions } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { INDEX_SECRET } from "../helpers/packgate.ts";

describe("trusted publishing, as clients of PyPI speak it", () => {
  let runs: AcmeRuns;
  beforeAll(async () => {
    runs = await startAcmeRuns({ PACKGATE_PUBLIC_URL: "https://packgate.example", PACKGATE_OIDC_AUDIENCE: "packgate" });
  });
  afterAll(() => runs.stop());

  const post = (path: string, body: string | URLSearchParams, headers: Record<string, string> = {}) =>
    fetch(`${runs.packgate.url}${path}`, { method: "POST", body, headers });
  const AS_INDEX = { authorization: `Bearer ${INDEX_SECRET}` };
  const revoke = (form: Record<string, string>, headers: Record<string, string> = AS_INDEX) =>
    post("/revoke", new URLSearchParams(form), headers);

  it("says which audience to ask for", async () => {
    const response = await fetch(`${runs.packgate.url}/_/oidc/audience`);
    expect([response.status, response.headers.get("content-type")]).toStrictEqual([200, "application/json"]);
    expect(await response.json()).toStrictEqual({ audience: "packgate" });
  });

  it.each(["/_/oidc/mint-token", "/_/oidc/github/mint-token"])("makes a token at %s", async (path) => {
    const { status, body } = await runs.mint(await runs.token(), path);
    expect(status).toBe(200);
    expect(body).toStrictEqual({ success: true, token: expect.stringMatching(/^pgt_/), expires: expect.any(Number) });
    const left = Number(body["expires"]) - Date.now() / 1000;
    expect(left > 895 && left <= 900).toBe(true);
  });

  it.each(["", "{", "[]", "null", '{"token":1}', '{"token":""}', "token=x"])("refuses the body %s", async (body) => {
    for (const path of ["/_/oidc/mint-token", "/_/oidc/github/mint-token"]) {
      const response = await post(path, body);
      expect(response.status).toBe(422);
      expect(await response.json()).toMatchObject({ error: "invalid-payload", errors: [{ code: "invalid-payload" }] });
    }
  });

  it("says in a sentence why a run gets no token", async () => {
    const why = async (more: Record<string, unknown>) => {
      const { body } = await runs.mint(await runs.token(more));
      return Object(body)["errors"][0]["description"];
    };
    expect(await why({ event_name: "pull_request_target" })).toBe(
      "a run of acme/core may not upload acme-core: runs set off by pull_request_target may only read: publish from one that a push, a release or workflow_dispatch sets off",
    );
    expect(await why({ ref: "refs/heads/feature" })).toBe(
      "a run of acme/core may not upload acme-core: it runs on neither the default branch, nor a tag, nor a protected ref: publish from one of these",
    );
    expect(await why({ aud: "pypi" })).toBe(
      "the token is made for somebody else; ask for one with the audience packgate",
    );
    expect(await why({ repository_id: String(runs.acme.repositories.shared.id) })).toBe(
      "acme/shared holds no package: declare one in a manifest on its default branch",
    );
    expect(await why({ repository_id: String(runs.acme.repositories.legacy.id), ref: "refs/tags/v1" })).toMatch(
      /^a run of acme\/legacy may not upload acme-legacy: acme\/legacy is archived/,
    );
  });

  it("binds a token to the packages of the run's repository, and to reading and uploading", async () => {
    const token = await runs.minted();
    expect(await runs.may("upload", "Acme.Core", token)).toBe("allow");
    expect(await runs.may("read", "acme-core", token)).toBe("allow");
    expect(await runs.may("yank", "acme-core", token)).toBe("token-scope");
    // The run itself may read this; its token of ours is for its own packages.
    expect(await runs.may("read", "acme-tools", token)).toBe("token-scope");
    expect(await runs.may("upload", "acme-alpha", token)).toBe("token-scope");
    expect(await runs.may("upload", "acme-unheard-of", token)).toBe("token-scope");
    const answer = await runs.packgate.ask({ package: "acme-core", action: "upload", token, explain: true });
    expect(answer).toMatchObject({
      status: 200,
      body: { decision: "allow", reason: "workflow", user: null, repository: "acme/core" },
    });
    expect(answer.body["message"]).toMatch(/^a run of acme\/core may upload acme-core: /);
    const mono = await runs.minted({ repository_id: String(runs.acme.repositories.mono.id) });
    expect(await runs.may("upload", "acme-alpha", mono)).toBe("allow");
    expect(await runs.may("upload", "acme-beta", mono)).toBe("allow");
    expect(await runs.may("upload", "acme-core", mono)).toBe("token-scope");
  });

  it("tells an index whose token it is (RFC 7662)", async () => {
    const token = await runs.minted();
    expect(await runs.introspect(token)).toStrictEqual({
      active: true,
      sub: `repository:${runs.acme.repositories.core.id}`,
      username: "acme/core",
      token_type: "Bearer",
      iss: "https://packgate.example",
      client_id: "packgate",
      jti: expect.any(String),
      iat: expect.any(Number),
      exp: expect.any(Number),
      scope: "read:acme-core upload:acme-core",
      permissions: { "acme-core": ["read", "upload"] },
    });
    expect(await runs.introspect(token, { package: "acme-tools" })).toMatchObject({ active: true, scope: "" });
    const own = await runs.introspect(await runs.token());
    expect(own).toMatchObject({ iss: runs.issuer.url, client_id: "github:actions" });
    expect(own["permissions"]).toStrictEqual({
      "acme-core": ["read", "upload"],
      "acme-site": ["read"],
      "acme-tools": ["read"],
    });
    const wandering = await runs.token({ event_name: "pull_request" });
    expect((await runs.introspect(wandering))["permissions"]).toMatchObject({ "acme-core": ["read"] });
  });

  it("burns a token, and says the same of anything else", async () => {
    const token = await runs.minted();
    const other = await runs.minted();
    const burn = async (body: string) => {
      const response = await post("/_/oidc/burn-token", body);
      return [response.status, await response.json()];
    };
    const accepted = [202, { status: "accepted" }];
    expect(await burn(JSON.stringify({ token }))).toStrictEqual(accepted);
    for (const body of ["{", "{}", '{"token":"pgt_x"}', JSON.stringify({ token: `${other}x` })]) {
      expect(await burn(body)).toStrictEqual(accepted);
    }
    expect((await runs.packgate.ask({ package: "acme-core", action: "upload", token })).body).toMatchObject({
      reason: "invalid-token",
      message:
        "the token has ended, or was made for somewhere else: run `packgate login` again, or let the job mint another",
    });
    expect(await runs.introspect(token)).toStrictEqual({ active: false });
    expect(await runs.may("upload", "acme-core", other)).toBe("allow");
  });

  it("revokes a token for an index client (RFC 7009)", async () => {
    const token = await runs.minted();
    expect((await revoke({ token }, {})).status).toBe(401);
    expect(await runs.may("upload", "acme-core", token)).toBe("allow");
    const gone = await revoke({ token, token_type_hint: "access_token" });
    expect([gone.status, await gone.json()]).toStrictEqual([200, {}]);
    expect(await runs.may("upload", "acme-core", token)).toBe("invalid-token");
    // What is no token, or none any more, is as good as revoked.
    expect((await revoke({ token })).status).toBe(200);
    expect((await revoke({ token: "what-is-this" })).status).toBe(200);
  });

  it("revokes nothing that GitHub has made", async () => {
    const tokens = [await runs.token(), runs.github.tokenFor(runs.acme.users.alice.id), `ghs_${"a".repeat(40)}`];
    for (const token of tokens) {
      const response = await revoke({ token });
      expect(response.status).toBe(400);
      expect(await response.json()).toMatchObject({ error: "unsupported_token_type" });
    }
  });

  it("revokes by a form that names a token", async () => {
    expect((await revoke({})).status).toBe(400);
    expect((await post("/revoke", "{}", { ...AS_INDEX, "content-type": "application/json" })).status).toBe(415);
  });

  it("describes itself (RFC 8414)", async () => {
    const response = await fetch(`${runs.packgate.url}/.well-known/oauth-authorization-server`);
    expect([response.status, response.headers.get("content-type")]).toStrictEqual([200, "application/json"]);
    const metadata = Object(await response.json());
    expect(metadata).toMatchObject({
      issuer: "https://packgate.example",
      introspection_endpoint: "https://packgate.example/introspect",
      revocation_endpoint: "https://packgate.example/revoke",
      response_types_supported: [],
    });
    for (const endpoint of ["introspection_endpoint", "revocation_endpoint"]) {
      const { pathname } = new URL(metadata[endpoint]);
      expect((await fetch(`${runs.packgate.url}${pathname}`, { method: "POST" })).status).toBe(401);
    }
  });
});

describe("a restart", () => {
  const folder = mkdtempSync(join(tmpdir(), "publishing-"));
  const started: AcmeRuns[] = [];
  const start = async (options?: AcmeRunsOptions): Promise<AcmeRuns> => {
    const env = { PACKGATE_STATE: `file:${folder}`, PACKGATE_PUBLIC_URL: "https://packgate.example" };
    const runs = await startAcmeRuns(env, options);
    started.push(runs);
    return runs;
  };
  afterEach(async () => {
    for (const runs of started.splice(0)) await runs.stop();
  });
  afterAll(() => rmSync(folder, { recursive: true }));

  it("forgets neither the tokens that were made, nor those that were ended, nor those that were exchanged", async () => {
    const before = await start();
    const [kept, burnt, own] = [await before.minted(), await before.minted(), await before.token()];
    await before.mint(own);
    await fetch(`${before.packgate.url}/_/oidc/burn-token`, { method: "POST", body: JSON.stringify({ token: burnt }) });
    // Killed: nothing was told to stop.
    for (const name of ["signing-keys.json", "revoked.json", "exchanged.json"]) {
      expect(statSync(join(folder, name)).mode & 0o777).toBe(0o600);
    }
    for (const name of readdirSync(folder).filter((name) => name.endsWith(".json"))) {
      const text = readFileSync(join(folder, name), "utf8");
      for (const token of [kept, burnt, own]) expect(text).not.toContain(token);
    }
    const after = await start({ issuer: before.issuer });
    expect(await after.may("upload", "acme-core", kept)).toBe("allow");
    expect(await after.may("upload", "acme-core", burnt)).toBe("invalid-token");
    expect((await after.mint(own)).body["error"]).toBe("invalid-token");
    // Otherwise it is as good as ever.
    expect(await after.may("upload", "acme-core", own)).toBe("allow");
  });

  it("ends all tokens where nothing is kept, for nobody knows which were ended before", async () => {
    const key = JSON.stringify({
      kty: "EC",
      crv: "P-256",
      x: "WKn-ZIGevcwGIyyrzFoZNBdaq9_TsqzGl96oc0CWuis",
      y: "y77t-RvAHRKTsSGdIYUfweuOvwrvDD-Q3Hv5J0fSKbE",
      d: "Hndv7ZZjs_ke8o9zXYo3iq-Yr8SewI5vrqd0pAvEPqg",
    });
    const before = await startAcmeRuns({ PACKGATE_SIGNING_KEY: key, PACKGATE_PUBLIC_URL: "https://packgate.example" });
    const token = await before.minted();
    expect(await before.may("upload", "acme-core", token)).toBe("allow");
    await before.stop();
    // A second is the least that tokens know of.
    const time = { now: () => Date.now() + 1000, sleep: (milliseconds: number) => sleep(milliseconds) };
    const again = { PACKGATE_SIGNING_KEY: key, PACKGATE_PUBLIC_URL: "https://packgate.example" };
    const after = await startAcmeRuns(again, { surroundings: { time } });
    started.push(after);
    expect(await after.may("upload", "acme-core", token)).toBe("invalid-token");
    const iat = Math.ceil(time.now() / 1000);
    expect(await after.may("upload", "acme-core", await after.minted({ iat }))).toBe("allow");
  });
});

describe("a token never outlives the right that it was made for", () => {
  let runs: AcmeRuns;
  beforeAll(async () => {
    runs = await startAcmeRuns();
  });
  afterAll(() => runs.stop());

  it.each<[string, (runs: AcmeRuns) => void, string]>([
    [
      "its repository is archived",
      ({ github, acme }) => github.edit.archiveRepository(acme.repositories.mono),
      "archived",
    ],
    [
      "its repository is transferred",
      ({ github, acme }) => github.edit.transferRepository(acme.repositories.core, null),
      "token-scope",
    ],
  ])("when %s, the next decision is refused before the webhook is answered", async (_, change, reason) => {
    const [core, mono] = [runs.acme.repositories.core.id, runs.acme.repositories.mono.id];
    const name = reason === "archived" ? "acme-alpha" : "acme-core";
    const repository_id = String(reason === "archived" ? mono : core);
    const [ours, own] = [await runs.minted({ repository_id }), await runs.token({ repository_id })];
    expect([await runs.may("upload", name, ours), await runs.may("upload", name, own)]).toStrictEqual([
      "allow",
      "allow",
    ]);
    const held = runs.github.faults.pause("POST /graphql");
    change(runs);
    await runs.github.settle();
    expect([await runs.may("upload", name, ours), await runs.may("upload", name, own)]).toStrictEqual([reason, reason]);
    held.resume();
    await runs.packgate.settle();
    const after = [await runs.may("upload", name, ours), await runs.may("upload", name, own)];
    expect(after.every((answer) => answer !== "allow")).toBe(true);
  });
});
