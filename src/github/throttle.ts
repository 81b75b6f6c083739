import type { Time } from "./time.ts";

/** Requests allowed at once and per minute; see docs.github.com, "About secondary rate limits". */
export interface Limits {
  readonly concurrency: number;
  readonly perMinute: number;
}

export interface Throttle {
  /** Runs a request when its turn has come. */
  run: <T>(request: () => Promise<T>) => Promise<T>;
  /** Starts nothing before `until` (epoch milliseconds): GitHub told us to wait. */
  pause: (until: number) => void;
}

/** GitHub's windows are an hour at most (docs.github.com, "Rate limits for the REST API"). */
const LONGEST_PAUSE_MS = 3_600_000;

/** The share of a minute's requests that may come at once; burst and refill together make up the limit. */
const BURST = 1 / 6;

/**
 * Keeps our requests inside GitHub's secondary limits: so many at once, and a bucket that refills evenly and never
 * lets more than `perMinute` through in any minute. Octokit's own throttling plugin sends one GraphQL query a second
 * and reads the real clock; a first synchronisation would take twice as long and no test could fast-forward it.
 */
export function createThrottle({ concurrency, perMinute }: Limits, time: Time): Throttle {
  const capacity = Math.max(1, Math.floor(perMinute * BURST));
  const perMillisecond = Math.max(1, perMinute - capacity) / 60_000;
  const waiting: (() => void)[] = [];
  let running = 0;
  let tokens = capacity;
  let refilledAt = time.now();
  let pausedUntil = 0;

  const delay = (): number => {
    const now = time.now();
    // A clock that was set back gives nothing, and takes nothing either.
    tokens = Math.min(capacity, tokens + Math.max(0, now - refilledAt) * perMillisecond);
    refilledAt = now;
    const forToken = tokens >= 1 ? 0 : Math.ceil((1 - tokens) / perMillisecond);
    // Nobody has to wait longer than an hour; a clock that was set back would make it so.
    const paused = pausedUntil - now > LONGEST_PAUSE_MS ? 0 : pausedUntil - now;
    return Math.max(forToken, paused, 0);
  };

  const enter = async (): Promise<void> => {
    if (running >= concurrency) await new Promise<void>((resolve) => waiting.push(resolve));
    else running += 1;
    for (let wait = delay(); wait > 0; wait = delay()) await time.sleep(wait);
    tokens -= 1;
  };

  // A finished request hands its place on, so that the count never dips while others wait.
  const leave = (): void => {
    const next = waiting.shift();
    if (next === undefined) running -= 1;
    else next();
  };

  return {
    run: async (request) => {
      await enter();
      try {
        return await request();
      } finally {
        leave();
      }
    },
    pause: (until) => {
      pausedUntil = Math.max(pausedUntil, until);
    },
  };
}
