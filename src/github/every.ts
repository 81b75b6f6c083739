import type { Time } from "./time.ts";

/**
 * Does something again and again, `interval` milliseconds after it was last done.
 *
 * @returns stops it
 */
export function every(interval: number, time: Time, work: () => void): () => void {
  let stopped = false;
  const loop = async (): Promise<void> => {
    for (await time.sleep(interval); !stopped; await time.sleep(interval)) work();
  };
  void loop();
  return () => {
    stopped = true;
  };
}
