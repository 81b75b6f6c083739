import * as fc from "fast-check";
import { describe, it } from "vitest";
import type { Store } from "../../src/state/store.ts";
import { createStore } from "../../src/state/store.ts";
import { anyChange, happen } from "./changes.ts";
import { decideAll } from "./decisions.ts";
import { checkProperty } from "./check.ts";
import { expectSame } from "./same.ts";

describe("two organizations with equal names and numbers", () => {
  it("never influence each other", () => {
    checkProperty(
      fc.property(fc.array(fc.tuple(fc.boolean(), anyChange), { maxLength: 10 }), (changes) => {
        const open = (login: string): Store => createStore({ id: 1, login }, () => 0);
        const pair = { ours: open("acme"), theirs: open("acme") };
        const alone = open("acme");
        for (const [ours, change] of changes) {
          happen(ours ? pair.ours : pair.theirs, change);
          if (ours) happen(alone, change);
          expectSame(pair.ours.view(), alone.view());
          expectSame(decideAll(pair.ours.view()), decideAll(alone.view()));
        }
      }),
    );
  });
});
