import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const TSX = import.meta.resolve("tsx");
const MAIN = fileURLToPath(new URL("../../src/main.ts", import.meta.url));

export interface Packgate {
  readonly output: () => string;
  /** Resolves when the output contains this. */
  readonly says: (text: string) => Promise<void>;
  /** Where it listens, once it does. */
  readonly url: () => Promise<string>;
  readonly signal: (name: NodeJS.Signals) => void;
  /** Resolves with the exit code; `null` when a signal ended it. */
  readonly exit: Promise<number | null>;
  /** Kills it if it still runs, and removes what it left. */
  readonly clean: () => Promise<void>;
}

/** `packgate serve` as a process of its own, in a folder of its own. */
export function runServe(env: Readonly<Record<string, string>>, dotenv?: string): Packgate {
  const cwd = mkdtempSync(join(tmpdir(), "packgate-"));
  if (dotenv !== undefined) writeFileSync(join(cwd, ".env"), dotenv);
  const child = spawn(process.execPath, ["--import", TSX, MAIN, "serve"], {
    cwd,
    env: { PATH: process.env["PATH"], ...env },
  });
  let output = "";
  let listeners: (() => void)[] = [];
  const hear = (chunk: Buffer): void => {
    output += chunk.toString();
    for (const listener of listeners) listener();
  };
  child.stdout.on("data", hear);
  child.stderr.on("data", hear);
  const exit = new Promise<number | null>((resolve) => {
    child.once("close", (code) => resolve(code));
  });
  const says: Packgate["says"] = (text) =>
    new Promise((resolve, reject) => {
      const listener = (): void => {
        if (output.includes(text)) resolve();
      };
      listeners = [...listeners, listener];
      listener();
      void exit.then(() => reject(new Error(`it ended without saying "${text}":\n${output}`)));
    });
  return {
    output: () => output,
    says,
    url: async () => {
      await says("Listening on http");
      return /Listening on (http:[^" ]+)\./.exec(output)?.[1] ?? "";
    },
    signal: (name) => child.kill(name),
    exit,
    clean: async () => {
      child.kill("SIGKILL");
      await exit;
      rmSync(cwd, { recursive: true, force: true });
    },
  };
}
