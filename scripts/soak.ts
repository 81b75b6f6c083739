import { fork } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { parseArgs } from "node:util";
import type { Batch, BatchResult } from "./soak-batch.ts";

/** `npm run soak -- [--sequences 100000] [--seed 1]`: many times what `npm test` tries of faulty webhooks and reads. */

const { values } = parseArgs({
  options: { sequences: { type: "string", default: "100000" }, seed: { type: "string", default: "1" } },
});
const wanted = Number(values.sequences);
const firstSeed = Number(values.seed);
if (!(wanted > 0) || !Number.isInteger(firstSeed)) throw new Error("--sequences and --seed take whole numbers.");

const SIZE = 500;
const batches = Array.from({ length: Math.ceil(wanted / SIZE) }, (_, index): Batch => ({
  seed: firstSeed + index,
  sequences: Math.min(SIZE, wanted - index * SIZE),
  settled: index % 2 === 0,
  // Of five batches, one is of those that need no resync.
  heard: index % 5 === 4,
}));
const began = Date.now();
const diverged: BatchResult[] = [];
let done = 0;
let next = 0;

async function work(): Promise<void> {
  const worker = fork(new URL("soak-batch.ts", import.meta.url), { execArgv: ["--import", "tsx"] });
  const death = died(worker);
  // It ends in the end; only before that it is a failure.
  death.catch(() => undefined);
  for (let batch = batches[next++]; batch !== undefined; batch = batches[next++]) {
    worker.send(batch);
    const [result]: BatchResult[] = await Promise.race([once(worker, "message"), death]);
    if (result === undefined) throw new Error("a worker gave no answer");
    done += result.sequences;
    if (result.counterexample !== undefined) tell(result);
    progress();
  }
  worker.disconnect();
}

async function died(worker: ReturnType<typeof fork>): Promise<never> {
  const [code] = await once(worker, "exit");
  throw new Error(`a worker ended with ${String(code)}`);
}

function tell(result: BatchResult): void {
  diverged.push(result);
  const { seed, settled, heard, counterexample } = result;
  process.stdout.write(`\nseed ${seed}, settled: ${settled}, heard: ${heard}\n${counterexample}\n\n`);
}

function progress(): void {
  const seconds = (Date.now() - began) / 1000;
  process.stdout.write(`${done} sequences, ${diverged.length} divergences, ${Math.round(done / seconds)} a second\n`);
}

await Promise.all(Array.from({ length: availableParallelism() }, work));
const seeds = `seeds ${firstSeed} to ${firstSeed + batches.length - 1}`;
process.stdout.write(
  `\n${done} sequences (${seeds}), ${diverged.length} divergences, ${Math.round((Date.now() - began) / 1000)} s.\n`,
);
process.exitCode = diverged.length === 0 ? 0 : 1;
