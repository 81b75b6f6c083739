import { mkdtempSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Bytes, Environment, Synchronised } from "../sync/messages.ts";
import type { Worker } from "../worker.ts";
import { startWorker } from "../worker.ts";

/**
 * A folder with the reference organization's snapshot, and the environment that goes on from it. The first reading is
 * the synchronisation's, where waiting for GitHub's limits is left out.
 */
export async function snapshotOf(github: Worker): Promise<Readonly<Record<string, string>>> {
  const folder = mkdtempSync(join(tmpdir(), "packgate-bench-"));
  const env = { ...(await github.ask({ kind: "environment" }, Environment)), PACKGATE_STATE: `file:${folder}` };
  const packgate = startWorker(import.meta.url, "../sync/packgate");
  try {
    await packgate.ask({ kind: "synchronise", env }, Synchronised);
    // Stops it, and so writes the snapshot.
    await packgate.ask({ kind: "heap" }, Bytes);
    return env;
  } finally {
    await packgate.stop();
  }
}
