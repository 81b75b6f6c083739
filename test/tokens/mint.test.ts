import { generateKeyPairSync } from "node:crypto";
import { decodeJwt, decodeProtectedHeader, SignJWT } from "jose";
import { beforeEach, describe, expect, it } from "vitest";
import type { Run } from "../../src/domain/runs.ts";
import { keyringOf } from "../../src/tokens/keyring.ts";
import { createLedger } from "../../src/tokens/ledger.ts";
import type { MintOptions } from "../../src/tokens/mint.ts";
import { createMint } from "../../src/tokens/mint.ts";
import { createRevocations } from "../../src/tokens/revocations.ts";
import { name } from "../http/acme.ts";

const ISSUER = "https://packgate.example";
const RUN: Run = {
  organization: 1,
  repository: 100,
  event: "push",
  ref: "refs/tags/v1",
  refProtected: false,
  environment: undefined,
  workflow: "release.yml",
};
const BOUND = {
  kind: "run",
  run: RUN,
  bounds: { packages: [name("acme-core")], permissions: ["read", "upload"] },
} as const;

const PERSON = { kind: "user", user: 583231, login: "alice", organizations: [1, 2] } as const;

const ec = () => generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey;
const ed = () => generateKeyPairSync("ed25519").privateKey;

let time = 1_795_291_200_500;
let ids = 0;
beforeEach(() => {
  time = 1_795_291_200_500;
});

async function mintWith(more: Partial<MintOptions> = {}) {
  const now = () => time;
  return createMint({
    keyring: await keyringOf([ec()]),
    issuer: ISSUER,
    revocations: createRevocations(createLedger([], () => Promise.resolve(true), now)),
    now,
    uuid: () => `id-${++ids}`,
    ...more,
  });
}

describe("a token of ours", () => {
  it.each([
    ["ES256", ec],
    ["EdDSA", ed],
  ])("is signed (%s), says what it is bound to, and is told again", async (algorithm, key) => {
    const mint = await mintWith({ keyring: await keyringOf([key()]) });
    const { token, minted } = await mint.mint(BOUND);
    expect(token).toMatch(/^pgt_/);
    expect(await mint.verify(token)).toStrictEqual(minted);
    // Now it is known, and needs no second look.
    expect(mint.verify(token)).toStrictEqual(minted);
    expect(minted).toMatchObject({ ...BOUND, issuedAt: 1_795_291_200_000, expiresAt: 1_795_292_100_000 });
    const jwt = token.slice("pgt_".length);
    expect(decodeProtectedHeader(jwt)).toMatchObject({ alg: algorithm, typ: "pgt+jwt" });
    expect(decodeJwt(jwt)).toMatchObject({
      iss: ISSUER,
      aud: ISSUER,
      sub: "repository:100",
      jti: minted.id,
      iat: 1_795_291_200,
      exp: 1_795_292_100,
    });
  });

  it("may be a person's, bound to organizations, and then lives 12 hours", async () => {
    const mint = await mintWith();
    const { token, minted } = await mint.mint(PERSON);
    expect(await mint.verify(token)).toStrictEqual(minted);
    expect(minted).toMatchObject({ ...PERSON, issuedAt: 1_795_291_200_000, expiresAt: 1_795_334_400_000 });
    expect(decodeJwt(token.slice("pgt_".length))).toMatchObject({ sub: "583231" });
    time = 1_795_334_399_999;
    expect(mint.verify(token)).toBeDefined();
    time += 1;
    expect(mint.verify(token)).toBeUndefined();
  });

  it("may be for whatever its repository holds", async () => {
    const mint = await mintWith();
    const bounds = { packages: undefined, permissions: ["read"] } as const;
    const { token } = await mint.mint({ kind: "run", run: { ...RUN, environment: "release" }, bounds });
    expect(await mint.verify(token)).toMatchObject({ bounds, run: { environment: "release" } });
  });

  it("ends after 900 seconds, known or not", async () => {
    const mint = await mintWith();
    const { token } = await mint.mint(BOUND);
    const { token: unseen } = await mint.mint(BOUND);
    await mint.verify(token);
    time = 1_795_291_200_000 + 899_999;
    expect(mint.verify(token)).toBeDefined();
    time += 1;
    expect(mint.verify(token)).toBeUndefined();
    expect(await mint.verify(unseen)).toBeUndefined();
  });

  it("is not believed before it was made, should the clock be set back", async () => {
    const mint = await mintWith();
    const { token } = await mint.mint(BOUND);
    await mint.verify(token);
    time -= 60_000;
    expect(mint.verify(token)).toBeUndefined();
  });

  it("ends when it is revoked, also where it was not known yet", async () => {
    const mint = await mintWith();
    const [one, two, three] = [await mint.mint(BOUND), await mint.mint(BOUND), await mint.mint(BOUND)];
    await mint.verify(one.token);
    expect(await mint.revoke(one.token)).toBe("kept");
    expect(await mint.revoke(two.token)).toBe("kept");
    expect(mint.verify(one.token)).toBeUndefined();
    expect(mint.verify(two.token)).toBeUndefined();
    expect(await mint.verify(three.token)).toBeDefined();
  });

  it("needs no revoking when it is none", async () => {
    const ledger = createLedger(
      [],
      () => Promise.reject(new Error("noted")),
      () => time,
    );
    const mint = await mintWith({ revocations: createRevocations(ledger) });
    expect(await mint.revoke("pgt_nothing")).toBe("kept");
  });

  it("outlives a change of keys, for as long as the old key is kept", async () => {
    const [old, fresh] = [ec(), ed()];
    const { token } = await (await mintWith({ keyring: await keyringOf([old]) })).mint(BOUND);
    const both = await mintWith({ keyring: await keyringOf([fresh, old]) });
    expect(await both.verify(token)).toBeDefined();
    expect(decodeProtectedHeader((await both.mint(BOUND)).token.slice(4)).alg).toBe("EdDSA");
    expect(await (await mintWith({ keyring: await keyringOf([fresh]) })).verify(token)).toBeUndefined();
  });
});

