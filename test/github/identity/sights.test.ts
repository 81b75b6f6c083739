import { describe, expect, it, vi } from "vitest";
import { createBreaker } from "../../../src/github/identity/breaker.ts";
import { createFailureBudget } from "../../../src/github/identity/failure-budget.ts";
import type { AskSight, Sight, SightAnswer } from "../../../src/github/identity/identity.ts";
import { createSights } from "../../../src/github/identity/sights.ts";

const CORE = { id: 100, owner: "acme", name: "core" };
const SITE = { id: 101, owner: "acme", name: "site" };

function setUp(answer: Sight | AskSight) {
  const clock = { now: 1_700_000_000_000 };
  const now = () => clock.now;
  const said = (sight: Sight): SightAnswer => ({
    sight,
    health: { state: sight === "unverifiable" ? "failing" : "well" },
  });
  const ask = vi.fn<AskSight>(typeof answer === "function" ? answer : () => Promise.resolve(said(answer)));
  const sights = createSights({
    ask,
    breaker: createBreaker({ now, threshold: 3, pauseMs: 1000 }),
    budget: createFailureBudget({ perMinute: 6, now }),
    now,
    ttlMs: 60_000,
  });
  return { ...sights, ask, clock, said };
}

describe("what a token's bearer sees", () => {
  it("is asked once for a token and a repository, however many want to know", async () => {
    const { sees, ask } = setUp("visible");
    expect(await Promise.all([sees("t", "a", CORE), sees("t", "b", CORE)])).toStrictEqual(["visible", "visible"]);
    expect(sees("t", "a", CORE)).toBe("visible");
    expect(ask).toHaveBeenCalledTimes(1);
    await sees("t", "a", SITE);
    await sees("u", "a", CORE);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it.each([
    ["visible", 60_000],
    ["hidden", 30_000],
  ] as const)("is believed for a while: %s", async (sight, life) => {
    const { sees, ask, clock } = setUp(sight);
    await sees("t", "a", CORE);
    clock.now += life - 1;
    expect(sees("t", "a", CORE)).toBe(sight);
    clock.now += 1;
    await sees("t", "a", CORE);
    expect(ask).toHaveBeenCalledTimes(2);
    clock.now -= life;
    await sees("t", "a", CORE);
    expect(ask).toHaveBeenCalledTimes(3);
  });

  it("is not remembered when nobody could say", async () => {
    const { sees, ask } = setUp("unverifiable");
    expect(await sees("t", "a", CORE)).toBe("unverifiable");
    expect(await sees("t", "a", CORE)).toBe("unverifiable");
    expect(ask).toHaveBeenCalledTimes(2);
  });

  it("is asked no more for a client whose tokens see nothing; others go on", async () => {
    const { sees, ask } = setUp("hidden");
    for (let number = 0; number < 20; number += 1) await sees(`t${number}`, "a", CORE);
    expect(ask).toHaveBeenCalledTimes(6);
    expect(await sees("x", "a", CORE)).toBe("unverifiable");
    expect(await sees("x", "b", CORE)).toBe("hidden");
  });

  it("costs a client nothing of that while it sees, nor one that saw a while ago", async () => {
    let sight: Sight = "visible";
    const { sees, ask, clock, said } = setUp(() => Promise.resolve(said(sight)));
    for (let number = 0; number < 20; number += 1) await sees(`t${number}`, "a", CORE);
    expect(ask).toHaveBeenCalledTimes(20);
    sight = "hidden";
    for (let number = 0; number < 6; number += 1) await sees(`u${number}`, "a", CORE);
    expect(await sees("v", "a", CORE)).toBe("unverifiable");
    clock.now += 60_000;
    for (let number = 0; number < 6; number += 1) await sees(`w${number}`, "a", CORE);
    expect(await sees("t0", "a", CORE)).toBe("hidden");
  });

  it("is not asked while GitHub is left alone", async () => {
    const { sees, ask, clock } = setUp("unverifiable");
    for (let number = 0; number < 5; number += 1) await sees(`t${number}`, "a", CORE);
    expect(ask).toHaveBeenCalledTimes(3);
    clock.now += 1000;
    await sees("t", "a", CORE);
    expect(ask).toHaveBeenCalledTimes(4);
  });

  it("is asked again when told to forget, also where the answer is on its way", async () => {
    const { sees, ask, forgetAll } = setUp("visible");
    await sees("t", "a", CORE);
    forgetAll();
    await sees("t", "a", CORE);
    expect(ask).toHaveBeenCalledTimes(2);
    const late = sees("u", "a", CORE);
    forgetAll();
    expect(await late).toBe("visible");
    expect(ask).toHaveBeenCalledTimes(4);
  });
});
