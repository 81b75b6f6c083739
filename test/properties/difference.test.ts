import { describe, expect, it } from "vitest";
import type { Subject, View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import { differenceOf } from "../../src/domain/difference.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { candidates } from "../../src/domain/search.ts";
import { finish } from "../../src/domain/steps.ts";
import { createRandom } from "../simulator/random.ts";
import { SEED } from "./check.ts";
import { anyPair } from "./random-pairs.ts";
import { INDEXES } from "./random-policies.ts";
import { expectSame } from "./same.ts";

/** Every line of a full listing: who may do what, by package, login and permission. */
function listing(view: View, names: readonly PackageName[], index: string): Map<string, string> {
  const people = [undefined, ...candidates(view).keys()];
  const lines = new Map<string, string>();
  for (const name of names) {
    for (const id of people) {
      const subject: Subject = id === undefined ? { kind: "everyone" } : { kind: "user", id };
      for (const permission of PERMISSIONS) {
        lines.set(`${name} ${id} ${permission}`, decide(view, subject, permission, name, { index }).outcome);
      }
    }
  }
  return lines;
}

describe("the difference of two policies", () => {
  it("is the difference of two full listings", () => {
    const random = createRandom(SEED);
    const met = { gains: 0, loses: 0, unknown: 0 };
    for (let run = 0; run < 200; run += 1) {
      const { before, after } = anyPair(random);
      const index = random.pick(INDEXES);
      // Of names that nobody has, neither before nor after, there is no list.
      const names = [...new Set([...before.claims.keys(), ...after.claims.keys()])].toSorted();
      const was = listing(before, names, index);
      const different = [...listing(after, names, index)].filter(([line, outcome]) => outcome !== was.get(line));
      const sure = different.filter(([line, outcome]) => outcome !== "unknown" && was.get(line) !== "unknown");
      const right = sure.map(([line, outcome]) => `${line} ${outcome === "allow" ? "gains" : "loses"}`);

      const { changes, ...counts } = finish(differenceOf(before, after, Infinity, { index }));
      const found = changes.map(({ user, permission, name, effect }) => `${name} ${user?.id} ${permission} ${effect}`);
      expectSame(found, right);
      const gained = changes.filter(({ effect }) => effect === "gains").length;
      expectSame(counts, { gained, lost: right.length - gained, unknown: different.length - sure.length });
      for (const { effect } of changes) met[effect] += 1;
      met.unknown += counts.unknown;
      const some = random.below(20);
      expectSame(finish(differenceOf(before, after, some, { index })), {
        ...counts,
        changes: changes.slice(0, some),
      });
    }
    expect(met.gains).toBeGreaterThan(1000);
    expect(met.loses).toBeGreaterThan(1000);
    expect(met.unknown).toBeGreaterThan(1000);
  });
});
