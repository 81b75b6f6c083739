import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const ROOT = fileURLToPath(new URL("../..", import.meta.url));

export interface ProcessOptions {
  readonly cwd?: string;
  readonly env?: Readonly<Record<string, string | undefined>>;
}

export interface Running {
  /** Everything it has written so far, on stdout and stderr. */
  readonly output: () => string;
  readonly signal: (signal: NodeJS.Signals) => void;
  /** Resolves with the exit code when it ends; a signal that killed it counts as -1. */
  readonly ended: Promise<number>;
  /** Ends it if it still runs. */
  readonly stop: () => Promise<number>;
}

export function start(command: string, args: readonly string[], { cwd = ROOT, env }: ProcessOptions = {}): Running {
  // A group of its own, so that what it starts in turn ends with it.
  const child = spawn(command, args, { cwd, env, stdio: ["ignore", "pipe", "pipe"], detached: true });
  let output = "";
  const collect = (chunk: Buffer): void => {
    output += chunk.toString();
  };
  child.stdout.on("data", collect);
  child.stderr.on("data", collect);
  child.on("error", (error) => {
    output += String(error);
  });
  const ended = once(child, "close").then(([code]) => (typeof code === "number" ? code : -1));
  const signal = (name: NodeJS.Signals): void => {
    if (child.pid !== undefined && child.exitCode === null && child.signalCode === null) process.kill(-child.pid, name);
  };
  return {
    output: () => output,
    signal,
    ended,
    stop: async () => {
      signal("SIGTERM");
      const late = setTimeout(() => signal("SIGKILL"), 15_000);
      return ended.finally(() => clearTimeout(late));
    },
  };
}

/** Runs a command to its end. */
export async function run(
  command: string,
  args: readonly string[],
  options?: ProcessOptions,
): Promise<{ code: number; output: string }> {
  const { ended, output } = start(command, args, options);
  return { code: await ended, output: output() };
}

/** Looks until it is so. Fails with the last thing it saw. */
export async function until(what: string, look: () => unknown, patience = 60_000): Promise<void> {
  const end = performance.now() + patience;
  for (;;) {
    const seen = await look();
    if (seen === true) return;
    if (performance.now() > end) throw new Error(`waited in vain until ${what}: ${String(seen)}`);
    await sleep(50);
  }
}

/** Below those that Linux, macOS and Windows give to whoever asks for any, such as to every connection that is made. */
const PORTS = { first: 20_000, count: 10_000 };
let lastPort = PORTS.first + (process.pid % PORTS.count);

/** A port that is free and that nobody but the caller is told of, nor given by chance before the caller takes it. */
export async function freePort(): Promise<number> {
  for (let tries = 0; tries < PORTS.count; tries += 1) {
    lastPort = lastPort + 1 < PORTS.first + PORTS.count ? lastPort + 1 : PORTS.first;
    const port = lastPort;
    if (await isFree(port)) return port;
  }
  throw new Error("no port is free");
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer().listen(port, "127.0.0.1");
  try {
    await once(server, "listening");
  } catch {
    return false;
  }
  server.close();
  await once(server, "close");
  return true;
}
