import { generateKeyPairSync } from "node:crypto";
import { PassThrough } from "node:stream";
import { format, inspect } from "node:util";
import { describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { createLogger } from "../../src/logger.ts";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { environmentFor, INDEX_SECRET } from "../helpers/packgate.ts";

const PREVIOUS = "previous-webhook-secret-canary";
const signingKey = (): string =>
  generateKeyPairSync("ec", { namedCurve: "P-256" }).privateKey.export({ type: "pkcs8", format: "pem" }).toString();

/** Lines of a key as they are, for what is wrapped or escaped is found by none of its longer parts. */
const linesOf = (key: string): string[] => key.split("\n").filter((line) => /^[\w+/=]{40,}$/.test(line));

const EVERYTHING = {
  depth: Infinity,
  showHidden: true,
  getters: true,
  maxArrayLength: Infinity,
  maxStringLength: Infinity,
} as const;

/** Every way in which somebody looking for a fault might print a thing. */
const DUMPS: Readonly<Record<string, (thing: unknown) => string>> = {
  "util.inspect": (thing) => inspect(thing, EVERYTHING),
  "util.inspect of what inherits from it": (thing) => inspect(Object.create(Object(thing)), EVERYTHING),
  "%o": (thing) => format("%o %O %j %s", thing, thing, shallow(thing), thing),
  "JSON.stringify": (thing) => JSON.stringify(shallow(thing)),
  String: (thing) =>
    `${String(thing)} ${Object.entries(Object(thing))
      .map(([key, value]) => `${key}=${String(value)}`)
      .join()}`,
  "an error": (thing) => inspect(new Error("it broke", { cause: thing }), EVERYTHING),
  "an error with all it was about": (thing) =>
    inspect(Object.assign(new AggregateError([thing], "it broke"), { thing })),
  "the log": (thing) =>
    logged((log) =>
      log.fatal({ thing: shallow(thing), err: new Error("it broke", { cause: shallow(thing) }) }, "dumped"),
    ),
};

/** What JSON can take: what contains itself is cut there. */
function shallow(thing: unknown): unknown {
  const above: unknown[] = [];
  return JSON.parse(
    JSON.stringify(thing, function (this: unknown, _key, value: unknown) {
      while (above.length > 0 && above.at(-1) !== this) above.pop();
      if (typeof value === "bigint" || above.includes(value)) return "…";
      if (typeof value === "object" && value !== null) above.push(value);
      return value instanceof Map || value instanceof Set ? [...value] : value;
    }) ?? "null",
  );
}

function logged(write: (log: ReturnType<typeof createLogger>) => void): string {
  const destination = new PassThrough({ highWaterMark: 64 * 1024 * 1024 });
  write(createLogger({ level: "trace", destination }));
  return String(destination.read());
}

function leaksOf(secrets: readonly string[], text: string): string[] {
  const forms = (secret: string): string[] => [
    secret,
    Buffer.from(secret).toString("base64").replaceAll("=", ""),
    Buffer.from(secret).toString("hex"),
    // As inspect and JSON show a Buffer.
    Buffer.from(secret)
      .toString("hex")
      .replaceAll(/(..)(?!$)/g, "$1 "),
    [...Buffer.from(secret)].join(","),
  ];
  return secrets.filter((secret) => forms(secret).some((form) => text.includes(form)));
}

/** A Packgate that has been used in every way that brings it a secret. */
async function used(): Promise<{ runs: AcmeRuns; secrets: string[]; env: Record<string, string> }> {
  const secrets: string[] = [];
  const key = signingKey();
  const env = { PACKGATE_SIGNING_KEY: key, WEBHOOK_SECRET_PREVIOUS: PREVIOUS };
  const runs = await startAcmeRuns(env);
  const { github, acme, packgate } = runs;
  const tokens = [
    github.tokenFor(acme.users.alice.id),
    github.tokenFor(acme.users.alice.id, "fine-grained", { repositoryIds: [acme.repositories.site.id] }),
    github.tokenFor(acme.users.bob.id, "app-user"),
    await runs.token(),
    await runs.minted(),
  ];
  for (const token of tokens) {
    for (const action of ["read", "upload"]) await packgate.ask({ package: "acme-core", action, token });
    const query = new URLSearchParams({ username: "alice", password: token }).toString();
    const headers = { "x-packgate-key": INDEX_SECRET };
    await fetch(`${packgate.url}/pypicloud/verify?${query}`, { headers });
    await fetch(`${packgate.url}/pypicloud/user_permissions?package=acme-core`, { headers });
  }
  // What it signs in with itself: kept by what it signs in with.
  const octokit = await packgate.service.connection.octokit(acme.organization.installation?.id);
  const auth: unknown = await octokit.request("GET /installation/repositories").then(({ headers }) => headers);
  expect(auth).toBeDefined();
  secrets.push(...tokens, key.slice(40, 80), ...linesOf(key), ...linesOf(github.app.privateKey));
  secrets.push(PREVIOUS, INDEX_SECRET, github.app.webhookSecret, github.app.clientSecret);
  return { runs, secrets, env: { ...environmentFor(github), ...env } };
}

describe("everything there is, printed in every way", () => {
  it("shows no secret of the configuration", async () => {
    const { runs, secrets, env } = await used();
    const config = loadConfig(env, () => "");
    for (const [name, dump] of Object.entries(DUMPS)) {
      const text = dump(config);
      expect([name, leaksOf(secrets, text)]).toEqual([name, []]);
    }
    expect(DUMPS["util.inspect"]?.(config)).toContain("tokenTtlMs");
    expect(DUMPS["the log"]?.(config)).toContain("tokenTtlMs");
    await runs.stop();
  });

  it("shows no secret and no token of what can be reached from a service at work", async () => {
    const { runs, secrets } = await used();
    const { service } = runs.packgate;
    const reachable = {
      service,
      view: service.http.organizations().map((each) => each.view()),
      readiness: service.http.readiness(),
    };
    for (const [name, dump] of Object.entries(DUMPS)) {
      const text = dump(reachable);
      expect([name, leaksOf(secrets, text), /gh[psuo]_\w{30,}|BEGIN \w* ?PRIVATE/.exec(text)?.[0]]).toEqual([
        name,
        [],
        undefined,
      ]);
    }
    expect(DUMPS["util.inspect"]?.(reachable)).toContain("acme-core");
    await runs.stop();
  });

  it("would show one that is held as text", () => {
    const secrets = ["c4nary0secret0in0plain0text"];
    for (const [name, dump] of Object.entries(DUMPS)) {
      expect([name, leaksOf(secrets, dump({ secret: secrets[0] }))]).toEqual([name, secrets]);
    }
    expect(leaksOf(secrets, inspect({ key: Buffer.from(secrets[0] ?? "") }, EVERYTHING))).toEqual(secrets);
  });
});
