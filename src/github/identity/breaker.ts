/** What one call told about GitHub. `limited`: GitHub wants to be left alone, for `retryAfterMs` if it said so. */
export type Health =
  | { readonly state: "well" }
  | { readonly state: "failing" }
  | { readonly state: "limited"; readonly retryAfterMs: number | undefined };

export interface Breaker {
  /** Asks for leave to call GitHub. The caller must report what came of it; `undefined`: do not call. */
  readonly admit: () => ((health: Health) => void) | undefined;
}

export interface BreakerOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Failures in a row that open it. */
  readonly threshold?: number;
  /** First pause; each further one is twice as long, up to `longestMs`. */
  readonly pauseMs?: number;
  readonly longestMs?: number;
}

/** Longest wait that is believed of GitHub; its longest rate-limit window is an hour. */
const MOST_RETRY_AFTER_MS = 3_600_000;

/**
 * Stops calls to GitHub when it refuses or fails, and lets a single one through after a pause to see whether it is
 * well again. Going on while limited prolongs the limit and may end in a ban
 * (https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api).
 */
export function createBreaker({ now, threshold = 5, pauseMs = 1000, longestMs = 60_000 }: BreakerOptions): Breaker {
  let failures = 0;
  let pauses = 0;
  let opensUntil: number | undefined;
  let probing = false;
  // Counts openings and closings: what a call saw before the last of them is no news.
  let epoch = 0;

  function open(retryAfterMs: number): void {
    const pause = Math.min(longestMs, pauseMs * 2 ** pauses);
    opensUntil = now() + Math.max(pause, Math.min(retryAfterMs, MOST_RETRY_AFTER_MS));
    pauses += 1;
    failures = 0;
    probing = false;
    epoch += 1;
  }

  function close(): void {
    opensUntil = undefined;
    pauses = 0;
    probing = false;
    epoch += 1;
  }

  function report(began: number, health: Health): void {
    if (began !== epoch) return;
    switch (health.state) {
      case "well":
        failures = 0;
        if (opensUntil !== undefined) close();
        return;
      case "failing":
        failures += 1;
        if (opensUntil !== undefined || failures >= threshold) open(0);
        return;
      case "limited":
        open(health.retryAfterMs ?? 0);
    }
  }

  return {
    admit: () => {
      if (opensUntil !== undefined) {
        if (probing || now() < opensUntil) return undefined;
        probing = true;
      }
      const began = epoch;
      return (health) => report(began, health);
    },
  };
}
