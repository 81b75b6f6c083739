import type { Session } from "../github/session.ts";
import type { Swept } from "../github/sweep/sweep.ts";
import type { Time } from "../github/time.ts";

/** Lets what a snapshot holds be served once it is known what has happened since. */
export interface CatchUp {
  /** The look through GitHub's log has begun: where it takes too long, reads are answered meanwhile. */
  readonly begin: () => void;
  /** GitHub's log has been looked through: what it told is read back, which is waited for some seconds. */
  readonly swept: (swept: Swept) => Promise<void>;
  /** What a person should know. */
  readonly problems: () => readonly string[];
  readonly stop: () => void;
}

/** Milliseconds after which GitHub counts as away, and what was missed is waited for no longer. */
const PATIENCE_MS = 10_000;
const LOOK_MS = 50;

const AWAY =
  "GitHub could not be asked yet what has changed since the last run: known users may read, all else is unknown until it answers.";

/** @param resumed the sessions that go on from a snapshot */
export function createCatchUp(resumed: readonly Session[], time: Time): CatchUp {
  let state: "waiting" | "reads" | "done" = resumed.length === 0 ? "done" : "waiting";
  let hasSwept = false;

  const answerReads = async (): Promise<void> => {
    await time.sleep(PATIENCE_MS);
    if (state !== "waiting") return;
    state = "reads";
    for (const session of resumed) session.trust("reads");
  };

  // What was granted meanwhile would be refused until it has been read back.
  const answerOnceRead = async (session: Session): Promise<void> => {
    const missed = session.saved().doubts;
    const isRead = (): boolean => {
      const doubts = new Set(session.saved().doubts);
      return !missed.some((key) => doubts.has(key));
    };
    for (const end = time.now() + PATIENCE_MS; !isRead() && time.now() < end;) await time.sleep(LOOK_MS);
    session.trust("everything");
  };

  return {
    begin: () => {
      if (state === "waiting") void answerReads();
    },
    swept: async (swept) => {
      if (state === "done" || hasSwept) return;
      hasSwept = true;
      // What could not be followed one by one may have taken something away.
      const isComplete = swept.kind === "caught-up" && swept.reread === 0;
      if (isComplete) await Promise.all(resumed.map(answerOnceRead));
      else for (const session of resumed) session.distrust();
      state = "done";
    },
    problems: () => (state === "reads" ? [AWAY] : []),
    stop: () => {
      state = "done";
    },
  };
}
