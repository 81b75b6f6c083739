import type { SliceKey } from "../state/slice.ts";
import type { Doubts } from "./doubts.ts";
import type { FailureKind } from "./failure.ts";
import { GitHubFailure } from "./failure.ts";
import type { Time } from "./time.ts";

/** A slice, or a person of whom it is to be found out which slices concern them. */
export type DoubtKey = SliceKey | `user/${number}`;

/** Something that was tried. */
export interface Attempt {
  /** In words, for the log. */
  readonly what: string;
  /** What has not been read yet. */
  readonly left: () => readonly DoubtKey[];
  /** Tries anew what failed, as far as it is still wanted. */
  readonly again: (wanted: ReadonlySet<DoubtKey>) => void;
}

export interface Retries {
  /** Tells of what could not be read, and has it read again later. */
  readonly fail: (attempt: Attempt, thrown: unknown) => void;
  readonly stop: () => void;
}

export interface RetryOptions {
  readonly doubts: Doubts<DoubtKey>;
  readonly time: Time;
  /** `cause` is what was thrown: for an unexpected error, the only trace of it. */
  readonly onFailure: (what: string, failure: GitHubFailure, cause: unknown) => void;
}

/** What was thrown, as a failure of GitHub's; what nobody expected is one, too. */
export function failureOf(what: string, thrown: unknown): GitHubFailure {
  if (thrown instanceof GitHubFailure) return thrown;
  return new GitHubFailure("unavailable", `Reading ${what} failed unexpectedly: the log has the cause.`);
}

const RETRY_MS: Readonly<Record<FailureKind, number>> = {
  gone: 60_000,
  forbidden: 60_000,
  limited: 60_000,
  "too-large": 60_000,
  unavailable: 15_000,
};

export function createRetries({ doubts, time, onFailure }: RetryOptions): Retries {
  let stopped = false;

  const retryLater = async (failure: GitHubFailure, again: Attempt["again"]): Promise<void> => {
    await time.sleep(Math.max(RETRY_MS[failure.kind], (failure.retryAt ?? 0) - time.now()));
    // What has been read since, or has failed anew, is no longer this failure's.
    const wanted = doubts.failedBy(failure);
    if (wanted.size > 0) again(wanted);
  };

  return {
    fail: ({ what, left, again }, thrown) => {
      if (stopped) return;
      const failure = failureOf(what, thrown);
      doubts.fail(left(), failure);
      onFailure(what, failure, thrown);
      void retryLater(failure, again);
    },
    stop: () => {
      stopped = true;
    },
  };
}
