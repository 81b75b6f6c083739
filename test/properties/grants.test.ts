import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide } from "../../src/domain/decide.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { Grant } from "../../src/domain/grants.ts";
import { grantsFor } from "../../src/domain/held.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { viewOf } from "../domain/views.ts";
import { anyFacts, anyRole, anyTeam, anyUser, REPOSITORIES, USERS } from "./arbitraries.ts";
import { allowedBeyond, decideAll, HELD } from "./decisions.ts";
import { checkProperty } from "./check.ts";
import type { Addition } from "./rights.ts";
import { add, remove } from "./rights.ts";

const anyAddition: fc.Arbitrary<Addition> = fc.oneof(
  fc.record({ kind: fc.constant("member" as const), user: anyUser }),
  fc.record({ kind: fc.constant("owner" as const), user: anyUser }),
  fc.record({ kind: fc.constant("team-member" as const), user: anyUser, team: anyTeam }),
  fc.record({ kind: fc.constant("collaborator" as const), user: anyUser, role: anyRole }),
  fc.record({ kind: fc.constant("team" as const), team: anyTeam, role: anyRole }),
  fc.record({ kind: fc.constant("organization-role" as const), user: anyUser, team: anyTeam, role: anyRole }),
  fc.record({ kind: fc.constant("base" as const) }),
  fc.record({ kind: fc.constant("public" as const) }),
);

describe("grants", () => {
  it("only ever add: one more never turns an allow into anything else", () => {
    let gained = 0;
    checkProperty(
      fc.property(anyFacts, anyAddition, (facts, addition) => {
        const before = decideAll(viewOf(facts, HELD));
        const after = decideAll(viewOf(add(facts, addition), HELD));
        expect(allowedBeyond(before, after)).toEqual([]);
        gained += allowedBeyond(after, before).length;
      }),
    );
    // Additions that add nothing would prove nothing.
    expect(gained).toBeGreaterThan(500);
  });

  it("are all there is: taking away each grant that is shown ends in a refusal", () => {
    checkProperty(
      fc.property(anyFacts, anyUser, fc.constantFrom(...PERMISSIONS), (facts, user, permission) => {
        for (const [name, { repository = 0 }] of HELD) {
          let left = facts;
          const ask = () => decide(viewOf(left, HELD), { kind: "user", id: user }, permission, name);
          for (let decision = ask(); decision.outcome === "allow"; decision = ask()) {
            const paths = evidence(left, user, repository);
            if (decision.grant === undefined) throw new Error("allowed without a grant");
            left = remove(left, user, repository, decision.grant);
            expect(evidence(left, user, repository).length).toBeLessThan(paths.length);
          }
          expect(["deny", "unknown"]).toContain(ask().outcome);
        }
      }),
    );
  });

  it("of one person are nobody else's", () => {
    checkProperty(
      fc.property(anyFacts, anyUser, anyRole, (facts, user, role) => {
        const others = USERS.filter((other) => other !== user);
        const outcomes = (given: Facts): unknown =>
          others.map((other) => REPOSITORIES.map((repository) => evidence(given, other, repository)));
        expect(outcomes(add(facts, { kind: "collaborator", user, role }))).toEqual(outcomes(facts));
      }),
    );
  });
});

function evidence(facts: Facts, user: number, repository: number): readonly Grant[] {
  const view = viewOf(facts, HELD);
  const row = view.access.repositories.get(repository);
  return row === undefined ? [] : grantsFor(view, user, "read", row);
}
