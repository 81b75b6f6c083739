import type { SliceKey } from "../state/slice.ts";
import type { Time } from "./time.ts";

/**
 * Reads twice more, some seconds and a minute later, what was read because of a webhook: the replica that answered may
 * not have had the change yet (GitHub says "a few minutes" of eventual consistency are possible; the resync heals those).
 */
export interface Echoes {
  /** Something has just happened to these: once they have been read, they are to be read again. */
  readonly expect: (keys: Iterable<SliceKey>) => void;
  /**
   * These have been read; a slice that is read again before its echoes has just two, later.
   *
   * @returns whether something had happened to any of them
   */
  readonly after: (keys: Iterable<SliceKey>) => boolean;
  readonly stop: () => void;
}

/** Milliseconds from a reading to its echoes: replicas lag seconds as a rule, and rarely longer. */
export const ECHO_MS = [5_000, 60_000] as const;

export function createEchoes(time: Time, echo: (keys: readonly SliceKey[]) => void): Echoes {
  const expected = new Set<SliceKey>();
  const delays = ECHO_MS.map((milliseconds) => createDelay(time, milliseconds, echo));
  return {
    expect: (keys) => {
      for (const key of keys) expected.add(key);
    },
    after: (keys) => {
      const echoed = [...keys].filter((key) => expected.delete(key));
      for (const delay of delays) delay.add(echoed);
      return echoed.length > 0;
    },
    stop: () => {
      for (const delay of delays) delay.clear();
    },
  };
}

interface Delay {
  readonly add: (keys: readonly SliceKey[]) => void;
  readonly clear: () => void;
}

/** Hands keys on so many milliseconds after they were last added. */
function createDelay(time: Time, milliseconds: number, hand: (keys: readonly SliceKey[]) => void): Delay {
  const dueAt = new Map<SliceKey, number>();
  let waiting = false;

  const wait = async (): Promise<void> => {
    waiting = true;
    while (dueAt.size > 0) {
      // No wait is longer than the delay itself, so that a clock that was set back puts nothing off.
      await time.sleep(Math.min(milliseconds, Math.max(0, Math.min(...dueAt.values()) - time.now())));
      const now = time.now();
      const due = [...dueAt].flatMap(([key, at]) => (at <= now || at > now + milliseconds ? [key] : []));
      for (const key of due) dueAt.delete(key);
      if (due.length > 0) hand(due);
    }
    waiting = false;
  };

  return {
    add: (keys) => {
      for (const key of keys) dueAt.set(key, time.now() + milliseconds);
      if (!waiting && dueAt.size > 0) void wait();
    },
    clear: () => dueAt.clear(),
  };
}
