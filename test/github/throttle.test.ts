import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createThrottle } from "../../src/github/throttle.ts";
import { createFakeTime, flush } from "./support/fake-time.ts";

describe("the throttle", () => {
  it("keeps both limits whatever comes, loses nobody, and stays usable", async () => {
    const task = fc.record({ at: fc.nat(90_000), takes: fc.nat(4000), fails: fc.boolean() });
    await fc.assert(
      fc.asyncProperty(
        fc.array(task, { maxLength: 120 }),
        fc.integer({ min: 1, max: 5 }),
        fc.integer({ min: 6, max: 60 }),
        fc.array(fc.record({ at: fc.nat(60_000), lasts: fc.nat(30_000) }), { maxLength: 3 }),
        async (tasks, concurrency, perMinute, pauses) => {
          const time = createFakeTime(0);
          const throttle = createThrottle({ concurrency, perMinute }, time);
          const starts: number[] = [];
          const paused: (readonly [number, number])[] = [];
          let running = 0;
          let most = 0;
          const run = async ({ at, takes, fails }: { at: number; takes: number; fails: boolean }) => {
            await time.sleep(at);
            await throttle.run(async () => {
              starts.push(time.now());
              most = Math.max(most, (running += 1));
              await time.sleep(takes);
              running -= 1;
              if (fails) throw new Error("refused");
            });
          };
          const pause = async ({ at, lasts }: { at: number; lasts: number }) => {
            await time.sleep(at);
            throttle.pause(time.now() + lasts);
            paused.push([time.now(), time.now() + lasts]);
          };
          const all = Promise.allSettled([...tasks.map(run), ...pauses.map(pause)]);
          await time.pass(3_600_000);

          const results = await all;
          expect(results.filter(({ status }) => status === "rejected")).toHaveLength(
            tasks.filter(({ fails }) => fails).length,
          );
          expect(starts).toHaveLength(tasks.length);
          expect(most).toBeLessThanOrEqual(concurrency);
          for (const [from, until] of paused) {
            expect(starts.filter((at) => at > from && at < until)).toEqual([]);
          }
          for (const start of starts) {
            const inThisMinute = starts.filter((at) => at >= start && at < start + 60_000);
            expect(inThisMinute.length).toBeLessThanOrEqual(perMinute);
          }
          expect(await throttle.run(() => Promise.resolve("usable"))).toBe("usable");
        },
      ),
      { numRuns: 60 },
    );
  });

  const began = (limits: { concurrency: number; perMinute: number }) => {
    const time = createFakeTime();
    const throttle = createThrottle(limits, time);
    const started: number[] = [];
    const start = () => throttle.run(() => Promise.resolve(started.push(time.now())));
    return { time, throttle, started, start };
  };

  it("lets a burst through at once, and the rest of a minute's requests evenly after it", async () => {
    const { time, started, start } = began({ concurrency: 100, perMinute: 60 });
    const all = Promise.all(Array.from({ length: 30 }, start));
    await flush();
    expect(started).toHaveLength(10);
    await time.pass(12_000);
    expect(started).toHaveLength(20);
    await time.pass(12_000);
    expect(started).toHaveLength(30);
    await all;
  });

  it("does not save up more than a burst", async () => {
    const { time, started, start } = began({ concurrency: 100, perMinute: 60 });
    await time.pass(3_600_000);
    const all = Promise.all(Array.from({ length: 30 }, start));
    await flush();
    expect(started).toHaveLength(10);
    await time.pass(60_000);
    await all;
  });

  it("is not held up by a clock that is set back", async () => {
    const { time, started, start } = began({ concurrency: 1, perMinute: 60 });
    await start();
    time.set(time.now() - 3_600_000);
    const all = Promise.all(Array.from({ length: 12 }, start));
    await time.pass(10_000);
    await all;
    expect(started).toHaveLength(13);
  });

  it("never shortens a pause by a shorter one", async () => {
    const { time, throttle, started, start } = began({ concurrency: 2, perMinute: 60 });
    throttle.pause(time.now() + 50_000);
    throttle.pause(time.now() + 1000);
    const done = start();
    await time.pass(49_999);
    expect(started).toEqual([]);
    await time.pass(1);
    await done;
    expect(started).toHaveLength(1);
  });

  it("pauses those, too, that wait for a place", async () => {
    const { time, throttle, started } = began({ concurrency: 1, perMinute: 60 });
    const first = throttle.run(() => time.sleep(5000));
    const second = throttle.run(() => Promise.resolve(started.push(time.now())));
    await flush();
    throttle.pause(time.now() + 20_000);
    await time.pass(19_999);
    expect(started).toEqual([]);
    await time.pass(1);
    await Promise.all([first, second]);
    expect(started).toHaveLength(1);
  });
});
