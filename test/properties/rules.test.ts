import { describe, expect, it } from "vitest";
import type { Circumstances } from "../../src/domain/judge.ts";
import type { Decision, Subject, View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import type { GitHubRole } from "../../src/domain/facts.ts";
import { GITHUB_ROLES } from "../../src/domain/facts.ts";
import type { Policy, Principal, Rule } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { PERMISSION_BIT, PERMISSIONS } from "../../src/domain/roles.ts";
import type { Sketch } from "../domain/facts-builder.ts";
import { draw, packageName } from "../domain/facts-builder.ts";
import { heldClaims, viewOf } from "../domain/views.ts";
import type { Random } from "../simulator/random.ts";
import { createRandom } from "../simulator/random.ts";
import { SEED } from "./check.ts";
import type { RuleQuestion } from "./naive-rules.ts";
import { decidingRule } from "./naive-rules.ts";

const USERS = ["olga", "alice", "bob", "carol", "otto", "eve"];
const OUTSIDE = new Set(["otto", "eve"]);
const TEAMS = ["release", "backend", "audit"];
const PARENT: Readonly<Record<string, string>> = { backend: "release" };
const DECLARES = {
  core: ["acme-core", "acme-core-x", "acme"],
  web: ["acme-web", "acmecorp"],
  tools: ["tools", "tools-a"],
};
const REPOSITORIES = ["core", "web", "tools"] as const;
const NAMES = REPOSITORIES.flatMap((repository) => DECLARES[repository]);
const PATTERNS = ["*", "acme-*", "acme-core-*", "tools-*", ...NAMES];
const VISIBILITIES = ["public", "internal", "private"] as const;
const INDEXES = ["index-a", "index-b"];
const ENVIRONMENTS = ["release", "staging"];
const REFS = ["refs/tags/v1", "refs/heads/main", "refs/heads/fix/a"];
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

function perhaps<T>(random: Random, chance: number, make: () => T): T | undefined {
  return random.next() < chance ? make() : undefined;
}

function anyRule(random: Random, line: number): Rule {
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

function anySketch(random: Random) {
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
type Organization = ReturnType<typeof anySketch>;

/** What somebody is called where a repository is concerned: the words of principals that mean them. */
function namesOf({ base, teams, repositories }: Organization, who: string, repository: string): string[] {
  if (who === "nobody") return ["everyone"];
  if (who.startsWith("workflow:")) return ["everyone", who];
  const isMember = !OUTSIDE.has(who);
  const mine = TEAMS.filter((slug) => isMember && teams[slug]?.members.includes(who));
  const all = [...mine, ...mine.flatMap((slug) => PARENT[slug] ?? [])];
  const { visibility, collaborators, teams: granted } = repositories[repository] ?? {};
  const roles = new Set([
    who === "olga" ? "admin" : undefined,
    collaborators?.[who],
    ...all.map((slug) => granted?.[slug]),
    isMember ? base : undefined,
    isMember && visibility !== "private" ? "read" : undefined,
  ]);
  // Who is neither a member nor a collaborator anywhere has no login that we know.
  const isKnown = isMember || REPOSITORIES.some((name) => repositories[name]?.collaborators[who] !== undefined);
  const role = GITHUB_ROLES.findLast((each) => roles.has(each));
  return [
    "everyone",
    ...(isKnown ? [`user:${who}`] : []),
    ...(isMember ? ["members", ...all.map((slug) => `team:${slug}`)] : []),
    ...(role === undefined ? [] : [`role:${role}`]),
  ];
}

/** What is to come of a question, given what roles alone say and the rule that decides, unless nothing is open to it. */
function expected(base: Decision, who: string, rule: Rule | undefined): string {
  if (rule === undefined) return shown(base.outcome, base.reason);
  if (rule.effect === "deny")
    return who === "nobody" ? shown("deny", "missing-credentials") : shown("deny", "rule", rule);
  const role = base.outcome === "allow" && !["public", "workflow"].includes(base.reason);
  return role ? shown("allow", base.reason, rule) : shown("allow", "rule", rule);
}

function shown(outcome: string, reason: string, rule?: Rule): string {
  return rule === undefined ? `${outcome} ${reason}` : `${outcome} ${reason}, line ${rule.line}`;
}

const PAIRS = 100_000;
/** To each policy. */
const QUESTIONS = 250;

describe("rules", () => {
  it(`decide as a plain reading of the contract does, in ${PAIRS} questions to random policies`, () => {
    const random = createRandom(SEED);
    const met = new Map<string, number>();
    const differences: unknown[] = [];
    for (let asked = 0; asked < PAIRS;) {
      const organization = anySketch(random);
      const drawn = draw(organization);
      const claims = heldClaims(drawn);
      const rules = Array.from({ length: random.below(12) }, (_, index) => anyRule(random, index + 1));
      const policy: Policy = { ...DEFAULT_POLICY, rules };
      const view: View = viewOf(drawn.facts, claims, policy);
      const without: View = viewOf(drawn.facts, claims);
      for (const end = asked + QUESTIONS; asked < end; asked += 1) {
        const who = random.pick([...USERS, "nobody", "workflow:core", "workflow:web", "workflow:tools"]);
        const repository = random.pick(REPOSITORIES);
        const name = packageName(random.pick(DECLARES[repository]));
        const permission = random.pick(PERMISSIONS);
        const isWorkflow = who.startsWith("workflow:");
        const circumstances: Circumstances = {
          index: perhaps(random, 0.8, () => random.pick(INDEXES)),
          environment: isWorkflow ? perhaps(random, 0.5, () => random.pick(ENVIRONMENTS)) : undefined,
          ref: isWorkflow ? perhaps(random, 0.7, () => random.pick(REFS)) : undefined,
        };
        const subject: Subject =
          who === "nobody"
            ? { kind: "everyone" }
            : isWorkflow
              ? { kind: "workload", repository: drawn.repository(who.slice("workflow:".length)) }
              : { kind: "user", id: drawn.user(who) };
        const question: RuleQuestion = {
          package: name,
          permission: PERMISSION_BIT[permission],
          index: circumstances.index,
          visibility: organization.repositories[repository]?.visibility ?? "private",
          environment: circumstances.environment,
          ref: circumstances.ref,
          isCalled: namesOf(organization, who, repository),
        };
        const isClosed = organization.repositories[repository]?.archived === true && permission !== "read";
        const decision = decide(view, subject, permission, name, circumstances);
        const answer = shown(decision.outcome, decision.reason, decision.rule);
        const right = expected(
          decide(without, subject, permission, name, circumstances),
          who,
          isClosed ? undefined : decidingRule(rules, question),
        );
        const kind = right.replace(/, .*/, "");
        met.set(kind, (met.get(kind) ?? 0) + 1);
        if (answer !== right)
          differences.push({ who, permission, name, circumstances, answer, right, rules, organization });
      }
    }
    expect(differences.slice(0, 1)).toEqual([]);
    // A comparison that never met a case says nothing about it.
    const common = ["allow rule", "deny rule", "allow team", "deny no-grant", "allow workflow", "deny archived"];
    expect(common.filter((kind) => (met.get(kind) ?? 0) < PAIRS / 200)).toEqual([]);
  });
});
