import * as fc from "fast-check";
import { promises } from "../test/faults/promises.ts";
import type { Kind } from "../test/faults/sequence.ts";

/** Works for `soak.ts`, in a process of its own. */
export interface Batch extends Kind {
  readonly seed: number;
  readonly sequences: number;
}

export interface BatchResult extends Batch {
  /** The smallest one, with its seed and its path. */
  readonly counterexample: string | undefined;
}

async function run(batch: Batch): Promise<BatchResult> {
  const details = await fc.check(promises(batch), { seed: batch.seed, numRuns: batch.sequences });
  const counterexample = details.failed ? fc.defaultReportMessage(details) : undefined;
  return { ...batch, sequences: details.numRuns, counterexample };
}

process.on("message", (batch: Batch) => {
  void run(batch).then((result) => process.send?.(result));
});
