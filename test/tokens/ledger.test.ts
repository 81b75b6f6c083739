import { describe, expect, it } from "vitest";
import type { Entry } from "../../src/tokens/ledger.ts";
import { createLedger } from "../../src/tokens/ledger.ts";

function ledger(entries: readonly Entry[] = [], most?: number) {
  const written: (readonly Entry[])[] = [];
  const clock = { time: 1000 };
  const disk = { works: true };
  const keep = (all: readonly Entry[]): Promise<boolean> => {
    if (disk.works) written.push(all);
    return Promise.resolve(disk.works);
  };
  return { written, clock, disk, ...createLedger(entries, keep, () => clock.time, most) };
}

describe("a ledger", () => {
  it("knows what was noted until it ends by itself", async () => {
    const { add, has, clock } = ledger();
    expect(await add("a", 2000)).toBe("kept");
    expect([has("a"), has("b")]).toStrictEqual([true, false]);
    clock.time = 2000;
    expect(has("a")).toBe(false);
  });

  it("begins with what an earlier process kept", () => {
    expect(ledger([["a", 2000]]).has("a")).toBe(true);
  });

  it("keeps everything that still matters, and nothing else", async () => {
    const { add, clock, written } = ledger([["old", 1500]]);
    await add("a", 2000);
    clock.time = 1500;
    await add("b", 3000);
    expect(written).toStrictEqual([
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
    const { add, written } = ledger();
    expect(await add("a", 1000)).toBe("kept");
    expect(written).toStrictEqual([]);
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
    const { add, insist, has, written } = ledger([["a", 1500]], 1);
    await insist("must", 1000);
    expect(written).toStrictEqual([]);
    await insist("must", 3000);
    expect([has("must"), await add("b", 3000)]).toStrictEqual([true, "full"]);
  });

  it("says so when it is full, and has room again when something has ended", async () => {
    const { add, has, clock } = ledger([["a", 1500]], 1);
    expect(await add("b", 3000)).toBe("full");
    expect(has("b")).toBe(false);
    expect(await add("a", 1800)).toBe("kept");
    clock.time = 1800;
    expect(await add("b", 3000)).toBe("kept");
  });

  it("tells what a later process would not know, and tries again when asked", async () => {
    const { add, insist, kept, has, disk, written } = ledger();
    expect([await kept(), written]).toStrictEqual([true, []]);
    disk.works = false;
    expect([await add("a", 2000), has("a"), await kept()]).toStrictEqual(["unkept", true, false]);
    disk.works = true;
    expect([await kept(), written]).toStrictEqual([true, [[["a", 2000]]]]);
    disk.works = false;
    await insist("b", 2000);
    disk.works = true;
    expect([await add("c", 2000), await kept()]).toStrictEqual(["kept", true]);
    expect(written.at(-1)).toHaveLength(3);
  });
});
