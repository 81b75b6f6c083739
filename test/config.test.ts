import { spawnSync } from "node:child_process";
import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { inspect } from "node:util";

import { describe, expect, onTestFinished, test } from "vitest";

import { ConfigError, type Environment, loadConfig } from "../src/config.ts";
import { renderEnvExample, renderEnvironmentTable } from "../src/config/document.ts";
import { VARIABLES } from "../src/config/variables.ts";
import { renderOpenApi } from "../src/http/contract/openapi.ts";

const { privateKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
const pkcs8 = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
const pkcs1 = privateKey.export({ type: "pkcs1", format: "pem" }).toString();
const publicPem = generateKeyPairSync("rsa", { modulusLength: 2048 }).publicKey.export({ type: "spki", format: "pem" });
const ecPem = generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" });

const pemOf = (key: KeyObject): string => key.export({ type: "pkcs8", format: "pem" }).toString();
const SIGNING_PEM = pemOf(generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey);
const OTHER_PEM = pemOf(generateKeyPairSync("ed25519").privateKey);
const P384_PEM = pemOf(generateKeyPairSync("ec", { namedCurve: "P-384" }).privateKey);

const CANARY = "canary-0123456789abcdefghijklmnop";
const env = { APP_ID: "123456", PRIVATE_KEY: pkcs8, WEBHOOK_SECRET: CANARY };

const noFiles = (): string => {
  throw Object.assign(new Error(`no such file, ${CANARY}`), { code: "ENOENT" });
};
const load = (changes: Environment = {}, readFile: (path: string) => string = noFiles, terminal?: boolean) =>
  loadConfig({ ...env, ...changes }, readFile, terminal);

function faultsOf(changes: Environment, readFile: (path: string) => string = noFiles): ConfigError {
  try {
    load(changes, readFile);
  } catch (error) {
    if (error instanceof ConfigError) return error;
    throw error;
  }
  throw new Error("the environment was accepted");
}

describe("a sound environment", () => {
  test("gives a whole Config, with defaults", () => {
    const config = load();
    expect(config).toEqual({
      appId: 123456,
      privateKey: expect.any(Function),
      webhookSecret: expect.any(Function),
      webhookSecretPrevious: undefined,
      oauth: undefined,
      github: {
        apiUrl: "https://api.github.com",
        graphqlUrl: "https://api.github.com/graphql",
        webUrl: "https://github.com",
      },
      host: "127.0.0.1",
      port: 3000,
      logLevel: "info",
      logFormat: "json",
      organizations: [],
      indexClients: [],
      tokenTtlMs: 60_000,
      maxStalenessMs: 3_600_000,
      policy: { kind: "repository", repository: ".github", path: "packgate.toml" },
      pollIntervalMs: 60_000,
      resyncIntervalMs: 900_000,
      stateFolder: ".packgate",
      publicUrl: undefined,
      oidcIssuers: ["https://token.actions.githubusercontent.com"],
      oidcAudience: "packgate",
      signingKeys: undefined,
      warnings: [],
    });
    expect(config.webhookSecret()).toBe(CANARY);
  });

  test("takes every variable", () => {
    const config = load({
      WEBHOOK_SECRET_PREVIOUS: "the-previous-secret",
      GITHUB_CLIENT_ID: "Iv23liAbCdEf",
      GITHUB_CLIENT_SECRET: "short",
      HOST: "0.0.0.0",
      PORT: "0",
      LOG_LEVEL: "DEBUG",
      LOG_FORMAT: "pretty",
      PACKGATE_ORGS: " Acme, globex ",
      PACKGATE_INDEX_CLIENTS: `pypi:${"a".repeat(24)}, devpi@ACME:${"b:".repeat(12)}`,
      PACKGATE_TOKEN_TTL: "5m",
      PACKGATE_STATE: "file:/var/lib/packgate",
      PACKGATE_PUBLIC_URL: "https://packgate.example.com/",
      PACKGATE_OIDC_ISSUERS: "https://token.actions.githubusercontent.com/acme, http://127.0.0.1:8080",
      PACKGATE_OIDC_AUDIENCE: "https://packgate.example.com",
      PACKGATE_SIGNING_KEY: SIGNING_PEM,
    });
    expect(config).toMatchObject({
      host: "0.0.0.0",
      port: 0,
      logLevel: "debug",
      logFormat: "pretty",
      organizations: ["acme", "globex"],
      indexClients: [
        { name: "pypi", org: undefined, digest: createHash("sha256").update("a".repeat(24)).digest() },
        { name: "devpi", org: "acme", digest: createHash("sha256").update("b:".repeat(12)).digest() },
      ],
      tokenTtlMs: 300_000,
      stateFolder: "/var/lib/packgate",
      publicUrl: "https://packgate.example.com",
      oidcIssuers: ["https://token.actions.githubusercontent.com/acme", "http://127.0.0.1:8080"],
      oidcAudience: "https://packgate.example.com",
    });
    expect(config.signingKeys?.()).toEqual([SIGNING_PEM]);
    expect(config.webhookSecretPrevious?.()).toBe("the-previous-secret");
    expect(config.oauth?.clientId).toBe("Iv23liAbCdEf");
    expect(config.oauth?.clientSecret()).toBe("short");
  });

  test.each([
    [{}, "https://token.actions.githubusercontent.com"],
    [{ GHE_HOST: "github.example.com" }, "https://github.example.com/_services/token"],
    [{ GITHUB_API_URL: "https://api.octocorp.ghe.com" }, "https://token.actions.octocorp.ghe.com"],
  ])("believes the workflow runs of the GitHub that it serves: %o", (env, issuer) => {
    expect(load(env).oidcIssuers).toEqual([issuer]);
  });

  test.each([
    ["PEMs one after the other", () => `${SIGNING_PEM}${OTHER_PEM}`],
    ["PEMs with \\n written out", () => `${SIGNING_PEM}${OTHER_PEM}`.replaceAll("\n", "\\n")],
    [
      "a JWK set",
      () =>
        JSON.stringify({
          keys: [SIGNING_PEM, OTHER_PEM].map((pem) => createPrivateKey(pem).export({ format: "jwk" })),
        }),
    ],
  ])("takes several signing keys: %s", (_, text) => {
    expect(load({ PACKGATE_SIGNING_KEY: text() }).signingKeys?.()).toEqual([SIGNING_PEM, OTHER_PEM]);
  });

  test("takes a signing key that is one JWK", () => {
    const jwk = createPrivateKey(OTHER_PEM).export({ format: "jwk" });
    expect(load({ PACKGATE_SIGNING_KEY: JSON.stringify(jwk) }).signingKeys?.()).toEqual([OTHER_PEM]);
  });

  test("index clients may share a name, for another organization or while a secret is rotated", () => {
    const { indexClients } = load({
      PACKGATE_INDEX_CLIENTS: `pypi:${"a".repeat(24)},PyPI@acme:${"b".repeat(24)},pypi:${"c".repeat(24)}`,
    });
    expect(indexClients).toEqual([
      { name: "pypi", org: undefined, digest: createHash("sha256").update("a".repeat(24)).digest() },
      { name: "PyPI", org: "acme", digest: createHash("sha256").update("b".repeat(24)).digest() },
      { name: "pypi", org: undefined, digest: createHash("sha256").update("c".repeat(24)).digest() },
    ]);
  });

  test("is frozen through and through", () => {
    const config = load({
      PACKGATE_ORGS: "acme",
      PACKGATE_INDEX_CLIENTS: `pypi:${CANARY}`,
      GITHUB_CLIENT_ID: "a",
      GITHUB_CLIENT_SECRET: "b",
    });
    const { github, organizations, indexClients, oauth, warnings } = config;
    for (const part of [config, github, organizations, indexClients, indexClients[0], oauth, warnings]) {
      expect(Object.isFrozen(part)).toBe(true);
    }
    expect(Object.isFrozen(load().organizations) && Object.isFrozen(load().indexClients)).toBe(true);
  });

  test("blank variables count as unset, blanks around values as nothing", () => {
    const blank = Object.fromEntries(Object.values(VARIABLES).map(({ name }) => [name, "  "]));
    expect(JSON.stringify(loadConfig({ ...blank, ...env }, noFiles))).toBe(JSON.stringify(load()));
    expect(load({ APP_ID: " 7 ", WEBHOOK_SECRET: `${CANARY}\n` }).webhookSecret()).toBe(CANARY);
  });

  test("logs are pretty on a terminal, unless told otherwise", () => {
    expect(load({}, noFiles, true).logFormat).toBe("pretty");
    expect(load({ LOG_FORMAT: "json" }, noFiles, true).logFormat).toBe("json");
  });

  test.each([
    ["PKCS #8", pkcs8],
    ["PKCS #1", pkcs1],
    ["line breaks written out", pkcs1.replaceAll("\n", "\\n")],
    ["Windows line breaks", pkcs8.replaceAll("\n", "\r\n")],
    ["base64", Buffer.from(pkcs1).toString("base64")],
    ["base64 of line breaks written out", Buffer.from(pkcs8.replaceAll("\n", "\\n")).toString("base64")],
  ])("the private key in %s", (_, text) => {
    const inline = load({ PRIVATE_KEY: text });
    const fromFile = load({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "key.pem" }, (path) => {
      expect(path).toBe("key.pem");
      return text;
    });
    for (const config of [inline, fromFile]) {
      expect(config.privateKey()).toMatch(/^-----BEGIN PRIVATE KEY-----\n/);
      expect(createPrivateKey(config.privateKey()).equals(privateKey)).toBe(true);
    }
  });

  test.each([
    ["1", 1000],
    ["90", 90_000],
    ["90s", 90_000],
    ["15m", 900_000],
    ["1h", 3_600_000],
    ["3600", 3_600_000],
  ])("the duration %s", (text, ms) => {
    expect(load({ PACKGATE_TOKEN_TTL: text }).tokenTtlMs).toBe(ms);
  });

  test.each([
    ["memory:", undefined],
    ["file:state", "state"],
    ["file:../state", "../state"],
    ["file:/var/lib/packgate", "/var/lib/packgate"],
    ["file:///var/lib/packgate", "/var/lib/packgate"],
    ["file:C:\\packgate", "C:\\packgate"],
  ])("the state in %s", (text, folder) => {
    expect(load({ PACKGATE_STATE: text }).stateFolder).toBe(folder);
  });

  test.each([
    [
      { GHE_HOST: "GitHub.Example.com" },
      "https://github.example.com/api/v3",
      "https://github.example.com/api/graphql",
      "https://github.example.com",
    ],
    [
      { GHE_HOST: "ghe.example.com:8443", GHE_PROTOCOL: "https" },
      "https://ghe.example.com:8443/api/v3",
      "https://ghe.example.com:8443/api/graphql",
      "https://ghe.example.com:8443",
    ],
    [
      { GHE_HOST: "localhost:3001", GHE_PROTOCOL: "http" },
      "http://localhost:3001/api/v3",
      "http://localhost:3001/api/graphql",
      "http://localhost:3001",
    ],
    [
      { GITHUB_API_URL: "https://api.octocorp.ghe.com/" },
      "https://api.octocorp.ghe.com",
      "https://api.octocorp.ghe.com/graphql",
      "https://octocorp.ghe.com",
    ],
    [
      { GITHUB_API_URL: "https://api.github.com" },
      "https://api.github.com",
      "https://api.github.com/graphql",
      "https://github.com",
    ],
    [
      { GITHUB_API_URL: "https://ghe.example.com/api/v3" },
      "https://ghe.example.com/api/v3",
      "https://ghe.example.com/api/graphql",
      "https://ghe.example.com",
    ],
    [
      { GITHUB_API_URL: "http://127.0.0.1:4000" },
      "http://127.0.0.1:4000",
      "http://127.0.0.1:4000/graphql",
      "http://127.0.0.1:4000",
    ],
    [
      { GITHUB_API_URL: "http://[::1]:4000/api/v3", GHE_HOST: "ghe.example.com" },
      "http://[::1]:4000/api/v3",
      "http://[::1]:4000/api/graphql",
      "https://ghe.example.com",
    ],
  ])("%j is where GitHub is", (changes, apiUrl, graphqlUrl, webUrl) => {
    expect(load(changes).github).toEqual({ apiUrl, graphqlUrl, webUrl });
  });
});

const make = "make one with: openssl rand -hex 32";
const pem = "use the .pem file that the App's settings page gave you";
const https = "is not https; use https:// (http:// is for 127.0.0.1, [::1] and localhost only)";
const signing = "make one with: openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256";
const ttlRange = "use 1 to 3600 seconds, as 90, 90s, 15m or 1h";
const state = "names no place that state can be kept in; use file:FOLDER, as file:.packgate, or memory:";
const login = "write the organizations' logins, separated by commas";
const long = "x".repeat(24);

const faulty: readonly (readonly [changes: Environment, ...lines: string[]])[] = [
  [{ APP_ID: undefined }, "APP_ID is not set; copy the App ID from the App's settings page"],
  [{ APP_ID: "Iv23liTest" }, "APP_ID is not a whole number in its range; use 1 or more"],
  [{ APP_ID: "0" }, "APP_ID is not a whole number in its range; use 1 or more"],
  [{ APP_ID: "-1" }, "APP_ID is not a whole number in its range; use 1 or more"],
  [{ APP_ID: "1.5" }, "APP_ID is not a whole number in its range; use 1 or more"],
  [{ APP_ID: "1e3" }, "APP_ID is not a whole number in its range; use 1 or more"],
  [{ APP_ID: "9".repeat(30) }, "APP_ID is not a whole number in its range; use 1 or more"],
  [
    { PRIVATE_KEY: undefined },
    "PRIVATE_KEY_PATH is not set; name the .pem file that the App's settings page gave you, or set PRIVATE_KEY",
  ],
  [{ PRIVATE_KEY_PATH: "key.pem" }, "PRIVATE_KEY_PATH is set, and so is PRIVATE_KEY; keep one of them"],
  [
    { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: CANARY },
    "PRIVATE_KEY_PATH names a file that cannot be read (ENOENT); check the path, and that this process may read the file",
  ],
  [{ PRIVATE_KEY: CANARY }, `PRIVATE_KEY is not a PEM; ${pem}`],
  [{ PRIVATE_KEY: `${pkcs8.slice(0, 300)}\n` }, `PRIVATE_KEY is not a readable private key; ${pem}`],
  [{ PRIVATE_KEY: publicPem.toString() }, `PRIVATE_KEY is not a readable private key; ${pem}`],
  [{ PRIVATE_KEY: ecPem.toString() }, `PRIVATE_KEY is not an RSA key; ${pem}`],
  [{ WEBHOOK_SECRET: undefined }, `WEBHOOK_SECRET is not set; ${make}, and enter it in the App's settings too`],
  [{ WEBHOOK_SECRET: "development" }, `WEBHOOK_SECRET is Probot's well-known default; ${make}`],
  [{ WEBHOOK_SECRET: "x".repeat(15) }, `WEBHOOK_SECRET has fewer than 16 characters; ${make}`],
  [{ WEBHOOK_SECRET_PREVIOUS: "development" }, `WEBHOOK_SECRET_PREVIOUS is Probot's well-known default; ${make}`],
  [{ WEBHOOK_SECRET_PREVIOUS: "short" }, `WEBHOOK_SECRET_PREVIOUS has fewer than 16 characters; ${make}`],
  [{ GITHUB_CLIENT_ID: "a" }, "GITHUB_CLIENT_SECRET is not set, but GITHUB_CLIENT_ID is; set both or neither"],
  [{ GITHUB_CLIENT_SECRET: CANARY }, "GITHUB_CLIENT_ID is not set, but GITHUB_CLIENT_SECRET is; set both or neither"],
  [
    { GITHUB_CLIENT_ID: "a/../b:c", GITHUB_CLIENT_SECRET: CANARY },
    "GITHUB_CLIENT_ID is not a client id; copy the Client ID from the App's settings page",
  ],
  [
    { GHE_HOST: "https://ghe.example.com" },
    "GHE_HOST is not a host name; write the bare name, as in github.example.com",
  ],
  [{ GHE_HOST: "ghe.example.com/" }, "GHE_HOST is not a host name; write the bare name, as in github.example.com"],
  [{ GHE_HOST: "user@ghe.example.com" }, "GHE_HOST is not a host name; write the bare name, as in github.example.com"],
  [{ GHE_HOST: "ghe example" }, "GHE_HOST is not a host name; write the bare name, as in github.example.com"],
  [{ GHE_PROTOCOL: "ftp" }, "GHE_PROTOCOL is none of its values; use https, http"],
  [{ GHE_HOST: "ghe.example.com", GHE_PROTOCOL: "http" }, `GHE_PROTOCOL ${https}`],
  [{ GHE_HOST: "127.evil.example", GHE_PROTOCOL: "http" }, `GHE_PROTOCOL ${https}`],
  [{ GITHUB_API_URL: "api.github.com" }, "GITHUB_API_URL is not a URL; write it in full, beginning with https://"],
  [{ GITHUB_API_URL: "http://api.octocorp.ghe.com" }, `GITHUB_API_URL ${https}`],
  [{ GITHUB_API_URL: "file:///etc/passwd" }, `GITHUB_API_URL ${https}`],
  [
    { GITHUB_API_URL: `https://user:${CANARY}@api.github.com` },
    "GITHUB_API_URL carries credentials; remove what stands before the @",
  ],
  [
    { GITHUB_API_URL: `https://${CANARY}@api.github.com` },
    "GITHUB_API_URL carries credentials; remove what stands before the @",
  ],
  [{ GITHUB_API_URL: "https://api.github.com?x=1" }, "GITHUB_API_URL has a query or fragment; end it after the path"],
  [{ GITHUB_API_URL: "https://api.github.com#x" }, "GITHUB_API_URL has a query or fragment; end it after the path"],
  [{ HOST: "http://0.0.0.0" }, "HOST is not an address to listen on; use an IP address or a host name, as in 0.0.0.0"],
  [{ HOST: "0.0.0.0:80" }, "HOST is not an address to listen on; use an IP address or a host name, as in 0.0.0.0"],
  [{ PORT: "http" }, "PORT is not a whole number in its range; use 0 to 65535"],
  [{ PORT: "65536" }, "PORT is not a whole number in its range; use 0 to 65535"],
  [{ LOG_LEVEL: "verbose" }, "LOG_LEVEL is none of its values; use trace, debug, info, warn, error, fatal, silent"],
  [{ LOG_FORMAT: "xml" }, "LOG_FORMAT is none of its values; use pretty, json"],
  [{ PACKGATE_ORGS: "acme,,globex" }, `PACKGATE_ORGS entry 2 is not a login; ${login}`],
  [{ PACKGATE_ORGS: "acme globex" }, `PACKGATE_ORGS entry 1 is not a login; ${login}`],
  [{ PACKGATE_ORGS: "acme,ACME" }, "PACKGATE_ORGS entry 2 repeats an earlier one; name each organization once"],
  [
    { PACKGATE_ORGS: "-,acme,acme" },
    `PACKGATE_ORGS entry 1 is not a login; ${login}`,
    "PACKGATE_ORGS entry 3 repeats an earlier one; name each organization once",
  ],
  [{ PACKGATE_INDEX_CLIENTS: CANARY }, "PACKGATE_INDEX_CLIENTS entry 1 has no colon; write name:secret"],
  [{ PACKGATE_INDEX_CLIENTS: `pypi:${long},` }, "PACKGATE_INDEX_CLIENTS entry 2 has no colon; write name:secret"],
  [
    { PACKGATE_INDEX_CLIENTS: `:${long}` },
    "PACKGATE_INDEX_CLIENTS entry 1 has no usable name; use up to 64 letters, digits, dots, dashes, underscores",
  ],
  [
    { PACKGATE_INDEX_CLIENTS: "pypi:canary-too-short" },
    `PACKGATE_INDEX_CLIENTS entry 1 has a secret of fewer than 24 characters; ${make}`,
  ],
  [
    { PACKGATE_INDEX_CLIENTS: `pypi:${long} ${CANARY}` },
    "PACKGATE_INDEX_CLIENTS entry 1 has a secret that no header can carry; use letters, digits and punctuation without spaces",
  ],
  [
    { PACKGATE_INDEX_CLIENTS: `pypi@:${long}` },
    "PACKGATE_INDEX_CLIENTS entry 1 names no organization after the @; write name@login:secret",
  ],
  [
    { PACKGATE_INDEX_CLIENTS: `pypi@acme@globex:${long}` },
    "PACKGATE_INDEX_CLIENTS entry 1 names no organization after the @; write name@login:secret",
  ],
  [
    { PACKGATE_INDEX_CLIENTS: `pypi:${CANARY},devpi:${CANARY}` },
    "PACKGATE_INDEX_CLIENTS entry 2 has the secret of an earlier one; give every client its own secret",
  ],
  [
    { PACKGATE_ORGS: "acme", PACKGATE_INDEX_CLIENTS: `a@ACME:${long},b@globex:${CANARY}` },
    "PACKGATE_INDEX_CLIENTS entry 2 is bound to an organization that PACKGATE_ORGS leaves out; add the organization there, or correct the entry",
  ],
  [{ PACKGATE_TOKEN_TTL: "soon" }, `PACKGATE_TOKEN_TTL is not a duration; ${ttlRange}`],
  [{ PACKGATE_TOKEN_TTL: "1.5h" }, `PACKGATE_TOKEN_TTL is not a duration; ${ttlRange}`],
  [{ PACKGATE_TOKEN_TTL: "-60" }, `PACKGATE_TOKEN_TTL is not a duration; ${ttlRange}`],
  [{ PACKGATE_TOKEN_TTL: "1d" }, `PACKGATE_TOKEN_TTL is not a duration; ${ttlRange}`],
  [{ PACKGATE_TOKEN_TTL: "0" }, `PACKGATE_TOKEN_TTL is outside its range; ${ttlRange}`],
  [{ PACKGATE_TOKEN_TTL: "61m" }, `PACKGATE_TOKEN_TTL is outside its range; ${ttlRange}`],
  [{ PACKGATE_STATE: `redis://:${CANARY}@127.0.0.1:6379` }, `PACKGATE_STATE ${state}`],
  [{ PACKGATE_STATE: "file:" }, `PACKGATE_STATE ${state}`],
  [{ PACKGATE_STATE: "file://server/packgate" }, `PACKGATE_STATE ${state}`],
  [{ PACKGATE_STATE: "memory:packgate" }, `PACKGATE_STATE ${state}`],
  [{ PACKGATE_STATE: ".packgate" }, `PACKGATE_STATE ${state}`],
  [{ PACKGATE_PUBLIC_URL: "http://packgate.example.com" }, `PACKGATE_PUBLIC_URL ${https}`],
  [
    { PACKGATE_PUBLIC_URL: "//packgate" },
    "PACKGATE_PUBLIC_URL is not a URL; write it in full, beginning with https://",
  ],
  [
    { PACKGATE_OIDC_ISSUERS: "https://a.example,http://b.example" },
    "PACKGATE_OIDC_ISSUERS entry 2 is not https; use https:// (http:// is for 127.0.0.1, [::1] and localhost only)",
  ],
  [
    { PACKGATE_OIDC_AUDIENCE: "two words" },
    "PACKGATE_OIDC_AUDIENCE is not an audience; use up to 255 letters, digits and punctuation without spaces, as in packgate",
  ],
  [{ PACKGATE_SIGNING_KEY: CANARY }, `PACKGATE_SIGNING_KEY holds no readable private key; ${signing}`],
  [{ PACKGATE_SIGNING_KEY: `{${CANARY}` }, `PACKGATE_SIGNING_KEY holds no readable private key; ${signing}`],
  [{ PACKGATE_SIGNING_KEY: '{"keys":1}' }, `PACKGATE_SIGNING_KEY holds no readable private key; ${signing}`],
  [{ PACKGATE_SIGNING_KEY: `{"kty":"${CANARY}"}` }, `PACKGATE_SIGNING_KEY is not a readable private key; ${signing}`],
  [{ PACKGATE_SIGNING_KEY: P384_PEM }, `PACKGATE_SIGNING_KEY is neither a P-256 nor an Ed25519 key; ${signing}`],
];

describe("a faulty environment", () => {
  test.each(faulty.map(([changes, ...lines]) => ({ changes, lines })))("$lines", ({ changes, lines }) => {
    const error = faultsOf(changes);
    expect(error.message.split("\n")).toEqual(lines);
    expect(error.faults).toHaveLength(lines.length);
    expect(inspect(error, { depth: 9 })).not.toContain("canary");
  });

  test("a file that is no key is the path's fault", () => {
    const error = faultsOf({ PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "key.pem" }, () => CANARY);
    expect(error.message).toBe(`PRIVATE_KEY_PATH is not a PEM; ${pem}`);
  });

  test("a file that cannot be read for a reason without a code", () => {
    const changes = { PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "key.pem" };
    const message =
      "PRIVATE_KEY_PATH names a file that cannot be read; check the path, and that this process may read the file";
    for (const reason of [new Error(CANARY), CANARY]) {
      const readFile = () => {
        throw reason;
      };
      expect(faultsOf(changes, readFile).message).toBe(message);
    }
  });

  test("says everything at once", () => {
    const error = faultsOf({
      APP_ID: undefined,
      PRIVATE_KEY: CANARY,
      WEBHOOK_SECRET: "development",
      PORT: CANARY,
      GITHUB_API_URL: `https://${CANARY}@api.github.com`,
      PACKGATE_INDEX_CLIENTS: `${CANARY},:short`,
      PACKGATE_TOKEN_TTL: CANARY,
      PACKGATE_ORG: CANARY,
    });
    expect(error.faults.map(({ variable }) => variable).toSorted()).toEqual([
      "APP_ID",
      "GITHUB_API_URL",
      "PACKGATE_INDEX_CLIENTS",
      "PACKGATE_INDEX_CLIENTS",
      "PACKGATE_INDEX_CLIENTS",
      "PACKGATE_TOKEN_TTL",
      "PORT",
      "PRIVATE_KEY",
      "WEBHOOK_SECRET",
    ]);
    expect(error.name).toBe("ConfigError");
    expect(error.warnings).toHaveLength(1);
    expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
  });

  test("no value is ever quoted, whichever variable it was put into", () => {
    const texts = [CANARY, `${CANARY} ${CANARY}`, `https://${CANARY}:${CANARY}@x`, `${CANARY}@${CANARY}:short`];
    for (const { name } of Object.values(VARIABLES)) {
      for (const text of texts) {
        const broken = name === "APP_ID" ? "PORT" : "APP_ID";
        const error = faultsOf({ [name]: text, [broken]: text, PACKGATE_TYPO: text });
        expect(error.warnings).toHaveLength(1);
        expect(inspect(error, { depth: 9, showHidden: true })).not.toContain(CANARY);
      }
    }
  });
});

describe("secrets", () => {
  test("show neither in JSON nor when inspected", () => {
    const config = load({
      WEBHOOK_SECRET_PREVIOUS: `previous-${CANARY}`,
      GITHUB_CLIENT_ID: "Iv23liTest",
      GITHUB_CLIENT_SECRET: `client-${CANARY}`,
      PACKGATE_INDEX_CLIENTS: `pypi:index-${CANARY}`,
      PACKGATE_TYPO: CANARY,
    });
    const shown = JSON.stringify(config) + inspect(config, { depth: 9, showHidden: true });
    expect(shown).toContain("Iv23liTest");
    expect(shown).not.toContain(CANARY);
    expect(shown).not.toContain("PRIVATE KEY");
    expect(shown).not.toContain(pkcs8.slice(40, 80));
  });
});

describe("the place of the policy", () => {
  test.each([
    ["file:/etc/packgate.toml", { kind: "file", path: "/etc/packgate.toml" }],
    ["settings:a/b.toml", { kind: "repository", repository: "settings", path: "a/b.toml" }],
  ])("%s", (text, policy) => {
    expect(load({ PACKGATE_POLICY: text }).policy).toEqual(policy);
  });

  test.each(["packgate.toml", "acme/settings:packgate.toml", "settings:/packgate.toml", "settings:../x", "settings:"])(
    "%s is none",
    (text) => {
      expect(() => load({ PACKGATE_POLICY: text })).toThrow("PACKGATE_POLICY names no place");
    },
  );
});

describe("unknown variables", () => {
  const none = "is not a variable of this version and has no effect;";

  test.each([
    ["PACKGATE_ORG", "did you mean PACKGATE_ORGS?"],
    ["PACKGATE_INDEX_CLIENT", "did you mean PACKGATE_INDEX_CLIENTS?"],
    ["PACKGATE_TOKENTTL", "did you mean PACKGATE_TOKEN_TTL?"],
    ["packgate_orgs", "did you mean PACKGATE_ORGS?"],
    ["PACKGATE_POLICIES", "did you mean PACKGATE_POLICY?"],
    ["PACKGATE_", "remove it"],
  ])("%s is a warning", (name, advice) => {
    expect(load({ [name]: CANARY }).warnings).toEqual([`${name} ${none} ${advice}`]);
  });

  test("are sorted; blank ones and those of others are nobody's business", () => {
    const { warnings } = load({ PACKGATE_ZZZZZZ: "1", PACKGATE_AAAAAA: "1", PACKGATE_BLANK: " ", PACKAGE_ORG: "x" });
    expect(warnings).toEqual([`PACKGATE_AAAAAA ${none} remove it`, `PACKGATE_ZZZZZZ ${none} remove it`]);
  });
});

describe("what is generated", () => {
  const root = resolve(import.meta.dirname, "..");
  const names = Object.values(VARIABLES).map(({ name }) => name);

  test(".env.example is the committed one and knows every variable", () => {
    const text = renderEnvExample();
    expect(readFileSync(join(root, ".env.example"), "utf8")).toBe(text);
    expect([...text.matchAll(/^#?([A-Z_]+)=/gm)].map(([, name]) => name)).toEqual(names);
  });

  test("every example is a value the variable takes, and no secret has one", () => {
    const rows = Object.values(VARIABLES);
    const refused = rows.filter(({ example, parse }) => example !== "" && !("value" in parse(example)));
    expect(refused).toEqual([]);
    expect(rows.filter(({ example }) => example === "").map(({ name }) => name)).toEqual([
      "PRIVATE_KEY",
      "WEBHOOK_SECRET",
      "WEBHOOK_SECRET_PREVIOUS",
      "GITHUB_CLIENT_SECRET",
      "PACKGATE_INDEX_CLIENTS",
      "PACKGATE_SIGNING_KEY",
    ]);
  });

  test("the table has a row for every variable, with its default", () => {
    const rows = renderEnvironmentTable().split("\n").slice(2);
    expect(rows.map((row) => row.split("`")[1])).toEqual(names);
    expect(rows).toContain("| `PORT` | port to listen on; 0 takes any free one | `3000` |");
    expect(rows).toContain("| `APP_ID` | the GitHub App's id | none, required |");
    for (const row of rows) expect(row.split("|")).toHaveLength(5);
  });

  function generate(files: Record<string, string>, ...args: string[]) {
    const folder = mkdtempSync(join(tmpdir(), "packgate-generate-"));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    mkdirSync(join(folder, "docs"));
    for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, name), text);
    const run = (...more: string[]) =>
      spawnSync(process.execPath, ["--import", tsx, join(root, "scripts/generate.ts"), ...more], {
        cwd: folder,
        encoding: "utf8",
      });
    return { ...run(...args), run, read: (name: string) => readFileSync(join(folder, name), "utf8") };
  }
  const tsx = import.meta.resolve("tsx");
  const roles = "# Policy\n\n<!-- roles:start -->\nold\n<!-- roles:end -->\n";
  const markers = "# Readme\n\n<!-- environment:start -->\nold\n<!-- environment:end -->\n\nThe end.\n";

  test("is written, and then found up to date", () => {
    const { status, run, read } = generate({ "README.md": markers, "docs/policy.md": roles });
    expect(status).toBe(0);
    expect(read(".env.example")).toBe(renderEnvExample());
    expect(read("openapi.json")).toBe(renderOpenApi());
    expect(read("docs/policy.md")).toMatch(/^# Policy\n\n<!-- roles:start -->\n\n\| .*\n<!-- roles:end -->\n$/s);
    expect(read("README.md")).toMatch(
      /^# Readme\n\n<!-- environment:start -->\n\n\| variable .*\n<!-- environment:end -->\n\nThe end\.\n$/s,
    );
    expect(run("--check")).toMatchObject({ status: 0, stdout: "4 generated files are up to date\n" });
  });

  test.each([
    ["a missing file", {}, "README.md cannot be generated: the file is missing"],
    ["markers twice", { "README.md": markers + markers }, "README.md cannot be generated: it must contain"],
    [
      "markers in the wrong order",
      { "README.md": "<!-- environment:end --><!-- environment:start -->" },
      "README.md cannot be generated: it must contain",
    ],
    ["an old table", { "README.md": markers }, "README.md is out of date; run: npm run generate"],
  ])("--check fails on %s, says so of each, and writes nothing", (_, files: Record<string, string>, message) => {
    const { status, stderr, read } = generate(files, "--check");
    expect(status).toBe(1);
    expect(stderr).toContain(".env.example is out of date; run: npm run generate");
    expect(stderr).toContain("openapi.json is out of date; run: npm run generate");
    expect(stderr).toContain(message);
    for (const file of [".env.example", "openapi.json"]) expect(() => read(file)).toThrow("ENOENT");
    for (const [name, text] of Object.entries(files)) expect(read(name)).toBe(text);
  });
});
