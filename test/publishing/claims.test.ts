import { generateKeyPairSync } from "node:crypto";
import { SignJWT } from "jose";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";

let runs: AcmeRuns;
let recreated = { old: 0, fresh: 0 };

beforeAll(async () => {
  runs = await startAcmeRuns();
  const { acme, github, packgate } = runs;
  const { organization, repositories } = acme;
  // A name of old whose repository is another now: labels tell nothing.
  github.edit.deleteRepository(repositories.utils);
  const files = { "pyproject.toml": '[project]\nname = "acme-reborn"\n' };
  const fresh = github.edit.createRepository(organization, { name: "utils", visibility: "private", files });
  recreated = { old: repositories.utils.id, fresh: fresh.id };
  await packgate.settle();
});
afterAll(() => runs.stop());

type Claims = Readonly<Record<string, unknown>>;

/** What a run's token is good for: uploading acme-core, reading it, and being exchanged for a token of ours. */
interface Row {
  readonly name: string;
  readonly token: () => Promise<string> | string;
  readonly upload: string;
  readonly read: string;
  readonly mint: string;
}

const good = (name: string, claims: Claims = {}): Row => row(name, claims, "allow", "allow", "minted");
const readsOnly = (name: string, claims: Claims): Row => row(name, claims, "token-scope", "allow", "invalid-publisher");
const refused = (name: string, claims: Claims, header?: Claims): Row =>
  row(name, claims, "invalid-token", "invalid-token", "invalid-token", header);
const lacks = (claim: string): Row => refused(`lacks ${claim}`, { [claim]: undefined });

function row(name: string, claims: Claims, upload: string, read: string, mint: string, header?: Claims): Row {
  return { name, token: () => runs.token(claims, header), upload, read, mint };
}

function made(name: string, token: Row["token"], mint = "invalid-token"): Row {
  return { name, token, upload: "invalid-token", read: "invalid-token", mint };
}

const seconds = (from: number): number => Math.floor(Date.now() / 1000) + from;
const claims = async (): Promise<Claims> => JSON.parse(atob((await runs.token()).split(".")[1] ?? ""));
const encoded = (value: object): string => Buffer.from(JSON.stringify(value)).toString("base64url");
const spoiled = async (part: number, spoil: (text: string) => string): Promise<string> =>
  (await runs.token())
    .split(".")
    .map((text, index) => (index === part ? spoil(text) : text))
    .join(".");

