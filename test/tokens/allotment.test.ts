import { expect, it } from "vitest";
import { createAllotment } from "../../src/tokens/allotment.ts";
import { LIFE_MS } from "../../src/tokens/life.ts";

it("gives each person so many tokens within the life of one, and says when there is another", () => {
  let time = 1000;
  const { take } = createAllotment(() => time, 2);
  expect([take(1), take(1)]).toStrictEqual([undefined, undefined]);
  time = 5000;
  expect([take(1), take(2)]).toStrictEqual([1000 + LIFE_MS.user, undefined]);
  time = 1000 + LIFE_MS.user;
  expect([take(1), take(1)]).toStrictEqual([undefined, undefined]);
  expect(take(1)).toBe(time + LIFE_MS.user);
});

it("gives more than anybody's machines need", () => {
  const { take } = createAllotment(() => 0);
  const taken = Array.from({ length: 21 }, () => take(1));
  expect(taken.filter((next) => next === undefined)).toHaveLength(20);
});
