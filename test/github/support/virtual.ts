import { vi } from "vitest";
import type { Running, RunningOptions } from "../../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../../helpers/packgate.ts";
import type { Simulator } from "../../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../../simulator/index.ts";
import type { FakeTime } from "./fake-time.ts";
import { createFakeTime } from "./fake-time.ts";

/** acme with Packgate on it, both by one clock that a test moves; a day takes as long as what happens in it. */
export interface Virtual {
  readonly time: FakeTime;
  readonly github: Simulator;
  readonly acme: ReturnType<typeof acmeOrganization>;
  readonly packgate: Running;
  /** Lets time pass; whatever was sent or read in it has been dealt with. */
  readonly pass: (milliseconds: number) => Promise<void>;
  /** Sets the clock forward, as when the machine slept. */
  readonly skip: (milliseconds: number) => void;
  readonly stop: () => Promise<void>;
}

export async function startVirtual(options: RunningOptions = {}): Promise<Virtual> {
  const time = createFakeTime();
  // Octokit signs its JWTs by the clock of the machine, and the simulator checks them by ours.
  vi.useFakeTimers({ toFake: ["Date"], now: time.now() });
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET, clock: time.now });
  const acme = acmeOrganization(github);
  const surroundings = { time, ...options.surroundings };
  const packgate = await time.passUntil(startPackgate(github, { ...options, surroundings }));
  await time.passUntil(packgate.settle());
  const pass = async (milliseconds: number): Promise<void> => {
    // In steps, so that what is read over real promises in one step is there in the next.
    const until = time.now() + milliseconds;
    while (time.now() < until) {
      const step = Math.min(1000, until - time.now());
      vi.setSystemTime(time.now() + step);
      await time.pass(step);
      await packgate.settle();
    }
  };
  const skip = (milliseconds: number): void => {
    time.set(time.now() + milliseconds);
    vi.setSystemTime(time.now());
  };
  const stop = async (): Promise<void> => {
    await packgate.stop();
    vi.useRealTimers();
  };
  return { time, github, acme, packgate, pass, skip, stop };
}
