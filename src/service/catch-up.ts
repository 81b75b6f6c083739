import type { Session } from "../github/session.ts";
import type { Swept } from "../github/sweep/sweep.ts";
import type { Time } from "../github/time.ts";
import { oldestByKind } from "../state/slice.ts";

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
/** Milliseconds between two looks whether everything has been read again anyway. */
const RECONSIDER_MS = 15_000;

const AWAY =
  "GitHub could not be asked yet what has changed since the last run: known users may read, all else is unknown until it answers.";

/** @param resumed the sessions that go on from a snapshot */
export function createCatchUp(resumed: readonly Session[], time: Time): CatchUp {
  const began = time.now();
  const waiting = new Set(resumed);
  let readsOnly = false;
  let hasSwept = false;
  let stopped = false;

  const trust = (session: Session): void => {
    session.trust("everything");
    waiting.delete(session);
  };

  /** Whether by now nothing is left from before the start. */
  const isAnew = (session: Session): boolean => {
    const { ready, facts } = session.store.view();
    return ready && Math.min(...oldestByKind(facts).values()) >= began;
  };

  const answerMeanwhile = async (): Promise<void> => {
    await time.sleep(PATIENCE_MS);
    if (stopped) return;
    readsOnly = true;
    for (const session of waiting) session.trust("reads");
    // A log that GitHub will not show is made up for by reading everything, which the resync does in any case.
    for (; waiting.size > 0 && !stopped; await time.sleep(RECONSIDER_MS)) {
      for (const session of waiting) if (isAnew(session)) trust(session);
    }
  };

  // What was granted meanwhile would be refused until it has been read back.
  const answerOnceRead = async (session: Session): Promise<void> => {
    const missed = session.saved().doubts;
    const isRead = (): boolean => {
      const doubts = new Set(session.saved().doubts);
      return !missed.some((key) => doubts.has(key));
    };
    // Under another grant, or none, other things are seen: whether it is the same one only GitHub can tell.
    while (session.installation() === undefined && !stopped) await time.sleep(LOOK_MS);
    for (const end = time.now() + PATIENCE_MS; !isRead() && time.now() < end;) await time.sleep(LOOK_MS);
    if (!stopped) trust(session);
  };

  return {
    begin: () => {
      if (waiting.size > 0) void answerMeanwhile();
    },
    swept: async (swept) => {
      if (hasSwept) return;
      hasSwept = true;
      // What could not be followed one by one may have taken something away.
      const isComplete = swept.kind === "caught-up" && swept.reread === 0;
      if (isComplete) await Promise.race([Promise.all([...waiting].map(answerOnceRead)), time.sleep(PATIENCE_MS)]);
      else {
        for (const session of waiting) session.distrust();
        waiting.clear();
      }
    },
    problems: () => (readsOnly && waiting.size > 0 ? [AWAY] : []),
    stop: () => {
      stopped = true;
    },
  };
}
