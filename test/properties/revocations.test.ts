import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { reduce } from "../../src/state/reduce.ts";
import { revoke } from "../../src/state/revoke.ts";
import { viewOf } from "../domain/views.ts";
import { anyFacts } from "./arbitraries.ts";
import { anyRevocation, anySlice } from "./changes.ts";
import { allowedBeyond, decideAll, HELD } from "./decisions.ts";
import { checkProperty } from "./check.ts";

describe("a revocation", () => {
  it("adds no permission to anybody", () => {
    let lost = 0;
    checkProperty(
      fc.property(anyFacts, anyRevocation, (facts, revocation) => {
        const before = decideAll(viewOf(facts, HELD));
        const after = decideAll(viewOf(reduce(facts, revoke(facts, revocation)), HELD));
        expect(allowedBeyond(after, before)).toEqual([]);
        lost += allowedBeyond(before, after).length;
      }),
    );
    expect(lost).toBeGreaterThan(500);
  });

  it("repeated finds nothing left to take", () => {
    checkProperty(
      fc.property(anyFacts, anyRevocation, (facts, revocation) => {
        const after = reduce(facts, revoke(facts, revocation));
        expect(revoke(after, revocation)).toEqual([]);
      }),
    );
  });

  it("in any order with another takes no less", () => {
    checkProperty(
      fc.property(anyFacts, anyRevocation, anyRevocation, (facts, first, second) => {
        const one = reduce(facts, revoke(facts, second));
        const both = reduce(one, revoke(one, first));
        const single = decideAll(viewOf(reduce(facts, revoke(facts, first)), HELD));
        expect(allowedBeyond(decideAll(viewOf(both, HELD)), single)).toEqual([]);
      }),
    );
  });
});

describe("replacing slices", () => {
  it("together equals one after another, and leaves the given facts alone", () => {
    checkProperty(
      fc.property(anyFacts, fc.array(anySlice, { maxLength: 6 }), (facts, slices) => {
        const given = structuredClone(facts);
        const together = reduce(facts, slices);
        expect(together).toEqual(slices.reduce((each, slice) => reduce(each, [slice]), facts));
        expect(facts).toEqual(given);
      }),
    );
  });

  it("twice is the same as once", () => {
    checkProperty(
      fc.property(anyFacts, anySlice, (facts, slice) => {
        const once = reduce(facts, [slice]);
        expect(reduce(once, [slice])).toEqual(once);
      }),
    );
  });
});
