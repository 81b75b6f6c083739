import type { SliceKey } from "../state/slice.ts";
import type { Time } from "./time.ts";

/**
 * Reads once more, some seconds later, what was read because of a webhook: the replica that answered may not have
 * had the change yet (GitHub says "a few minutes" of eventual consistency are possible; the resync heals those).
 */
export interface Echoes {
  /** Something has just happened to these: once they have been read, they are to be read again. */
  readonly expect: (keys: Iterable<SliceKey>) => void;
  /**
   * These have been read; a slice that is read again before its echo has just one, later.
   *
   * @returns whether something had happened to any of them
   */
  readonly after: (keys: Iterable<SliceKey>) => boolean;
  /** How many are still to come. */
  readonly waiting: () => number;
  readonly stop: () => void;
}

/** Milliseconds from a reading to its echo. */
export const ECHO_MS = 5_000;

export function createEchoes(time: Time, echo: (keys: readonly SliceKey[]) => void): Echoes {
  const expected = new Set<SliceKey>();
  const dueAt = new Map<SliceKey, number>();
  let listening = false;

  const listen = async (): Promise<void> => {
    listening = true;
    while (dueAt.size > 0) {
      await time.sleep(Math.max(0, Math.min(...dueAt.values()) - time.now()));
      const now = time.now();
      const due = [...dueAt].flatMap(([key, at]) => (at <= now ? [key] : []));
      for (const key of due) dueAt.delete(key);
      if (due.length > 0) echo(due);
    }
    listening = false;
  };

  return {
    expect: (keys) => {
      for (const key of keys) expected.add(key);
    },
    after: (keys) => {
      const echoed = [...keys].filter((key) => expected.delete(key));
      for (const key of echoed) dueAt.set(key, time.now() + ECHO_MS);
      if (!listening && dueAt.size > 0) void listen();
      return echoed.length > 0;
    },
    waiting: () => dueAt.size,
    stop: () => dueAt.clear(),
  };
}
