import type { Time } from "./time.ts";

/**
 * Does something again and again.
 *
 * @param interval milliseconds from when it was last done until it is done again; asked each time
 * @param work may not throw or reject
 * @returns stops it
 */
export function every(interval: () => number, time: Time, work: () => void | Promise<void>): () => void {
  let stopped = false;
  const loop = async (): Promise<void> => {
    for (await time.sleep(interval()); !stopped; await time.sleep(interval())) await work();
  };
  void loop();
  return () => {
    stopped = true;
  };
}
