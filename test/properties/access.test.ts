import { NO_BINDINGS } from "../../src/domain/bindings.ts";
import * as fc from "fast-check";
import { describe, it } from "vitest";
import type { CompiledAccess } from "../../src/domain/access.ts";
import { bitsFor } from "../../src/domain/bits.ts";
import { compileAccess } from "../../src/domain/access.ts";
import type { Memberships } from "../../src/domain/memberships.ts";
import { noMemberships, writeMember } from "../../src/domain/memberships.ts";
import { createStore } from "../../src/state/store.ts";
import { spread } from "../domain/spread.ts";
import { viewOf } from "../domain/views.ts";
import { anyFacts } from "./arbitraries.ts";
import { anyChange, happen } from "./changes.ts";
import { decideAll, HELD } from "./decisions.ts";
import { checkProperty } from "./check.ts";
import { anyPolicy } from "./policies.ts";
import { expectSame } from "./same.ts";

describe("compiled access", () => {
  it("kept up to date through any changes equals access compiled from scratch", () => {
    checkProperty(
      fc.property(anyFacts, anyPolicy(5), fc.array(anyChange, { maxLength: 8 }), (facts, policy, changes) => {
        const inForce = { text: "", policy };
        const saved = { ready: true, facts, claims: HELD, inForce, bindings: NO_BINDINGS, revision: 0 };
        const store = createStore({ id: 1, login: "acme" }, () => 0, saved);
        for (const change of changes) {
          happen(store, change);
          const view = store.view();
          const fresh = compileAccess(view);
          expectSame(spread(view.access), spread(fresh));
          const served = { ...view, ready: true };
          expectSame(decideAll(served), decideAll({ ...served, access: fresh }));
        }
      }),
      300,
    );
  });

  /** The same access with its members laid out in another way. */
  function inForm(access: CompiledAccess, empty: Memberships): CompiledAccess {
    const { memberships: rows } = spread(access);
    for (const [user, { teams }] of rows) {
      const everywhere = access.members.get(user)?.everywhere ?? [];
      writeMember(empty, user, { within: new Set(teams), everywhere, statements: bitsFor(0) });
    }
    return { ...access, memberships: empty };
  }

  it("decides alike whether teams are bits or sets", () => {
    checkProperty(
      fc.property(anyFacts, (facts) => {
        const view = viewOf(facts, HELD);
        const access = inForm(view.access, noMemberships(0, view.access.tree.lineage.length, 0, false));
        expectSame(decideAll({ ...view, access }), decideAll(view));
      }),
    );
  });

  it("decides alike whether or not it is kept which statements of rules mean each member", () => {
    checkProperty(
      fc.property(anyFacts, anyPolicy(5), (facts, policy) => {
        const view = viewOf(facts, HELD, policy);
        const access = inForm(view.access, noMemberships(0, view.access.tree.lineage.length, 0));
        expectSame(decideAll({ ...view, access }), decideAll(view));
      }),
    );
  });
});
