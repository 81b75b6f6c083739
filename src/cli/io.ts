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
  /** Where a person's own files are. */
  readonly home: string;
  /** The system's keyring, where there is one. */
  readonly keyring: Keyring;
  /** Milliseconds. */
  readonly sleep: (milliseconds: number) => Promise<unknown>;
  /** Where relative paths start. */
  readonly cwd: string;
  /** Cryptographic randomness. */
  readonly random: (bytes: number) => Buffer;
  /** How long an answer may take, in milliseconds; 10 seconds unless told. */
  readonly timeoutMs?: number;
}

/** What a system keeps secrets in. Every call rejects where there is none, or where nobody unlocks it. */
export interface Keyring {
  readonly get: (service: string) => Promise<string | undefined>;
  readonly set: (service: string, token: string) => Promise<void>;
  readonly remove: (service: string) => Promise<void>;
}

export interface Sink {
  readonly write: (text: string) => unknown;
}

/** Exit codes, fixed by the contract. */
export const EXIT = { ok: 0, error: 1, usage: 2, denied: 3, unknown: 4 } as const;
