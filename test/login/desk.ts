import { mkdtempSync, readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Io, Keyring } from "../../src/cli/io.ts";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import type { User } from "../simulator/model.ts";
import { run, type Run } from "../cli/terminal.ts";

export interface MemoryKeyring extends Keyring {
  readonly entries: Map<string, string>;
}

export function memoryKeyring(): MemoryKeyring {
  const entries = new Map<string, string>();
  return {
    entries,
    get: (service) => Promise.resolve(entries.get(service)),
    set: (service, token) => Promise.resolve(void entries.set(service, token)),
    remove: (service) => Promise.resolve(void entries.delete(service)),
  };
}

/** Somebody at a machine of their own, in front of a simulated GitHub and a real Packgate. */
export interface Desk {
  readonly keyring: MemoryKeyring;
  readonly home: string;
  readonly netrc: () => string;
  /** Runs a command line; whoever waits for a code to be entered sees `enter` do it. */
  readonly run: (argv: readonly string[], more?: Partial<Io>) => Promise<Run>;
}

/** @param enter what somebody does at GitHub with a code that is shown */
export function deskAt(runs: AcmeRuns, enter: (code: string) => void): Desk {
  const keyring = memoryKeyring();
  const home = mkdtempSync(join(tmpdir(), "login-"));
  runs.github.devices.settings.interval = 0.001;
  const io: Partial<Io> = {
    keyring,
    home,
    clock: Date.now,
    env: { PACKGATE_URL: runs.packgate.url },
    fetch: (input, init) => {
      const { origin } = new URL(input instanceof Request ? input.url : input);
      return origin === runs.packgate.url ? fetch(input, init) : runs.github.fetch(input, init);
    },
    sleep: async () => {
      for (const code of runs.github.devices.waiting()) enter(code);
      await new Promise((resolve) => setTimeout(resolve, 2));
    },
  };
  return {
    keyring,
    home,
    netrc: () => readFileSync(join(home, ".netrc"), "utf8"),
    run: (argv, more) => run(argv, { ...io, ...more }),
  };
}

export function approving({ github }: AcmeRuns, user: User): (code: string) => void {
  return (code) => github.devices.approve(code, user.id);
}
