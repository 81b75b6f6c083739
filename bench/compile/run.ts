import * as z from "zod";
import type { Report } from "../report.ts";
import { figure, megabytes } from "../report.ts";
import { startWorker } from "../worker.ts";

const Compilation = z.object({
  /** Of compiled access alone. */
  heapBytes: z.number(),
  /** Milliseconds: everything, and what one change costs in the store until it is in force. */
  full: z.number(),
  joinsTeam: z.number(),
  accessChanges: z.number(),
});
export type Compilation = z.infer<typeof Compilation>;

/** Facts into compiled access: all of them, and one change at a time. */
export async function benchCompile(quick: boolean): Promise<Report> {
  const passes = quick ? 5 : 41;
  const worker = startWorker(import.meta.url, "worker", { core: 1 });
  try {
    const { heapBytes, full, joinsTeam, accessChanges } = await worker.ask(passes, Compilation);
    const row = (name: string, milliseconds: number): [string, string, string] => [
      name,
      `${figure(milliseconds)} ms`,
      figure(milliseconds / full),
    ];
    return {
      title: "Compiling access",
      method: `The reference organization; median of ${passes} passes. Compiled access takes ${megabytes(heapBytes)}.`,
      columns: ["time", "ratio to all"],
      rows: [
        row("everything", full),
        row("somebody joins or leaves a team", joinsTeam),
        row("a repository's access changes", accessChanges),
      ],
      goals: [{ name: "MB of compiled access", value: heapBytes / 1e6, limit: 40, direction: "at most" }],
    };
  } finally {
    await worker.stop();
  }
}
