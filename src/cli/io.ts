import type { Environment } from "../config.ts";

/** Everything a command may touch of the world, so that a test can be the world. */
export interface Io {
  readonly stdout: Sink;
  readonly stderr: Sink;
  readonly env: Environment;
  readonly fetch: typeof globalThis.fetch;
  /** Epoch milliseconds. */
  readonly clock: () => number;
  /** Whether stdout is a person's terminal: aligned columns, headers and colour; else tab separated. */
  readonly isTTY: boolean;
  /** Where relative paths start. */
  readonly cwd: string;
  /** Cryptographic randomness. */
  readonly random: (bytes: number) => Buffer;
  /** How long an answer may take, in milliseconds; 10 seconds unless told. */
  readonly timeoutMs?: number;
}

export interface Sink {
  readonly write: (text: string) => unknown;
}

/** Exit codes, fixed by the contract. */
export const EXIT = { ok: 0, error: 1, usage: 2, denied: 3, unknown: 4 } as const;
