import { setImmediate } from "node:timers/promises";
import type { Steps } from "../domain/steps.ts";

/** For how many milliseconds a long piece of work may keep everybody else waiting. */
const SLICE_MS = 5;

/**
 * Does work in slices, between which whatever waits has its turn: decisions, and changes of what they rest on.
 *
 * @param stopwatch monotonic milliseconds
 */
export async function inSlices<T>(steps: Steps<T>, stopwatch: () => number): Promise<T> {
  for (;;) {
    const end = stopwatch() + SLICE_MS;
    do {
      const step = steps.next();
      if (step.done === true) return step.value;
    } while (stopwatch() < end);
    await setImmediate();
  }
}
