import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../report.ts";
import { figure } from "../report.ts";
import { median } from "../statistics.ts";
import { Counts, Environment } from "../sync/messages.ts";
import { startWorker } from "../worker.ts";

interface Restart {
  readonly milliseconds: number;
  readonly requests: number;
}

/** A process that goes on from the reference organization's snapshot: from its start until it serves. */
export async function benchRestart(quick: boolean): Promise<Report> {
  const main = builtProgram();
  const github = startWorker(import.meta.url, "../sync/github");
  try {
    const env = await github.ask({ kind: "snapshot" }, Environment);
    const requests = async (): Promise<number> => {
      const { rest, graphqlQueries } = await github.ask({ kind: "counts" }, Counts);
      return rest + graphqlQueries;
    };
    const restarts: Restart[] = [];
    for (let round = 0; round < (quick ? 3 : 9); round += 1) {
      const before = await requests();
      const milliseconds = await restart(main, { ...env, PORT: String(PORT + round) });
      restarts.push({ milliseconds, requests: (await requests()) - before });
    }
    const times = restarts.map(({ milliseconds }) => milliseconds / 1000);
    return {
      title: "Restart from a snapshot",
      method:
        `The built program with the reference organization's snapshot, ${restarts.length} times: from the start of the ` +
        "process until /readyz answers 200, the look through GitHub's log included.",
      columns: ["median", "slowest"],
      rows: [
        ["seconds until it serves", figure(median(times)), figure(Math.max(...times))],
        [
          "requests to GitHub until then",
          figure(median(restarts.map((each) => each.requests))),
          figure(Math.max(...restarts.map((each) => each.requests))),
        ],
      ],
      goals: [{ name: "seconds until it serves", value: median(times), limit: 2, direction: "at most" }],
    };
  } finally {
    await github.stop();
  }
}

const PORT = 39_300;
/** Seldom enough that what is measured is not the answers to this. Milliseconds. */
const LOOK_EVERY_MS = 20;

/** Compiles the program as it is shipped: with a loader, it is the loader that would be measured. */
function builtProgram(): string {
  const { status } = spawnSync(process.execPath, ["node_modules/typescript/bin/tsc", "-p", "tsconfig.build.json"], {
    stdio: "inherit",
  });
  if (status !== 0) throw new Error("the program does not compile");
  return resolve("dist/main.js");
}

/** @returns milliseconds until it serves */
async function restart(main: string, env: Readonly<Record<string, string>>): Promise<number> {
  const began = performance.now();
  const child = spawn(process.execPath, [main, "serve"], {
    env: { PATH: process.env["PATH"], NODE_ENV: "production", ...env },
    stdio: "ignore",
  });
  try {
    while (!(await serves(`http://127.0.0.1:${env["PORT"] ?? ""}/readyz`))) {
      if (child.exitCode !== null) throw new Error(`the process ended with ${child.exitCode}`);
      await sleep(LOOK_EVERY_MS);
    }
    return performance.now() - began;
  } finally {
    child.kill("SIGKILL");
    await once(child, "close");
  }
}

async function serves(url: string): Promise<boolean> {
  try {
    return (await fetch(url)).status === 200;
  } catch {
    return false;
  }
}
