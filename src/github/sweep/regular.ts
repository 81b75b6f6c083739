import { every } from "../every.ts";
import { GitHubFailure } from "../failure.ts";
import type { Time } from "../time.ts";
import type { Sweep, Swept } from "./sweep.ts";

/** Sweeps now and then, and says what keeps it from it. */
export interface RegularSweep {
  /** Sweeps, and from then on does so regularly. Resolves after the first turn, whether it went well or not. */
  readonly begin: () => Promise<void>;
  /** Resolves once no sweep is under way. */
  readonly idle: () => Promise<void>;
  readonly problems: () => readonly string[];
  readonly stop: () => void;
}

export interface RegularSweepOptions {
  readonly sweep: Sweep;
  readonly time: Time;
  readonly onSwept: (swept: Swept) => void;
  readonly info: (sentence: string) => void;
  /** @param cause what was thrown, when nobody expected it */
  readonly warn: (sentence: string, cause?: unknown) => void;
}

const SWEEP_EVERY_MS = 5 * 60 * 1000;
/** When GitHub could not be asked. */
const RETRY_MS = 15_000;

export function sweepRegularly({ sweep, time, onSwept, info, warn }: RegularSweepOptions): RegularSweep {
  let problem: string | undefined;
  let turn: Promise<void> | undefined;
  let stopTurns: (() => void) | undefined;
  let stopped = false;

  const sweepOnce = async (): Promise<void> => {
    try {
      const swept = await sweep.run();
      problem = undefined;
      onSwept(swept);
      if (swept.kind === "beyond-retention") {
        warn("GitHub no longer has the log of all webhooks since the last look: everything is read again.");
      } else if (swept.followed > 0) info(`Webhooks that had been missed were followed: ${swept.followed}.`);
    } catch (error) {
      if (stopped) return;
      const expected = error instanceof GitHubFailure;
      const sentence = expected ? error.message : "Missed webhooks could not be looked for: the log has the cause.";
      if (sentence !== problem) warn(sentence, expected ? undefined : error);
      problem = sentence;
    }
  };
  const next = (): Promise<void> => (turn ??= sweepOnce().finally(() => (turn = undefined)));
  const goOn = (): void => {
    if (!stopped) stopTurns ??= every(() => (problem === undefined ? SWEEP_EVERY_MS : RETRY_MS), time, next);
  };

  return {
    begin: async () => {
      if (stopped) return;
      await next();
      goOn();
    },
    idle: async () => turn,
    problems: () => (problem === undefined ? [] : [problem]),
    stop: () => {
      stopped = true;
      stopTurns?.();
    },
  };
}
