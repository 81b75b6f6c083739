import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/domain/claims.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { GRANT_KINDS } from "../../src/domain/grants.ts";
import { grantsFor } from "../../src/domain/held.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { whatCan, whoCan } from "../../src/domain/search.ts";
import { viewOf } from "../domain/views.ts";
import { anyFacts, anyRepository, NAMES, USERS } from "./arbitraries.ts";
import { decideAll, HELD, QUESTIONS } from "./decisions.ts";
import { checkProperty } from "./check.ts";
import { naively } from "./naive.ts";
import { anyPolicy } from "./policies.ts";

const anyClaim: fc.Arbitrary<Claim | undefined> = fc.oneof(
  {
    weight: 4,
    arbitrary: anyRepository.map((repository) => ({ status: "held" as const, repository, path: "p", since: 0 })),
  },
  {
    weight: 2,
    arbitrary: anyRepository.map((repository) => ({
      status: "contested" as const,
      repository,
      path: "p",
      since: 0,
      rivals: [{ repository: 9, path: "p" }],
    })),
  },
  { weight: 1, arbitrary: anyRepository.map((repository) => ({ status: "retired" as const, repository, since: 0 })) },
  { weight: 1, arbitrary: fc.constant(undefined) },
);

/** Whether the facts name somebody. */
function isKnown({ members, access }: Facts, user: number): boolean {
  return members?.value.has(user) === true || [...access.values()].some(({ value }) => value.collaborators.has(user));
}

const ALLOWED = GRANT_KINDS.map((kind) => `allow ${kind}`);
const REFUSALS = ["unclaimed", "retired", "contested", "archived", "not-a-member", "no-grant"];
const DENIED = REFUSALS.map((reason) => `deny ${reason}`);

describe("every decision", () => {
  it("is what the rules say, and so is its reason", () => {
    const seen = new Map<string, number>();
    checkProperty(
      fc.property(anyFacts, fc.tuple(anyClaim, anyClaim, anyClaim), (facts, claims) => {
        const claimed = NAMES.flatMap((name, index) => {
          const claim = claims[index];
          return claim === undefined ? [] : [[name, claim] as const];
        });
        const view = viewOf(facts, new Map(claimed));
        const expected = QUESTIONS.map(({ user, permission, name }) =>
          naively(facts, view.claims.get(name), user, permission),
        );
        for (const answer of expected) seen.set(answer, (seen.get(answer) ?? 0) + 1);
        expect(decideAll(view).map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual(expected);
      }),
    );
    // A comparison that never met a case says nothing about it.
    const rare = [...ALLOWED, ...DENIED, "unknown not-synced"].filter((answer) => (seen.get(answer) ?? 0) < 50);
    expect(rare).toEqual([]);
  });

  it("is what the rules say by whatever catalog, and whatever everybody may read", () => {
    let changed = 0;
    checkProperty(
      fc.property(anyFacts, anyPolicy(0), (facts, policy) => {
        const claimed = { ...policy, read: { ...policy.read, unclaimed: "nobody" as const } };
        const view = viewOf(facts, HELD, claimed);
        const expected = QUESTIONS.map(({ user, permission, name }) =>
          naively(facts, HELD.get(name), user, permission, claimed),
        );
        expect(decideAll(view).map(({ outcome, reason }) => `${outcome} ${reason}`)).toEqual(expected);
        const before = decideAll(viewOf(facts, HELD));
        changed += decideAll(view).filter(({ outcome }, index) => outcome !== before[index]?.outcome).length;
      }),
    );
    // A policy that changed nothing would prove nothing.
    expect(changed).toBeGreaterThan(500);
  });

  it("is listed by both searches just as it is decided, whatever the policy", () => {
    const found = { byRule: 0, byRole: 0 };
    checkProperty(
      fc.property(anyFacts, anyPolicy(6), fc.constantFrom("one", "three", undefined), (facts, policy, index) => {
        const view = viewOf(facts, HELD, policy);
        const circumstances = { index };
        const people = new Set(USERS.filter((user) => isKnown(facts, user)));
        for (const permission of PERMISSIONS) {
          for (const name of NAMES) {
            const allowed = [...people].filter(
              (id) => decide(view, { kind: "user", id }, permission, name, circumstances).outcome === "allow",
            );
            const holders = whoCan(view, permission, name, circumstances).found;
            expect(holders.map(({ id }) => id).toSorted((a, b) => a - b)).toEqual(allowed);
            for (const { why } of holders) found[why.reason === "rule" ? "byRule" : "byRole"] += 1;
            for (const user of people) {
              const holding = whatCan(view, user, Infinity, circumstances).found.find((each) => each.name === name);
              expect(holding?.permissions.includes(permission) === true).toBe(allowed.includes(user));
            }
          }
        }
      }),
      100,
    );
    expect(Math.min(found.byRule, found.byRole)).toBeGreaterThan(20);
  });

  it("that allows has evidence, and the strongest of it is the reason", () => {
    checkProperty(
      fc.property(anyFacts, (facts) => {
        const view = viewOf(facts, HELD);
        for (const { user, permission, name } of QUESTIONS) {
          const { outcome, reason, grant, repository } = decide(view, { kind: "user", id: user }, permission, name);
          const grants = repository === undefined ? [] : grantsFor(view, user, permission, repository);
          // A refusal in spite of a grant, as of an archived repository, shows what is held.
          const shown = outcome === "allow" || reason === "archived" ? grant : undefined;
          expect(grants[0]).toBe(shown);
        }
      }),
    );
  });
});
