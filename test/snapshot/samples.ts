import { NO_BINDINGS } from "../../src/domain/bindings.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { readPolicyText } from "../../src/service/policy.ts";
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { onTestFinished } from "vitest";
import type { Claim } from "../../src/domain/claims.ts";
import type { Facts, PolicyReading } from "../../src/domain/facts.ts";
import type { Saved } from "../../src/snapshot/saved.ts";
import { openSnapshots } from "../../src/snapshot/snapshots.ts";
import { draw, NOW, packageName } from "../domain/facts-builder.ts";

export const IDENTITY = { appId: 42, apiUrl: "https://api.github.com" };

const CLAIMS: readonly (readonly [string, Claim])[] = [
  ["acme-core", { status: "held", repository: 1001, path: "pyproject.toml", since: NOW - 5 }],
  [
    "acme-web",
    {
      status: "contested",
      repository: 1001,
      path: "web/pyproject.toml",
      since: NOW - 4,
      rivals: [{ repository: 1002, path: "setup.cfg" }],
    },
  ],
  ["acme-gone", { status: "retired", repository: 999, since: NOW - 3 }],
  [
    "acme-fought",
    { status: "retired", repository: 999, since: NOW - 3, rivals: [{ repository: 1002, path: "setup.cfg" }] },
  ],
  ["acme-pinned", { status: "pinned", repository: 1001, path: undefined, since: NOW - 2, pin: "core" }],
  ["acme-unpinned", { status: "retired", repository: 999, since: NOW - 2, pin: "gone" }],
  ["acme-lost", { status: "unbound", repository: undefined, former: undefined, since: NOW - 1, pin: "nowhere" }],
  [
    "acme-taken",
    {
      status: "unbound",
      repository: undefined,
      former: { status: "retired", repository: 1001, since: NOW - 1 },
      since: NOW - 1,
      pin: "nowhere",
    },
  ],
];

/** What a snapshot makes of a policy's text. */
export function readPolicy(text: string | undefined): PolicyReading {
  const known = readings.get(text) ?? readPolicyText(text, ".github:packgate.toml");
  readings.set(text, known);
  return known;
}
/** Properties read the same few policies thousands of times. */
const readings = new Map<string | undefined, PolicyReading>();
const POLICY = 'version = 1\n[packages.acme-pinned]\nrepository = "core"\n';

/** Something of every kind, so that whatever a snapshot forgets is missed. */
export function everything(): Saved {
  const { facts } = draw({
    base: "hidden",
    owners: ["olga"],
    members: ["alice", "bób"],
    teams: {
      platform: { members: ["alice"] },
      "platform-web": { parent: "platform", members: [] },
      new: { members: "unread" },
    },
    organizationRoles: { deployers: { base: "deployer:write", users: ["alice"], teams: ["platform"] }, auditors: {} },
    customRoles: { deployer: "write" },
    repositories: {
      core: { declares: ["acme-core"], teams: { platform: "maintain" }, collaborators: { carol: "deployer:write" } },
      web: { declares: ["acme-web"], broken: ["acme-other"], access: "unread" },
      copy: { fork: true, archived: true, visibility: "internal" },
    },
  });
  return {
    writtenAt: NOW,
    followed: new Map([["a-guid", NOW - 120_000]]),
    organizations: [
      {
        organization: { id: 1, login: "acme" },
        ready: true,
        facts: { ...withEveryProblem(facts), policy: { asOf: NOW - 9, value: readPolicy("version = 2") } },
        claims: new Map(CLAIMS.map(([text, claim]) => [packageName(text), claim])),
        bindings: new Map([
          ["user:alice", 7],
          ["team:release", 11],
        ]),
        inForce: { text: POLICY, policy: readPolicy(POLICY).policy ?? DEFAULT_POLICY },
        revision: 7,
        doubts: ["teams", "access/1002", "team-members/103"],
        sweptUntil: NOW - 60_000,
        grant: '{"installation":5}',
      },
      {
        organization: { id: 2, login: "other" },
        ready: false,
        facts: draw({ base: "none" }).facts,
        claims: new Map(),
        bindings: NO_BINDINGS,
        inForce: undefined,
        revision: 0,
        doubts: [],
        sweptUntil: undefined,
        grant: undefined,
      },
    ],
  };
}

function withEveryProblem(facts: Facts): Facts {
  const problems = [
    { path: "setup.cfg", message: "Broken.", line: 1, column: 2, codeblock: "name = \ud800\n     ^\u2028" },
    { path: "setup.cfg", message: "Too large." },
  ];
  const repositories = [...facts.repositories].map(([id, { asOf, value }]) => {
    return [id, { asOf, value: value.problems.length > 0 ? { ...value, problems } : value }] as const;
  });
  return { ...facts, repositories: new Map(repositories) };
}

export async function emptyFolder(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "packgate-snapshot-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** Snapshots in a folder of their own, with the sentences they warned with. */
export async function snapshotsIn(folder?: string, identity = IDENTITY) {
  const parent = folder ?? join(await emptyFolder(), "state");
  const warnings: string[] = [];
  const file = join(parent, "state.gz");
  return {
    ...openSnapshots(parent, identity, readPolicy, (sentence) => warnings.push(sentence)),
    folder: parent,
    file,
    warnings,
    files: async () => (await readdir(parent)).toSorted(),
    bytes: () => readFile(file),
    text: async () => gunzipSync(await readFile(file)).toString("utf8"),
    put: (bytes: string | Buffer) => writeFile(file, bytes),
  };
}
