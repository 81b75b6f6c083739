import * as fc from "fast-check";
import { describe, it } from "vitest";
import type { CompiledAccess } from "../../src/domain/access.ts";
import { compileAccess } from "../../src/domain/access.ts";
import { teamRow } from "../../src/domain/team-tree.ts";
import { createStore } from "../../src/state/store.ts";
import { viewOf } from "../domain/views.ts";
import { slicesOf } from "../state/slices.ts";
import { anyFacts } from "./arbitraries.ts";
import { anyChange, happen } from "./changes.ts";
import { decideAll, HELD } from "./decisions.ts";
import { checkProperty } from "./check.ts";
import { expectSame } from "./same.ts";

describe("compiled access", () => {
  it("kept up to date through any changes equals access compiled from scratch", () => {
    checkProperty(
      fc.property(anyFacts, fc.array(anyChange, { maxLength: 8 }), (facts, changes) => {
        const store = createStore({ id: 1, login: "acme" }, () => 0);
        store.apply(slicesOf(facts));
        for (const change of changes) {
          happen(store, change);
          const view = store.view();
          const fresh = compileAccess(view.facts);
          expectSame(view.access, fresh);
          const served = { ...view, claims: HELD, ready: true };
          expectSame(decideAll(served), decideAll({ ...served, access: fresh }));
        }
      }),
    );
  });

  it("decides alike whether rows are bits or sets, or some of each while the organization grows", () => {
    checkProperty(
      fc.property(anyFacts, fc.func(fc.boolean()), (facts, isPacked) => {
        const view = viewOf(facts, HELD);
        const members = [...view.access.members].map(([user, row]) => {
          const direct = [...facts.teamMembers].flatMap(([team, { value }]) => (value.has(user) ? [team] : []));
          return [user, { ...row, teams: teamRow(view.access.tree, direct, isPacked(user)) }] as const;
        });
        const access: CompiledAccess = { ...view.access, members: new Map(members) };
        expectSame(decideAll({ ...view, access }), decideAll(view));
      }),
    );
  });
});
