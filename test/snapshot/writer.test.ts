import { describe, expect, it } from "vitest";
import type { Saved } from "../../src/snapshot/saved.ts";
import { createSnapshotWriter } from "../../src/snapshot/writer.ts";
import { createFakeTime, flush } from "../github/support/fake-time.ts";

/** A writer whose saves are noted with the time, and take as long as the test wants. */
function setUp() {
  const time = createFakeTime(0);
  const saves: number[] = [];
  const held: (() => void)[] = [];
  let slow = false;
  const writer = createSnapshotWriter({
    collect: (): Saved => ({ writtenAt: time.now(), followed: new Map(), organizations: [] }),
    save: ({ writtenAt }) => {
      saves.push(writtenAt);
      return slow ? new Promise((resolve) => held.push(resolve)) : Promise.resolve();
    },
    sleep: time.sleep,
  });
  return {
    time,
    saves,
    writer,
    holdSaves: () => {
      slow = true;
    },
    release: async () => {
      slow = false;
      for (const resolve of held.splice(0)) resolve();
      await flush();
    },
  };
}

describe("the snapshot writer", () => {
  it("saves nothing while nothing changes", async () => {
    const { time, saves, writer } = setUp();
    await time.pass(60_000);
    await writer.flush();
    expect(saves).toEqual([]);
    expect(time.asleep()).toBe(0);
  });

  it("gathers changes for five seconds", async () => {
    const { time, saves, writer } = setUp();
    for (let change = 0; change < 100; change += 1) writer.changed();
    expect(time.asleep()).toBe(1);
    await time.pass(4999);
    expect(saves).toEqual([]);
    await time.pass(1);
    expect(saves).toEqual([5000]);
    await time.pass(60_000);
    expect(saves).toEqual([5000]);
    expect(time.asleep()).toBe(0);
  });

  it("saves every five seconds while changes never stop", async () => {
    const { time, saves, writer } = setUp();
    for (let second = 0; second < 21; second += 1) {
      writer.changed();
      await time.pass(1000);
    }
    expect(saves).toEqual([5000, 10_000, 15_000, 20_000]);
    await time.pass(60_000);
    expect(saves).toEqual([5000, 10_000, 15_000, 20_000, 25_000]);
  });

  it("begins no save while one is under way, and saves what changed meanwhile afterwards", async () => {
    const { time, saves, writer, holdSaves, release } = setUp();
    holdSaves();
    writer.changed();
    await time.pass(5000);
    writer.changed();
    await time.pass(60_000);
    expect(saves).toEqual([5000]);
    await release();
    await time.pass(4999);
    expect(saves).toEqual([5000]);
    await time.pass(1);
    expect(saves).toEqual([5000, 70_000]);
  });

  it("flushes what changed at once, and only once", async () => {
    const { time, saves, writer } = setUp();
    writer.changed();
    await time.pass(1000);
    await Promise.all([writer.flush(), writer.flush()]);
    expect(saves).toEqual([1000]);
    await time.pass(60_000);
    expect(saves).toEqual([1000]);
    writer.changed();
    await time.pass(5000);
    expect(saves).toEqual([1000, 66_000]);
  });

  it("flushes after the save that is under way, with what changed since it began", async () => {
    const { time, saves, writer, holdSaves, release } = setUp();
    holdSaves();
    writer.changed();
    await time.pass(5000);
    writer.changed();
    let flushed = false;
    const flushing = writer.flush().then(() => (flushed = true));
    await flush();
    expect([saves, flushed]).toEqual([[5000], false]);
    await release();
    await flushing;
    expect(saves).toEqual([5000, 5000]);
  });

  it("is idle when no save is under way, even though one is yet to come", async () => {
    const { time, writer, holdSaves, release } = setUp();
    writer.changed();
    await writer.idle();
    holdSaves();
    await time.pass(5000);
    let idle = false;
    const waiting = writer.idle().then(() => (idle = true));
    await flush();
    expect(idle).toBe(false);
    await release();
    await waiting;
    expect(idle).toBe(true);
  });
});
