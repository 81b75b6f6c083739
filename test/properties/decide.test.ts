import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/domain/claims.ts";
import { decide } from "../../src/domain/decide.ts";
import { GRANT_KINDS } from "../../src/domain/grants.ts";
import { grantsFor } from "../../src/domain/held.ts";
import { viewOf } from "../domain/views.ts";
import { anyFacts, anyRepository, NAMES } from "./arbitraries.ts";
import { decideAll, HELD, QUESTIONS } from "./decisions.ts";
import { checkProperty } from "./check.ts";
import { naively } from "./naive.ts";

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
