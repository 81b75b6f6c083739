import type { ChildProcess } from "node:child_process";
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { availableParallelism } from "node:os";
import { extname } from "node:path";
import { fileURLToPath } from "node:url";
import type { z } from "zod";

/** A module running in a process of its own, so that neither heap nor compiled code is shared with what it is compared to. */
export interface Worker {
  /** Sends a request and waits for its reply. One at a time. */
  readonly ask: <T>(request: unknown, schema: z.ZodType<T>) => Promise<T>;
  readonly stop: () => Promise<void>;
}

export interface WorkerOptions {
  /** The core it may use, where the system can pin processes; the scheduler chooses otherwise. */
  readonly core?: number;
  /** MB its heap may take, as on a small server; as much as Node allows itself otherwise. */
  readonly heap?: number;
  readonly env?: Readonly<Record<string, string>>;
}

const CAN_PIN = availableParallelism() > 1 && spawnSync("taskset", ["-c", "1", "true"]).status === 0;

/**
 * @param from the caller's `import.meta.url`
 * @param name a module beside it that calls {@link answerRequests}, without extension: it is run as the caller is,
 *   compiled or through tsx
 */
export function startWorker(from: string, name: string, { core, heap, env = {} }: WorkerOptions = {}): Worker {
  const extension = extname(new URL(from).pathname);
  const module = fileURLToPath(new URL(`${name}${extension}`, from));
  const loader = extension === ".ts" ? ["--import", "tsx"] : [];
  // Node 24 lets what is young take four times as much as Node 20 does.
  const limit = heap === undefined ? [] : [`--max-old-space-size=${heap}`, "--max-semi-space-size=16"];
  const node = [process.execPath, "--expose-gc", ...limit, ...loader, module];
  const [command = "", ...args] = core !== undefined && CAN_PIN ? ["taskset", "-c", String(core), ...node] : node;
  const child = spawn(command, args, {
    env: { ...process.env, NODE_ENV: "production", ...env },
    stdio: ["ignore", "inherit", "inherit", "ipc"],
  });
  return {
    ask: async (request, schema) => {
      child.send({ request });
      return schema.parse(await replyOf(child, module));
    },
    stop: async () => {
      if (child.exitCode !== null || child.signalCode !== null) return;
      child.disconnect();
      await once(child, "exit");
    },
  };
}

async function replyOf(child: ChildProcess, module: string): Promise<unknown> {
  const silenced = new AbortController();
  const { signal } = silenced;
  try {
    const died = once(child, "exit", { signal }).then(([code, by]) => {
      throw new Error(`${module} ended (${String(code ?? by)}) without an answer`);
    });
    const [reply] = await Promise.race([once(child, "message", { signal }), died]);
    return reply;
  } finally {
    silenced.abort();
  }
}

/** The worker's side: answers until nobody asks any more. A failure ends the process, and so the asker. */
export function answerRequests(answer: (request: unknown) => unknown): void {
  process.on("message", async (message: { request: unknown }) => {
    process.send?.(await answer(message.request));
  });
  process.once("disconnect", () => process.exit(0));
}
