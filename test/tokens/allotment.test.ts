import { expect, it } from "vitest";
import { createAllotment } from "../../src/tokens/allotment.ts";

const lifeMs = 60_000;

it("gives each so many tokens within the life of one, and says when there is another", () => {
  let time = 1000;
  const { take } = createAllotment({ now: () => time, most: 2, lifeMs });
  expect([take(1), take(1)]).toStrictEqual([undefined, undefined]);
  time = 5000;
  expect([take(1), take(2)]).toStrictEqual([1000 + lifeMs, undefined]);
  time = 1000 + lifeMs;
  expect([take(1), take(1)]).toStrictEqual([undefined, undefined]);
  expect(take(1)).toBe(time + lifeMs);
});
