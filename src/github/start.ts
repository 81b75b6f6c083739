import { GitHubFailure } from "./failure.ts";
import type { Time } from "./time.ts";

export interface StartOptions {
  /** Asks GitHub where the App is installed. Rejects with a `GitHubFailure`. */
  readonly refresh: () => Promise<void>;
  readonly time: Time;
  readonly warn: (sentence: string) => void;
}

/** Finds the App's installations: first at the start, then whenever something hints that they changed. */
export interface Start {
  /**
   * The first look. Rejects when GitHub refuses the App itself, which no waiting mends; a GitHub that cannot be
   * reached is asked again in the background, and {@link problems} says so.
   */
  readonly first: () => Promise<void>;
  /** Looks again soon, in the background. Hints that come while it looks are one more look. */
  readonly again: () => void;
  readonly problems: () => readonly string[];
  readonly stop: () => void;
}

const RETRY_MS = 15_000;

export function createStart({ refresh, time, warn }: StartOptions): Start {
  let problem: string | undefined;
  let wanted = false;
  let looking = false;
  let stopped = false;

  const look = async (): Promise<GitHubFailure | undefined> => {
    try {
      await refresh();
      problem = undefined;
      return undefined;
    } catch (error) {
      const failure =
        error instanceof GitHubFailure
          ? error
          : new GitHubFailure("unavailable", "GitHub could not be asked for the App's installations.");
      if (failure.message !== problem) warn(failure.message);
      problem = failure.message;
      return failure;
    }
  };

  const keepLooking = async (): Promise<void> => {
    if (looking) return;
    looking = true;
    while (wanted && !stopped) {
      wanted = false;
      const failure = await look();
      if (failure === undefined) continue;
      wanted = true;
      await time.sleep(RETRY_MS);
    }
    looking = false;
  };

  const again = (): void => {
    wanted = true;
    void keepLooking();
  };

  return {
    first: async () => {
      const failure = await look();
      if (failure?.kind === "forbidden") throw failure;
      if (failure !== undefined) again();
    },
    again,
    problems: () => (problem === undefined ? [] : [problem]),
    stop: () => {
      stopped = true;
    },
  };
}
