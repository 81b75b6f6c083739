import { sourcesOf } from "../domain/views.ts";
import { NO_POLICY } from "../domain/facts-builder.ts";
import { compileAccess } from "../../src/domain/access.ts";
import type { Claim } from "../../src/domain/claims.ts";
import type { View } from "../../src/domain/decide.ts";
import type { Access, Facts, GitHubRole, Member, Repository, Role, Visibility } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import { parsePackageName } from "../../src/domain/package-name.ts";

/** 2026-11-21T20:00:00Z */
export const NOW = 1_795_291_200_000;

export const ALICE = 583_231;
export const BOB = 2;
export const CAROL = 3;
export const OLGA = 4;
export const DAVE = 5;

export const PLATFORM = 10;
export const BACKEND = 11;
export const READERS = 12;

export function name(text: string): PackageName {
  const parsed = parsePackageName(text);
  if (parsed === undefined) throw new Error(`not a package name: ${text}`);
  return parsed;
}

export function role(level: GitHubRole, called: string = level): Role {
  return { name: called, level };
}

export function confirmed<T>(value: T, asOf = NOW): { asOf: number; value: T } {
  return { asOf, value };
}

export function repository(called: string, more: Partial<Repository> = {}): Repository {
  const visibility: Visibility = "private";
  return {
    nodeId: `R_${called}`,
    name: called,
    visibility,
    archived: false,
    fork: false,
    createdAt: 0,
    declarations: [],
    problems: [],
    ...more,
  };
}

interface Granted {
  readonly teams?: Readonly<Record<number, Role>>;
  readonly collaborators?: Readonly<Record<number, { login: string; role: Role }>>;
}

export function granted({ teams = {}, collaborators = {} }: Granted): Access {
  return {
    teams: new Map(Object.entries(teams).map(([id, given]) => [Number(id), given])),
    collaborators: new Map(Object.entries(collaborators).map(([id, given]) => [Number(id), given])),
  };
}

const MEMBERS: readonly (readonly [number, Member])[] = [
  [ALICE, { login: "alice", owner: false }],
  [BOB, { login: "bob", owner: false }],
  [CAROL, { login: "Carol", owner: false }],
  [OLGA, { login: "olga", owner: true }],
];

/**
 * The organization of the contract's examples: alice writes to `core` through backend, a child of platform;
 * bob reads it; carol has nothing; olga owns; dave collaborates from outside on `old`.
 */
export const ACME: Facts = {
  ...NO_FACTS,
  organization: confirmed({ id: 1, login: "acme", basePermission: "none" }),
  policy: confirmed(NO_POLICY),
  members: confirmed(new Map(MEMBERS)),
  teams: confirmed(
    new Map([
      [PLATFORM, { nodeId: "T_10", slug: "platform", parent: undefined }],
      [BACKEND, { nodeId: "T_11", slug: "backend", parent: PLATFORM }],
      [READERS, { nodeId: "T_12", slug: "readers", parent: undefined }],
    ]),
  ),
  organizationRoles: confirmed([]),
  customRoles: confirmed(new Map()),
  repositoryList: confirmed(new Set([100, 101, 102, 103])),
  teamMembers: new Map([
    [PLATFORM, confirmed(new Set<number>())],
    [BACKEND, confirmed(new Set([ALICE]))],
    [READERS, confirmed(new Set([BOB]))],
  ]),
  repositories: new Map([
    [100, confirmed(repository("core"))],
    [101, confirmed(repository("old", { archived: true }))],
    [102, confirmed(repository("fight"))],
    [
      103,
      confirmed(repository("rival", { problems: [{ path: "setup.cfg", message: "Broken.", line: 3, column: 1 }] })),
    ],
  ]),
  access: new Map([
    [100, confirmed(granted({ teams: { [PLATFORM]: role("write"), [READERS]: role("read") } }))],
    [
      101,
      confirmed(
        granted({
          teams: { [BACKEND]: role("admin") },
          collaborators: { [DAVE]: { login: "dave", role: role("write") } },
        }),
      ),
    ],
    [102, confirmed(granted({ teams: { [BACKEND]: role("write") } }))],
  ]),
};

export const CLAIMS: ReadonlyMap<PackageName, Claim> = new Map<PackageName, Claim>([
  [name("acme-core"), { status: "held", repository: 100, path: "pyproject.toml", since: NOW }],
  [name("acme-old"), { status: "held", repository: 101, path: "pyproject.toml", since: NOW }],
  [
    name("acme-fight"),
    {
      status: "contested",
      repository: 102,
      path: "pyproject.toml",
      since: NOW,
      rivals: [{ repository: 103, path: "setup.cfg" }],
    },
  ],
  [name("acme-gone"), { status: "retired", repository: 101, since: NOW }],
]);

export function viewOf(facts: Facts = ACME, more: Partial<View> = {}): View {
  const sources = sourcesOf(facts, more.claims ?? CLAIMS, more.policy);
  return {
    organization: facts.organization?.value ?? { id: 1, login: "acme" },
    ready: true,
    ...sources,
    access: compileAccess(sources),
    readsOnly: false,
    freshSince: -Infinity,
    revision: 4711,
    ...more,
  };
}
