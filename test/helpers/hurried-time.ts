import { setTimeout as sleep } from "node:timers/promises";
import type { Time } from "../../src/github/time.ts";

/** Real time, so many times as fast: echoes come while a test waits. */
export function hurriedTime(factor: number): Time {
  const began = Date.now();
  return {
    now: () => began + (Date.now() - began) * factor,
    sleep: (milliseconds) => sleep(milliseconds / factor, undefined, { ref: false }),
  };
}