describe("what is refused", () => {
  const key = ec();
  const claims = { sub: "repository:100", run: RUN, bounds: BOUND.bounds };
  const signed = async (more: Record<string, unknown> = {}, header: Record<string, unknown> = {}, by = key) => {
    const [{ id }] = await keyringOf([key]);
    const at = Math.floor(time / 1000);
    const jwt = new SignJWT({ iss: ISSUER, aud: ISSUER, jti: "x", iat: at, exp: at + 900, ...claims, ...more });
    return `pgt_${await jwt.setProtectedHeader({ alg: "ES256", kid: id, typ: "pgt+jwt", ...header }).sign(by)}`;
  };
  const verify = async (token: string) => (await mintWith({ keyring: await keyringOf([key]) })).verify(token);

  it("is a token that differs in anything; the same without a difference is taken", async () => {
    expect(await verify(await signed())).toBeDefined();
  });

  it.each<[string, () => Promise<string> | string]>([
    ["another issuer", () => signed({ iss: "https://other.example" })],
    ["another audience", () => signed({ aud: "https://other.example" })],
    ["another type", () => signed({}, { typ: "JWT" })],
    ["a key that we do not have", () => signed({}, { kid: "other" })],
    ["somebody else's signature", () => signed({}, {}, ec())],
    ["claims that we did not write", () => signed({ run: { ...RUN, repository: "100" } })],
    ["a person who is none", () => signed({ run: undefined, user: { id: 0, login: "", organizations: [] } })],
    ["a person without organizations", () => signed({ run: undefined, user: { id: 1, login: "alice" } })],
    ["a package that is none", () => signed({ bounds: { packages: ["-"], permissions: [] } })],
    ["no end", () => signed({ exp: undefined })],
    ["nothing but the prefix", () => "pgt_"],
    ["no JWT", () => "pgt_eyJ.eyJ"],
    ["a JWT without a key", () => "pgt_eyJhbGciOiJub25lIn0.eyJzdWIiOiJ4In0.e30"],
    ["a header that is no JSON", () => "pgt_eyJ4.eyJ4.x"],
  ])("%s", async (_, token) => {
    expect(await verify(await token())).toBeUndefined();
  });

  it("is a key of ours used with another algorithm", async () => {
    const [{ id }] = await keyringOf([key]);
    expect(await verify(await signed({}, { alg: "EdDSA", kid: id }, ed()))).toBeUndefined();
  });
});
