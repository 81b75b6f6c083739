import { mkdtempSync, rmSync } from "node:fs";
import { stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, vi } from "vitest";
import type { Claim } from "../../src/domain/claims.ts";
import type { FakeTime } from "../github/support/fake-time.ts";
import { createFakeTime } from "../github/support/fake-time.ts";
import type { CapturedLog } from "../github/support/log.ts";
import { captureLog } from "../github/support/log.ts";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import type { Simulator } from "../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";

/** acme by a clock that a test moves, and a folder: Packgates come and go, and what one leaves there the next one finds. */
export interface Lifetimes {
  readonly time: FakeTime;
  readonly github: Simulator;
  readonly acme: ReturnType<typeof acmeOrganization>;
  /** Where the state is kept. */
  readonly folder: string;
  /** What all of them have said. */
  readonly log: CapturedLog;
  /** When GitHub was asked anything, also while it did not answer, in epoch milliseconds. */
  readonly asked: readonly number[];
  /** A Packgate that has looked for its installations, and so far for nothing else. */
  readonly start: (env?: Readonly<Record<string, string>>) => Promise<Running>;
  /** One that has read all it wants to. */
  readonly settled: (env?: Readonly<Record<string, string>>) => Promise<Running>;
  /** Lets time pass until everything is served; fails when it takes too long. */
  readonly served: (packgate: Running) => Promise<void>;
  /** Lets time pass, whether or not GitHub answers in it. */
  readonly pass: (milliseconds: number) => Promise<void>;
  /** Lets time pass until it is so. */
  readonly until: <T>(promise: Promise<T>) => Promise<T>;
  readonly end: () => Promise<void>;
}

/** Whether everything may be asked, not only reading. */
export function servesAll({ service }: Running): boolean {
  const { ready, orgs } = service.http.readiness();
  return ready && !orgs.some(({ readsOnly }) => readsOnly);
}

/** acme's names, by whom they are claimed and since when. */
export function claimsOf({ service }: Running): ReadonlyMap<string, Claim> {
  const acme = service.http.organizations().find(({ login }) => login.startsWith("acme"));
  return new Map(acme?.view().claims);
}

/** What GitHub and we must manage within. */
const PATIENCE_MS = 5 * 60_000;
/** How far the clock moves at a time, at most: what begins in one step has been answered in one of the next. */
const STEP_MS = 5000;
/** Reading a file, unpacking it and signing a token follow one another, so what began goes on this many times. */
const IO_TURNS = 3;

/**
 * Files, zlib and signatures take real time, in which this clock must stand still. They are done one after another by
 * the one thread that vitest.config.ts gives to libuv, so what is asked of it last is done last.
 */
async function ioDone(folder: string): Promise<void> {
  for (let turn = 0; turn < IO_TURNS; turn += 1) await stat(folder);
}

export function createLifetimes(): Lifetimes {
  const time = createFakeTime();
  // Octokit signs its JWTs by the clock of the machine, and the simulator checks them by ours.
  vi.useFakeTimers({ toFake: ["Date"], now: time.now() });
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET, clock: time.now });
  const acme = acmeOrganization(github);
  const folder = mkdtempSync(join(tmpdir(), "restart-"));
  const log = captureLog();
  const asked: number[] = [];
  const running = new Set<Running>();

  const pass = async (milliseconds: number): Promise<void> => {
    const [end, most] = [time.now() + milliseconds, Math.min(STEP_MS, Math.max(10, milliseconds / 100))];
    while (time.now() < end) {
      const step = Math.min(most, end - time.now());
      vi.setSystemTime(time.now() + step);
      await time.pass(step);
      await github.settle();
      await ioDone(folder);
    }
  };
  const until = async <T>(promise: Promise<T>): Promise<T> => {
    let settled = false;
    const done = promise.finally(() => (settled = true));
    done.catch(() => undefined);
    while (!settled) await pass(10);
    return done;
  };
  const start: Lifetimes["start"] = async (env = {}) => {
    const surroundings = {
      time,
      random: () => 0,
      fetch: (...request: Parameters<typeof fetch>) => {
        asked.push(time.now());
        return github.fetch(...request);
      },
    };
    const packgate = await until(
      startPackgate(github, { env: { PACKGATE_STATE: `file:${folder}`, ...env }, surroundings, log }),
    );
    const stop = async (): Promise<void> => {
      if (running.delete(wrapped)) await until(packgate.stop());
    };
    const wrapped = { ...packgate, settle: () => until(packgate.settle()), stop };
    running.add(wrapped);
    return wrapped;
  };

  return {
    time,
    github,
    acme,
    folder,
    log,
    asked,
    start,
    settled: async (env) => {
      const packgate = await start(env);
      await packgate.settle();
      return packgate;
    },
    served: async (packgate) => {
      for (const end = time.now() + PATIENCE_MS; !servesAll(packgate); await pass(10)) {
        if (time.now() > end) expect.unreachable(JSON.stringify(packgate.service.http.readiness()));
      }
      await packgate.settle();
    },
    pass,
    until,
    end: async () => {
      for (const packgate of running) await packgate.stop();
      vi.useRealTimers();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
