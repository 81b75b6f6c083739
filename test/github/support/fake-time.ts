import type { Time } from "../../../src/github/time.ts";

export interface FakeTime extends Time {
  /** Lets time pass, waking sleepers in their order, and what they wake, until everything that is due has run. */
  readonly pass: (milliseconds: number) => Promise<void>;
  /** Lets time pass until a promise settles that waits for both this time and the real world. */
  readonly passUntil: <T>(promise: Promise<T>) => Promise<T>;
  /** Sets the clock without waking anybody. */
  readonly set: (now: number) => void;
  /** How many sleep. */
  readonly asleep: () => number;
}

/**
 * A clock that stands still until it is told to move.
 *
 * @param turns of the event loop that whatever was woken may need; one where nothing but promises is waited for
 */
export function createFakeTime(start = 1_800_000_000_000, turns = 3): FakeTime {
  let now = start;
  let sleepers: { readonly at: number; readonly wake: () => void }[] = [];
  const time: FakeTime = {
    now: () => now,
    sleep: (milliseconds) =>
      new Promise((resolve) => {
        sleepers.push({ at: now + milliseconds, wake: resolve });
      }),
    set: (time) => {
      now = time;
    },
    asleep: () => sleepers.length,
    pass: async (milliseconds) => {
      const until = now + milliseconds;
      await flush(turns);
      for (;;) {
        const [next] = sleepers.filter(({ at }) => at <= until).toSorted((a, b) => a.at - b.at);
        if (next === undefined) break;
        sleepers = sleepers.filter((each) => each !== next);
        now = Math.max(now, next.at);
        next.wake();
        await flush(turns);
      }
      now = until;
    },
    passUntil: async (promise) => {
      let settled = false;
      const done = promise.finally(() => (settled = true));
      done.catch(() => undefined);
      while (!settled) await time.pass(100);
      return done;
    },
  };
  return time;
}

/** Until every promise that can settle has settled: a turn of the event loop comes after all microtasks. */
export async function flush(turns = 3): Promise<void> {
  for (let turn = 0; turn < turns; turn += 1) {
    await new Promise<void>((resolve) => {
      setImmediate(resolve);
    });
  }
}
