import { GitHubFailure } from "./failure.ts";
import type { Time } from "./time.ts";

export interface StartOptions {
  /** Asks GitHub where the App is installed. Rejects with a `GitHubFailure`. */
  readonly refresh: () => Promise<void>;
  readonly time: Time;
  /** @param cause what was thrown, when nobody expected it */
  readonly warn: (sentence: string, cause?: unknown) => void;
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
  /** Resolves once nobody looks; what waits for GitHub to come back does not count. */
  readonly idle: () => Promise<void>;
  readonly problems: () => readonly string[];
  readonly stop: () => void;
}

const RETRY_MS = 15_000;
/** Asking again soon with credentials that GitHub refuses makes it refuse more. */
const RETRY_REFUSED_MS = 60_000;

export function createStart({ refresh, time, warn }: StartOptions): Start {
  let problem: GitHubFailure | undefined;
  /** The look under way; looks never overlap, so that an older answer cannot come after a newer one. */
  let looking: Promise<void> | undefined;
  let wanted = false;
  let stopped = false;

  const look = async (): Promise<void> => {
    try {
      await refresh();
      problem = undefined;
    } catch (error) {
      if (stopped) return;
      const failure = failureOf(error);
      if (failure.message !== problem?.message)
        warn(failure.message, error instanceof GitHubFailure ? undefined : error);
      problem = failure;
      void retryLater(failure);
    }
  };

  const retryLater = async (failure: GitHubFailure): Promise<void> => {
    await time.sleep(isRefusal(failure) ? RETRY_REFUSED_MS : RETRY_MS);
    // A look that came in between has settled the matter, or waits for its own next try.
    if (problem === failure) again();
  };

  const keepLooking = async (): Promise<void> => {
    while (wanted && !stopped) {
      wanted = false;
      await look();
    }
    looking = undefined;
  };

  const again = (): void => {
    wanted = true;
    if (!stopped) looking ??= keepLooking();
  };

  return {
    first: async () => {
      again();
      await looking;
      if (problem !== undefined && isRefusal(problem)) throw problem;
    },
    again,
    idle: async () => looking,
    problems: () => (problem === undefined ? [] : [problem.message]),
    stop: () => {
      stopped = true;
    },
  };
}

function failureOf(error: unknown): GitHubFailure {
  if (!(error instanceof GitHubFailure)) {
    return new GitHubFailure("unavailable", "The App's installations could not be read: the log has the cause.");
  }
  if (error.kind !== "gone") return error;
  return new GitHubFailure("gone", "GitHub knows no such App: check APP_ID, and GHE_HOST or GITHUB_API_URL.");
}

/** Whether it is the App itself that GitHub refuses. */
function isRefusal({ kind }: GitHubFailure): boolean {
  return kind === "forbidden" || kind === "gone";
}
