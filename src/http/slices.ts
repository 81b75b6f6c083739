import { setImmediate } from "node:timers/promises";
import type { Steps } from "../domain/steps.ts";

/** For how many milliseconds a long piece of work may keep everybody else waiting. */
const SLICE_MS = 5;

/**
 * Does work in slices, between which whatever waits has its turn: decisions, and changes of what they rest on.
 *
 * @param stopwatch monotonic milliseconds
 * @param isWanted asked before each slice
 * @returns `undefined` once nobody wants it any more
 */
export async function inSlices<T>(
  steps: Steps<T>,
  stopwatch: () => number,
  isWanted: () => boolean,
): Promise<T | undefined> {
  while (isWanted()) {
    const end = stopwatch() + SLICE_MS;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (stopwatch() < end);
    await setImmediate();
  }
  return undefined;
}
