import { NO_BINDINGS } from "../../src/domain/bindings.ts";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { View } from "../../src/domain/decide.ts";
import { isContested, isRetired, repositoryIn } from "../../src/domain/standings.ts";
import { NOWHERE, placeOf } from "../../src/domain/stretches.ts";
import { createStore } from "../../src/state/store.ts";
import { anyFacts, NAMES } from "./arbitraries.ts";
import { anyChange, happen } from "./changes.ts";
import { HELD } from "./decisions.ts";
import { IN_FORCE } from "./arbitraries.ts";
import { checkProperty } from "./check.ts";

/** What one look-up finds for a name. */
function joined({ access }: View, name: (typeof NAMES)[number]): unknown {
  const standing = access.names.get(name);
  if (standing === undefined) return undefined;
  const number = repositoryIn(standing);
  const status = isRetired(standing) ? "retired" : isContested(standing) ? "contested" : "held";
  const isPlaced = placeOf(access.stretches, number) !== NOWHERE;
  return { status, row: access.stretches.rows[number], isPlaced };
}

const AS_GOOD_AS = { pinned: "held", held: "held", contested: "contested", retired: "retired", unbound: "retired" };

/** What two find: the claim, then its repository. */
function inTwoSteps({ access, claims }: View, name: (typeof NAMES)[number]): unknown {
  const claim = claims.get(name);
  if (claim === undefined) return undefined;
  const row = access.repositories.get(claim.repository ?? 0);
  return { status: AS_GOOD_AS[claim.status], row, isPlaced: row !== undefined };
}

describe("the way from a name to its repository", () => {
  it("is the same in one step as in two, whatever happens to claims and grants", () => {
    const seen = { moved: 0, changed: 0 };
    checkProperty(
      fc.property(anyFacts, fc.array(anyChange, { maxLength: 12 }), (facts, changes) => {
        let now = 0;
        const store = createStore({ id: 1, login: "acme" }, () => now, {
          ready: true,
          facts,
          claims: HELD,
          inForce: IN_FORCE,
          bindings: NO_BINDINGS,
          revision: 0,
        });
        for (const change of changes) {
          // Long enough for a retirement to end now and then.
          now += 50 * 86_400_000;
          const before = store.view();
          const places = [...before.access.stretches.places];
          const claims = new Map(before.claims);
          happen(store, change);
          const view = store.view();
          for (const name of NAMES) expect(joined(view, name)).toEqual(inTwoSteps(view, name));
          seen.moved += Number(places.some((place, number) => place !== view.access.stretches.places[number]));
          seen.changed += Number(NAMES.some((name) => claims.get(name)?.status !== view.claims.get(name)?.status));
        }
      }),
    );
    // Were nothing moved and nothing claimed anew, two steps could not lead elsewhere.
    expect(Math.min(seen.moved, seen.changed)).toBeGreaterThan(100);
  });
});
