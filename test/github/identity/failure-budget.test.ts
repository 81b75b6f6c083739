import { describe, expect, test } from "vitest";

import { createFailureBudget } from "../../../src/github/identity/failure-budget.ts";

function setUp() {
  const clock = { now: 1_000_000 };
  const budget = createFailureBudget({ perMinute: 6, now: () => clock.now });
  const takeAll = (client: string) => {
    let taken = 0;
    while (budget.take(client)) taken += 1;
    return taken;
  };
  return { clock, budget, takeAll };
}

describe("createFailureBudget", () => {
  test("allows a minute's failures at once, then refuses", () => {
    const { takeAll } = setUp();
    expect(takeAll("pypi")).toBe(6);
    expect(takeAll("pypi")).toBe(0);
  });

  test("allows 60 a minute unless told otherwise", () => {
    const budget = createFailureBudget({ now: () => 0 });
    expect(Array.from({ length: 61 }, () => budget.take("pypi")).filter(Boolean)).toHaveLength(60);
  });

  test("may be larger than a minute's", () => {
    const clock = { now: 0 };
    const budget = createFailureBudget({ perMinute: 6, most: 9, now: () => clock.now });
    const takeAll = () => Array.from({ length: 20 }, () => budget.take("pypi")).filter(Boolean).length;
    expect(takeAll()).toBe(9);
    clock.now += 60_000;
    expect(takeAll()).toBe(6);
    clock.now += 3_600_000;
    expect(takeAll()).toBe(9);
  });

  test("says when there will be room", () => {
    const { clock, budget, takeAll } = setUp();
    expect(budget.waitMs("pypi")).toBe(0);
    takeAll("pypi");
    expect(budget.waitMs("pypi")).toBe(10_000);
    clock.now += 9_999;
    expect(budget.waitMs("pypi")).toBe(1);
    clock.now += 1;
    expect(budget.waitMs("pypi")).toBe(0);
    expect(budget.take("pypi")).toBe(true);
  });

  test("one client's failures are not another's", () => {
    const { takeAll } = setUp();
    takeAll("pypi");
    expect(takeAll("devpi")).toBe(6);
  });

  test("fills up with time, never beyond its size", () => {
    const { clock, budget, takeAll } = setUp();
    takeAll("pypi");
    clock.now += 9_999;
    expect(budget.take("pypi")).toBe(false);
    clock.now += 1;
    expect(takeAll("pypi")).toBe(1);
    clock.now += 30_000;
    expect(takeAll("pypi")).toBe(3);
    clock.now += 3_600_000;
    expect(takeAll("pypi")).toBe(6);
  });

  test("what is given back can be taken again, never more than that", () => {
    const { budget, takeAll } = setUp();
    takeAll("pypi");
    budget.giveBack("pypi");
    expect(takeAll("pypi")).toBe(1);
    for (let i = 0; i < 20; i += 1) budget.giveBack("pypi");
    expect(takeAll("pypi")).toBe(6);
  });

  test("a clock set back neither fills nor empties it", () => {
    const { clock, budget, takeAll } = setUp();
    expect(budget.take("pypi")).toBe(true);
    clock.now -= 3_600_000;
    expect(takeAll("pypi")).toBe(5);
  });
});
