/** The value in the middle, or midway between the two in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  const [low, high] = [sorted[Math.ceil(middle) - 1], sorted[Math.floor(middle)]];
  if (low === undefined || high === undefined) throw new Error("nothing was measured");
  return (low + high) / 2;
}

/** Runs every variant once per round, in turn, so that a slow minute of the machine falls on all of them alike. */
export async function interleave<V extends string, R>(
  rounds: number,
  variants: readonly V[],
  measure: (variant: V, round: number) => Promise<R>,
): Promise<ReadonlyMap<V, readonly R[]>> {
  const results = new Map<V, R[]>(variants.map((variant) => [variant, []]));
  for (let round = 0; round < rounds; round += 1) {
    for (const variant of variants) results.get(variant)?.push(await measure(variant, round));
  }
  return results;
}