const TABLE: readonly Row[] = [
  // Where a run may publish from.
  good("on the default branch"),
  good("on a tag", { ref: "refs/tags/v1.0", ref_type: "tag" }),
  good("on a protected branch", { ref: "refs/heads/release", ref_protected: "true" }),
  good("in an environment, on the default branch", { environment: "release" }),
  good("by hand", { event_name: "workflow_dispatch" }),
  good("by a release", { event_name: "release", ref: "refs/tags/v1.0", ref_type: "tag" }),
  good("by the clock", { event_name: "schedule" }),
  good("on its own machines", { runner_environment: "self-hosted" }),
  good("by a reusable workflow of the organization", {
    job_workflow_ref: "acme/ci/.github/workflows/publish.yml@refs/heads/main",
  }),
  good("by a reusable workflow of others: whose repository runs it counts", {
    job_workflow_ref: "elsewhere/ci/.github/workflows/publish.yml@refs/tags/v1",
  }),
  good("without a workflow's name", { workflow: undefined, workflow_ref: undefined, job_workflow_ref: undefined }),
  readsOnly("on another branch", { ref: "refs/heads/feature" }),
  readsOnly("on a branch that only begins like the default one", { ref: "refs/heads/main2" }),
  readsOnly("on a branch that is called like a tag", { ref: "refs/heads/refs/tags/v1" }),
  readsOnly("on a branch that lies about its type", { ref: "refs/heads/feature", ref_type: "tag" }),
  readsOnly("in an environment, on another branch: whoever pushes may name one", {
    ref: "refs/heads/feature",
    environment: "release",
  }),
  readsOnly("in a merge queue", { event_name: "merge_group", ref: "refs/heads/gh-readonly-queue/main/pr-1" }),
  // Events that strangers can cause.
  readsOnly("by a pull request", { event_name: "pull_request", ref: "refs/pull/1/merge" }),
  readsOnly("by a pull request, on the default branch", { event_name: "pull_request" }),
  readsOnly("by pull_request_target", { event_name: "pull_request_target" }),
  readsOnly("by pull_request_target, on a protected ref", { event_name: "pull_request_target", ref_protected: "true" }),
  readsOnly("by workflow_run", { event_name: "workflow_run" }),
  readsOnly("by workflow_run, in an environment", { event_name: "workflow_run", environment: "release" }),
  // `sub` and names say nothing here.
  good("with the immutable sub", { sub: "repo:acme@1001/core@1011:ref:refs/heads/main" }),
  good("with a sub for an environment", { sub: "repo:acme/core:environment:release" }),
  good("with a sub that the organization made up", { sub: "repository_id:4711:context" }),
  good("with the sub of somebody else", { sub: "repo:evil/core:ref:refs/heads/main" }),
  good("without a sub", { sub: undefined }),
  good("under a former name", { repository: "acme/kernel", repository_owner: "former" }),
  row("of another repository", { repository_id: "1" }, "token-scope", "not-a-member", "invalid-publisher"),
  {
    ...row(
      "of a repository that was deleted and made anew, by its old number",
      {},
      "token-scope",
      "not-a-member",
      "invalid-publisher",
    ),
    token: () => runs.token({ repository_id: String(recreated.old), repository: "acme/utils" }),
  },
  {
    ...row("of a repository that was deleted and made anew, by its new number", {}, "no-grant", "no-grant", "minted"),
    token: () => runs.token({ repository_id: String(recreated.fresh), repository: "acme/utils" }),
  },
  {
    ...row("of a fork within the organization", {}, "no-grant", "no-grant", "invalid-publisher"),
    token: () => runs.token({ repository_id: String(runs.acme.repositories.coreFork.id) }),
  },
  {
    ...row("of a repository without packages", {}, "no-grant", "no-grant", "invalid-publisher"),
    token: () => runs.token({ repository_id: String(runs.acme.repositories.shared.id) }),
  },
  refused("of a fork elsewhere", { repository_owner_id: "9", repository_id: "99", repository: "mallory/core" }),
  refused("of an owner who is not served, with our repository's number", { repository_owner_id: "9" }),
  // Whom a token is by, and for.
  refused("of another issuer", { iss: "https://token.actions.githubusercontent.com" }),
  { ...made("of an issuer that only begins like ours", () => runs.token({ iss: `${runs.issuer.url}.evil.example` })) },
  { ...made("of an issuer with a slash too many", () => runs.token({ iss: `${runs.issuer.url}/` })) },
  refused("of no issuer", { iss: undefined }),
  refused("for another audience", { aud: "pypi" }),
  refused("for GitHub's default audience", { aud: "https://github.com/acme" }),
  refused("for us and others", { aud: ["packgate", "pypi"] }),
  good("for us in a list", { aud: ["packgate"] }),
  lacks("aud"),
  // When.
  { ...made("expired", () => runs.token({ exp: seconds(-60) })) },
  { ...made("expired long ago", () => runs.token({ iat: seconds(-7200), nbf: seconds(-7200), exp: seconds(-3600) })) },
  { ...made("not yet valid", () => runs.token({ nbf: seconds(60) })) },
  { ...made("from the future", () => runs.token({ iat: seconds(60) })) },
  refused("without an end", { exp: undefined }),
  refused("with an end that is no number", { exp: "never" }),
  // What must be said.
  lacks("jti"),
  lacks("iat"),
  lacks("repository_id"),
  lacks("repository_owner_id"),
  lacks("event_name"),
  lacks("ref"),
  readsOnly("without ref_protected, on another branch", { ref: "refs/heads/feature", ref_protected: undefined }),
  refused("with a number as a number", { repository_id: 1 }),
  refused("with a number that JavaScript would read", { repository_id: "0x10" }),
  refused("with a number and a name", { repository_owner_id: "1001 " }),
  refused("with a protection that is neither true nor false", { ref_protected: "yes" }),
  // How it is signed.
  made(
    "alg none, with no signature",
    async () => `${encoded({ alg: "none", typ: "JWT" })}.${encoded(await claims())}.`,
  ),
  made("alg none, with a signature", async () => `${encoded({ alg: "none" })}.${encoded(await claims())}.c2lnbmVk`),
  made("HS256 with the public key as the secret", async () =>
    new SignJWT({ ...(await claims()) })
      .setProtectedHeader({ alg: "HS256", kid: "key-1" })
      .sign(Buffer.from(runs.issuer.publicKey().export({ type: "spki", format: "pem" }))),
  ),
  made("RS256 by somebody else's key under the issuer's kid", async () =>
    new SignJWT({ ...(await claims()) })
      .setProtectedHeader({ alg: "RS256", kid: "key-1" })
      .sign(generateKeyPairSync("rsa", { modulusLength: 2048 }).privateKey),
  ),
  made("a key in the header, which nobody asked for", async () => {
    const { privateKey, publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    const jwk = { ...publicKey.export({ format: "jwk" }), kty: "RSA" };
    return new SignJWT({ ...(await claims()) })
      .setProtectedHeader({ alg: "RS256", kid: "key-1", jwk })
      .sign(privateKey);
  }),
  made("PS256 with the right key", async () => runs.token({}, { alg: "PS256" })),
  refused("an unknown kid", {}, { kid: "key-of-nobody" }),
  made("a critical header that nobody understands", async () => {
    const [, payload = ""] = (await runs.token()).split(".");
    return `${encoded({ alg: "RS256", kid: "key-1", crit: ["b65"], b65: true })}.${payload}.c2ln`;
  }),
  { ...good("no kid, where there is one key"), token: () => runs.token({}, { kid: undefined }) },
  made("claims changed after signing", () =>
    spoiled(1, (text) => encoded({ ...JSON.parse(Buffer.from(text, "base64url").toString()), repository_id: "2" })),
  ),
  made("a signature cut short", () => spoiled(2, (text) => text.slice(0, -8))),
  // What is no token of a run.
  made("a JWT of two parts", async () => (await runs.token()).split(".").slice(0, 2).join(".")),
  made("a JWT of four parts", async () => `${await runs.token()}.x`),
  made("huge", async () => runs.token({ padding: "x".repeat(9000) })),
  made("huge, with nothing in it", () => `eyJ${"a".repeat(60_000)}.eyJ.x`),
  made("a claim set that is no object", () => `${encoded({ alg: "RS256" })}.${encoded([])}.c2ln`),
];

describe("a workflow run's own token", () => {
  it("is looked at in 50 ways and more", () => {
    expect(new Set(TABLE.map(({ name }) => name)).size).toBe(TABLE.length);
    expect(TABLE.length).toBeGreaterThanOrEqual(50);
  });

  it.each(TABLE)("$name", async ({ token, upload, read, mint }) => {
    const text = await token();
    expect(await runs.may("upload", "acme-core", text)).toBe(upload);
    expect(await runs.may("read", "acme-core", text)).toBe(read);
    const { status, body } = await runs.mint(text);
    expect(body["error"] ?? "minted").toBe(mint);
    expect(status).toBe(mint === "minted" ? 200 : 422);
    const known = upload !== "invalid-token";
    expect((await runs.introspect(text))["active"]).toBe(known);
  });

  it("goes on being good when the issuer has another key beside its own, until that is withdrawn", async () => {
    const old = await runs.token();
    expect(await runs.may("upload", "acme-core", old)).toBe("allow");
    for (const [overlap, expected] of [
      [true, "allow"],
      [false, "invalid-token"],
    ] as const) {
      runs.issuer.rotate(overlap);
      expect(await runs.may("upload", "acme-core", await runs.token())).toBe("allow");
      expect(await runs.may("upload", "acme-core", old)).toBe(expected);
    }
  });

  it.each<readonly [Claims, string]>([
    [{ exp: seconds(-60) }, "the token has expired; a job can ask for a new one"],
    [
      { iss: "https://evil.example" },
      "the token is of an issuer that is not trusted here: the operator names it in PACKGATE_OIDC_ISSUERS",
    ],
  ])("says what is wrong with one that is refused, and what to do: %j", async (spoilt, message) => {
    const { status, body } = await runs.packgate.ask({
      package: "acme-core",
      action: "upload",
      token: await runs.token(spoilt),
    });
    expect([status, body]).toMatchObject([401, { reason: "invalid-token", message }]);
  });

  it("is exchanged once, and may still be used by itself", async () => {
    const text = await runs.token();
    expect((await runs.mint(text)).status).toBe(200);
    expect(await runs.mint(text)).toStrictEqual({
      status: 422,
      body: {
        error: "invalid-token",
        message: "Token request failed",
        errors: [{ code: "invalid-token", description: "the token has been exchanged before; ask GitHub for another" }],
      },
    });
    expect(await runs.may("upload", "acme-core", text)).toBe("allow");
  });

  it("is exchanged once also when it is sent many times at once", async () => {
    const text = await runs.token();
    const all = await Promise.all(Array.from({ length: 10 }, () => runs.mint(text)));
    expect(all.filter(({ status }) => status === 200)).toHaveLength(1);
  });

  it("that was of no use may be exchanged later", async () => {
    const text = await runs.token({ repository_id: String(runs.acme.repositories.shared.id) });
    expect((await runs.mint(text)).body["error"]).toBe("invalid-publisher");
    runs.github.edit.push(runs.acme.repositories.shared, {
      write: { "pyproject.toml": '[project]\nname = "acme-shared"\n' },
    });
    await runs.packgate.settle();
    expect((await runs.mint(text)).status).toBe(200);
  });

  it("reads what every member can see, and nothing else of other repositories", async () => {
    const text = await runs.token();
    expect(await runs.may("read", "acme-tools", text)).toBe("allow");
    expect(await runs.may("upload", "acme-tools", text)).toBe("no-grant");
    expect(await runs.may("read", "acme-alpha", text)).toBe("no-grant");
    expect(await runs.may("yank", "acme-core", text)).toBe("no-grant");
  });

  it("has no login that could go with it", async () => {
    const password = await runs.token();
    const ask = (username: string) =>
      runs.packgate.ask({ package: "acme-core", action: "upload", credentials: { username, password } });
    expect((await ask("__token__")).body["decision"]).toBe("allow");
    expect((await ask("alice")).body["reason"]).toBe("username-mismatch");
  });
});
