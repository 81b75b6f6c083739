import * as fc from "fast-check";

/**
 * Every run of the suite tries the same cases, so that a red build is red again on the next try. A failure prints its
 * seed and path; to look for new cases, set PROPERTY_SEED to any whole number.
 */
export const SEED = Number(process.env["PROPERTY_SEED"] ?? 20_261_121);

/** Fails with the smallest counterexample, its seed and its path. */
export function checkProperty<T>(property: fc.IProperty<T>, numRuns = 600): void {
  fc.assert(property, { seed: SEED, numRuns });
}

/** The same for what takes its time. */
export async function checkAsyncProperty<T>(property: fc.IAsyncProperty<T>, numRuns: number): Promise<void> {
  await fc.assert(property, { seed: SEED, numRuns });
}

/** Whether some case is a counterexample. */
export async function isRefuted<T>(property: fc.IAsyncProperty<T>, numRuns: number): Promise<boolean> {
  const { failed } = await fc.check(property, { seed: SEED, numRuns, endOnFailure: true });
  return failed;
}
