import { expect, it } from "vitest";
import type { Decision, View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import { askForAll, everybodyIn } from "../../src/domain/decided-alike.ts";
import type { UserId } from "../../src/domain/facts.ts";
import type { Circumstances } from "../../src/domain/judge.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { candidates } from "../../src/domain/search.ts";
import { createRandom } from "../simulator/random.ts";
import { SEED } from "./check.ts";
import { anyPair } from "./random-pairs.ts";
import { INDEXES } from "./random-policies.ts";
import { expectSame } from "./same.ts";

const said = ({ outcome, repository, asOf }: Decision) => ({ outcome, repository: repository?.id, asOf });
type Said = ReturnType<typeof said>;

function together(view: View, name: PackageName, where: Circumstances): (readonly [UserId, Said[]])[] {
  const saidOf = askForAll(view, name, (id) =>
    PERMISSIONS.map((permission) => said(decide(view, { kind: "user", id }, permission, name, where))),
  );
  return everybodyIn(view).map((person) => [person.user.id, saidOf(person) ?? []]);
}

function alone(view: View, name: PackageName, where: Circumstances): (readonly [UserId, Said[]])[] {
  return [...candidates(view).keys()].map((id) => [
    id,
    PERMISSIONS.map((permission) => said(decide(view, { kind: "user", id }, permission, name, where))),
  ]);
}

it("whoever is decided for with others is decided for as if alone", () => {
  const random = createRandom(SEED);
  const met = { allow: 0, deny: 0, unknown: 0 };
  for (let run = 0; run < 200; run += 1) {
    for (const view of Object.values(anyPair(random))) {
      const index = random.pick(INDEXES);
      // Who is alike is found out once; facts grow old meanwhile, and are confirmed again.
      for (const freshSince of [view.freshSince, 0, Infinity, view.freshSince]) {
        for (const name of [...view.claims.keys()].slice(0, 6)) {
          const expected = alone({ ...view, freshSince }, name, { index });
          const found = together({ ...view, freshSince }, name, { index });
          expectSame(found, expected);
          for (const { outcome } of expected.flatMap(([, all]) => all)) met[outcome] += 1;
        }
      }
    }
  }
  expect(Math.min(...Object.values(met))).toBeGreaterThan(1000);
});
