import { decodeProtectedHeader, errors } from "jose";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { IssuerKeys } from "../../../../src/github/identity/actions/issuer-keys.ts";
import { createIssuerKeys, Unreachable } from "../../../../src/github/identity/actions/issuer-keys.ts";
import type { ActionsIssuer } from "../../../helpers/actions-issuer.ts";
import { startIssuer } from "../../../helpers/actions-issuer.ts";

const MINUTE_MS = 60_000;

let issuer: ActionsIssuer;
let time = 0;
let keys: IssuerKeys;

beforeEach(async () => {
  issuer = await startIssuer();
  time = 1_795_291_200_000;
  keys = createIssuerKeys({ issuer: issuer.url, fetch, now: () => time });
});
afterEach(() => issuer.close());

async function find(): Promise<unknown> {
  const token = await issuer.sign({});
  const [protectedHeader = "", payload = "", signature = ""] = token.split(".");
  return keys({ ...decodeProtectedHeader(token), alg: "RS256" }, { protected: protectedHeader, payload, signature });
}

describe("an issuer's keys", () => {
  it("are read once, whoever asks", async () => {
    await Promise.all([find(), find(), find()]);
    await find();
    expect(issuer.asked).toStrictEqual({ configuration: 1, keys: 1 });
  });

  it("are good without the issuer once they have been read", async () => {
    await find();
    await issuer.close();
    time += 30 * MINUTE_MS;
    expect(await find()).toBeDefined();
    time += 23 * 60 * MINUTE_MS;
    expect(await find()).toBeDefined();
    time += 31 * MINUTE_MS;
    await expect(find()).rejects.toThrow(Unreachable);
    issuer = await startIssuer();
  });

  it("are read again when a token names one that is not known", async () => {
    await find();
    issuer.rotate();
    expect(await find()).toBeDefined();
    expect(issuer.asked.keys).toBe(2);
  });

  it("are read again after a while, so that a key that was withdrawn is believed no more", async () => {
    await find();
    time += 10 * MINUTE_MS;
    await find();
    await expect.poll(() => issuer.asked.keys).toBe(2);
  });

  it("are none where the issuer says so, which is another thing than not knowing", async () => {
    await find();
    const unknown = issuer.sign({}, { kid: "nobody" });
    const header = decodeProtectedHeader(await unknown);
    const asked = () => keys({ ...header, alg: "RS256" }, { payload: "", signature: "" });
    await expect(asked()).rejects.toThrow(errors.JWKSNoMatchingKey);
    issuer.answer("keys", { status: 503 });
    await expect(asked()).rejects.toThrow(Unreachable);
  });

  it("are not read for every token that a stranger makes up", async () => {
    await find();
    const made = async () => keys({ alg: "RS256", kid: "made-up" }, { payload: "", signature: "" });
    for (let tries = 0; tries < 100; tries += 1) await made().catch(() => undefined);
    expect(issuer.asked.keys).toBe(10);
    await expect(made()).rejects.toThrow(Unreachable);
    time += MINUTE_MS;
    await expect(made()).rejects.toThrow(errors.JWKSNoMatchingKey);
  });

  it("are read again when the clock was set back: their age is not known any more", async () => {
    await find();
    time -= MINUTE_MS;
    await find();
    expect(issuer.asked.keys).toBe(2);
  });
});

describe("an issuer is not believed", () => {
  const document = (more: object) => ({
    body: JSON.stringify({ issuer: issuer.url, jwks_uri: `${issuer.url}/.well-known/jwks`, ...more }),
  });

  it.each<[string, () => void]>([
    ["when it is silent", () => issuer.answer("configuration", { status: 500 })],
    [
      "when it sends us elsewhere",
      () => issuer.answer("configuration", { status: 302, headers: { location: `${issuer.url}/x` } }),
    ],
    [
      "when its document is another's",
      () => issuer.answer("configuration", document({ issuer: "https://other.example" })),
    ],
    [
      "when its keys are elsewhere",
      () => issuer.answer("configuration", document({ jwks_uri: "https://keys.example/jwks" })),
    ],
    ["when its keys are no URL", () => issuer.answer("configuration", document({ jwks_uri: "/jwks" }))],
    ["when it has no keys", () => issuer.answer("keys", { body: '{"keys":[]}' })],
    ["when its keys are no JSON", () => issuer.answer("keys", { body: "<html>" })],
    ["when its keys redirect", () => issuer.answer("keys", { status: 301, headers: { location: `${issuer.url}/x` } })],
    [
      "when it sends without end",
      () => issuer.answer("keys", { body: `{"keys":[{"kty":"RSA","x":"${"x".repeat(300_000)}"}]}` }),
    ],
  ])("%s", async (_, spoil) => {
    spoil();
    await expect(find()).rejects.toThrow(Unreachable);
    issuer.answer("configuration", undefined);
    issuer.answer("keys", undefined);
    expect(await find()).toBeDefined();
  });
});
