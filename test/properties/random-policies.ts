import type { GitHubRole } from "../../src/domain/facts.ts";
import { GITHUB_ROLES } from "../../src/domain/facts.ts";
import type { Policy, Principal, Publisher, Rule } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import type { Sketch } from "../domain/facts-builder.ts";
import { packageName } from "../domain/facts-builder.ts";
import type { Random } from "../simulator/random.ts";

/** Random policies and the organizations they are for: small, so that rules meet each other. */

export const USERS = ["olga", "alice", "bob", "carol", "otto", "eve"];
export const OUTSIDE = new Set(["otto", "eve"]);
export const TEAMS = ["release", "backend", "audit"];
export const PARENT: Readonly<Record<string, string>> = { backend: "release" };
export const DECLARES = {
  core: ["acme-core", "acme-core-x", "acme"],
  web: ["acme-web", "acmecorp"],
  tools: ["tools", "tools-a"],
};
export const REPOSITORIES = ["core", "web", "tools"] as const;
export const NAMES = REPOSITORIES.flatMap((repository) => DECLARES[repository]).map(packageName);
const PATTERNS = ["*", "acme-*", "acme-core-*", "tools-*", ...NAMES];
const VISIBILITIES = ["public", "internal", "private"] as const;
export const INDEXES = ["index-a", "index-b"];
export const WORKFLOWS = ["release.yml", "release-a.yml", "ci.yaml"];
const WORKFLOW_GLOBS = ["release.yml", "release*.yml", "c?.yaml", "*"];
const KEYS = ["*", "core", "web", "c*", "*e", "co?e", "[ct]o*", "*o*", "tool?", "t*"];
export const EVENTS = ["push", "release", "issue_comment"];
export const ENVIRONMENTS = ["release", "staging"];
export const REFS = ["refs/tags/v1", "refs/heads/main", "refs/heads/fix/a"];
const GLOBS = ["refs/tags/*", "refs/heads/main", "refs/heads/*", "*"];

const PRINCIPALS: readonly Principal[] = [
  { kind: "everyone" },
  { kind: "members" },
  ...["Alice", "bob", "otto", "nobody-here"].map((name) => ({ kind: "user", name }) as const),
  ...["release", "Backend", "audit", "gone"].map((name) => ({ kind: "team", name }) as const),
  ...GITHUB_ROLES.map((name) => ({ kind: "role", name }) as const),
  ...["core", "Web"].map((name) => ({ kind: "workflow", name }) as const),
];

function some<T>(random: Random, items: readonly T[], most: number): T[] {
  return Array.from({ length: 1 + random.below(most) }, () => random.pick(items));
}

export function perhaps<T>(random: Random, chance: number, make: () => T): T | undefined {
  return random.next() < chance ? make() : undefined;
}

export function anyRule(random: Random, line: number): Rule {
  return {
    who: some(random, PRINCIPALS, 3),
    packages: some(random, PATTERNS, 2),
    indexes: perhaps(random, 0.2, () => some(random, INDEXES, 2)),
    permissions: 1 + random.below(31),
    effect: random.pick(["allow", "deny"]),
    when: {
      visibility: perhaps(random, 0.2, () => some(random, VISIBILITIES, 2)),
      environment: perhaps(random, 0.1, () => some(random, ENVIRONMENTS, 1)),
      ref: perhaps(random, 0.1, () => some(random, GLOBS, 2)),
    },
    line,
  };
}

export function anyPublishers(random: Random): Publisher[] {
  return Array.from({ length: random.below(5) }, (_, index) => ({
    repositories: random.pick(KEYS),
    when:
      random.below(5) === 0
        ? undefined
        : {
            workflow: perhaps(random, 0.4, () => some(random, WORKFLOW_GLOBS, 2)),
            event: perhaps(random, 0.2, () => some(random, EVENTS, 2)),
            environment: perhaps(random, 0.2, () => some(random, ENVIRONMENTS, 2)),
            ref: perhaps(random, 0.3, () => some(random, GLOBS, 2)),
          },
    // Apart from those of rules.
    line: 100 + index,
  }));
}

export function anySketch(random: Random) {
  const role = () => random.pick(GITHUB_ROLES);
  const roles = (of: readonly string[]) => Object.fromEntries(some(random, of, 2).map((name) => [name, role()]));
  return {
    base: random.pick<GitHubRole | "none">(["none", "none", "read", "write"]),
    owners: ["olga"],
    members: ["alice", "bob", "carol"],
    teams: Object.fromEntries(
      TEAMS.map((slug) => {
        const parent = PARENT[slug];
        const members = some(random, ["alice", "bob", "carol"], 2);
        return [slug, parent === undefined ? { members } : { members, parent }];
      }),
    ),
    repositories: Object.fromEntries(
      REPOSITORIES.map((name) => [
        name,
        {
          declares: DECLARES[name],
          visibility: random.pick(VISIBILITIES),
          archived: random.below(5) === 0,
          teams: random.below(2) === 0 ? roles(TEAMS) : {},
          collaborators: random.below(2) === 0 ? roles(["alice", "bob", "otto"]) : {},
        },
      ]),
    ),
  } satisfies Sketch;
}

/** Rules, limits on publishers, and what roles and everybody may do. */
export function anyPolicy(random: Random): Policy {
  const rules = Array.from({ length: random.below(8) }, (_, index) => anyRule(random, index + 1));
  const change = { permissions: random.below(32), label: undefined, line: 1 };
  return {
    ...DEFAULT_POLICY,
    rules,
    publishers: anyPublishers(random),
    roles: random.below(2) === 0 ? new Map() : new Map([[random.pick(GITHUB_ROLES), change]]),
    read: { publicRepositories: random.pick(["members", "everyone"]), unclaimed: "nobody" },
  };
}
