import { nextTick } from "node:process";

/**
 * Handles together what arrives together: first all of it is read, then all of it is handled, then all replies are
 * written. Of one request at a time, what the kernel and node:http run between two of them pushes our code out of the
 * processor's caches, and to fetch it again takes longer than to run it (Larus and Parkes, "Using Cohort Scheduling to
 * Enhance Server Performance", USENIX 2002). The order stays, and nothing waits for what has not arrived.
 *
 * @returns takes steps that may not throw
 */
export function createCohorts(): (step: () => void) => void {
  let arrived: (() => void)[] = [];
  const takeAll = (): void => {
    const cohort = arrived;
    arrived = [];
    for (const step of cohort) step();
  };
  return (step) => {
    // Immediates run when every connection has been read that was readable.
    if (arrived.push(step) === 1) setImmediate(takeAll);
  };
}

/** Does something when all of a cohort is handled; when it is none, as soon as the code that runs has ended. */
export function afterCohort<T extends unknown[]>(step: (...of: T) => void, ...of: T): void {
  nextTick(step, ...of);
}
