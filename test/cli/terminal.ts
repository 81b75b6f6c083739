import { expect } from "vitest";

import type { Io, Keyring } from "../../src/cli/io.ts";
import { runCli } from "../../src/cli/run.ts";
import type { Commands } from "../../src/cli/verbs.ts";

/** In every place where a secret goes in, so that no secret comes out: {@link run} refuses output that holds it. */
export const CANARY = "c4nary0000secret0000never0000printed";

/** The moment of every test. */
export const NOW = Date.parse("2026-11-21T20:00:12.000Z");

export interface Run {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line as a process would, with a captured terminal. */
export async function run(
  argv: readonly string[],
  io: Partial<Io> = {},
  commands: Partial<Commands> = {},
): Promise<Run> {
  let out = "";
  let err = "";
  const code = await runCli(
    argv,
    {
      stdout: { write: (text) => (out += text) },
      stderr: { write: (text) => (err += text) },
      env: { PACKGATE_KEY: CANARY },
      fetch: globalThis.fetch,
      clock: () => NOW,
      isTTY: false,
      cwd: "/nowhere",
      home: "/nowhere",
      keyring: NO_KEYRING,
      sleep: () => Promise.resolve(),
      random: (bytes) => Buffer.alloc(bytes, 7),
      ...io,
    },
    {
      version: "1.2.3",
      nodeVersion: "20.20.2",
      serve: () => Promise.resolve(0),
      readFile: () => {
        throw new Error("no file in this test");
      },
      readExample: () => {
        throw new Error("no example in this test");
      },
      connect: () => {
        throw new Error("no GitHub in this test");
      },
      ...commands,
    },
  );
  expectNoSecret(`${out}${err}`);
  return { code, out, err };
}

/** As on a machine without a desktop. */
const none = () => Promise.reject(new Error("no secret service"));
const NO_KEYRING: Keyring = { get: none, set: none, remove: none };

/** No secret, plain or in base64, and no stack trace. */
export function expectNoSecret(output: string): void {
  expect(output).not.toContain(CANARY);
  expect(output).not.toContain(Buffer.from(CANARY).toString("base64").replace(/=+$/, ""));
  expect(output).not.toMatch(/^\s+at .*:\d+:\d+\)?$/m);
}

/** The text without its colours. */
export function plain(text: string): string {
  return text
    .split(ESCAPE)
    .map((part, index) => (index === 0 ? part : part.replace(/^\[\d+m/, "")))
    .join("");
}

const ESCAPE = "\u001b";
