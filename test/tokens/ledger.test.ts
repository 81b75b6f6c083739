import { describe, expect, it } from "vitest";
import type { Entry } from "../../src/tokens/ledger.ts";
import { createLedger } from "../../src/tokens/ledger.ts";

function ledger(entries: readonly Entry[] = [], most?: number) {
  const kept: (readonly Entry[])[] = [];
  const clock = { time: 1000 };
  const keep = (all: readonly Entry[]): Promise<void> => {
    kept.push(all);
    return Promise.resolve();
  };
  return { kept, clock, ...createLedger(entries, keep, () => clock.time, most) };
}

describe("a ledger", () => {
  it("knows what was noted until it ends by itself", async () => {
    const { add, has, clock } = ledger();
    expect(await add("a", 2000)).toBe(true);
    expect([has("a"), has("b")]).toStrictEqual([true, false]);
    clock.time = 2000;
    expect(has("a")).toBe(false);
  });

  it("begins with what an earlier process kept", () => {
    expect(ledger([["a", 2000]]).has("a")).toBe(true);
  });

  it("keeps everything that still matters, and nothing else", async () => {
    const { add, clock, kept } = ledger([["old", 1500]]);
    await add("a", 2000);
    clock.time = 1500;
    await add("b", 3000);
    expect(kept).toStrictEqual([
      [
        ["old", 1500],
        ["a", 2000],
      ],
      [
        ["a", 2000],
        ["b", 3000],
      ],
    ]);
  });

  it("need not note what has ended", async () => {
    const { add, kept } = ledger();
    expect(await add("a", 1000)).toBe(true);
    expect(kept).toStrictEqual([]);
  });

  it("says until when something is noted", async () => {
    const { add, until, clock } = ledger();
    await add("a", 2000);
    expect([until("a"), until("b")]).toStrictEqual([2000, 0]);
    clock.time = 2000;
    expect(until("a")).toBe(0);
  });

  it("shortens nothing, in whichever order hints come", async () => {
    const { add, insist, until } = ledger([["a", 3000]]);
    await insist("a", 2000);
    await add("a", 2500);
    expect(until("a")).toBe(3000);
  });

  it("takes what must be noted also when it is full, and not what has ended", async () => {
    const { add, insist, has, kept } = ledger([["a", 1500]], 1);
    await insist("must", 1000);
    expect(kept).toStrictEqual([]);
    await insist("must", 3000);
    expect([has("must"), await add("b", 3000)]).toStrictEqual([true, false]);
  });

  it("says so when it is full, and has room again when something has ended", async () => {
    const { add, has, clock } = ledger([["a", 1500]], 1);
    expect(await add("b", 3000)).toBe(false);
    expect(has("b")).toBe(false);
    expect(await add("a", 1800)).toBe(true);
    clock.time = 1800;
    expect(await add("b", 3000)).toBe(true);
  });
});
