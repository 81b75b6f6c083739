import { describe, expect, it } from "vitest";
import type { Circumstances } from "../../src/domain/judge.ts";
import type { Decision, Subject, View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import { GITHUB_ROLES } from "../../src/domain/facts.ts";
import type { Policy, Rule } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { PERMISSION_BIT, PERMISSIONS } from "../../src/domain/roles.ts";
import { draw, packageName } from "../domain/facts-builder.ts";
import { heldClaims, viewOf } from "../domain/views.ts";
import { createRandom } from "../simulator/random.ts";
import { SEED } from "./check.ts";
import type { RuleQuestion } from "./naive-rules.ts";
import { refusingEntry } from "./naive-publishers.ts";
import { decidingRule } from "./naive-rules.ts";
import {
  anyPublishers,
  anyRule,
  anySketch,
  DECLARES,
  ENVIRONMENTS,
  EVENTS,
  INDEXES,
  OUTSIDE,
  PARENT,
  perhaps,
  REFS,
  REPOSITORIES,
  TEAMS,
  USERS,
  WORKFLOWS,
} from "./random-policies.ts";

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

function shown(outcome: string, reason: string, rule?: Pick<Rule, "line">): string {
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
      const publishers = anyPublishers(random);
      const policy: Policy = { ...DEFAULT_POLICY, rules, publishers };
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
          workflow: isWorkflow ? perhaps(random, 0.8, () => random.pick(WORKFLOWS)) : undefined,
          event: isWorkflow ? perhaps(random, 0.8, () => random.pick(EVENTS)) : undefined,
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
        const byRules = expected(
          decide(without, subject, permission, name, circumstances),
          who,
          isClosed ? undefined : decidingRule(rules, question),
        );
        const mayBeLimited = isWorkflow && permission !== "read" && byRules.startsWith("allow");
        const refusing = mayBeLimited
          ? refusingEntry(publishers, who.slice("workflow:".length), circumstances)
          : undefined;
        const right = refusing === undefined ? byRules : shown("deny", "rule", refusing);
        if (mayBeLimited) {
          const limit = refusing === undefined ? "within limits" : "beyond limits";
          met.set(limit, (met.get(limit) ?? 0) + 1);
        }
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
    expect(["within limits", "beyond limits"].filter((kind) => (met.get(kind) ?? 0) < PAIRS / 200)).toEqual([]);
  });
});
