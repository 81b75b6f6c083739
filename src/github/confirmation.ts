import type { Facts } from "../domain/facts.ts";
import { confirmedAt } from "../state/behind.ts";
import type { SliceKey } from "../state/slice.ts";
import type { Reconciler } from "./reconciler.ts";
import type { Time } from "./time.ts";

/** Reads your writes: waits until slices have been read after a moment. */
export interface Confirmation {
  /**
   * Resolves once all of these were confirmed at that moment or later, or when it takes too long.
   *
   * @param since epoch milliseconds
   */
  readonly wait: (keys: readonly SliceKey[], since: number, reader: Pick<Reconciler, "refresh">) => Promise<void>;
  /** Facts have changed, or were confirmed. */
  readonly applied: () => void;
}

/** Milliseconds that somebody who asks for newer facts is kept waiting. */
const PATIENCE_MS = 2000;

export function createConfirmation(facts: () => Facts, time: Time): Confirmation {
  const waiting = new Set<() => void>();

  return {
    wait: async (keys, since, reader) => {
      // What is gone by then is known to be gone.
      const old = (): SliceKey[] => keys.filter((key) => (confirmedAt(facts(), key) ?? Infinity) < since);
      if (old().length === 0 || since > time.now() + PATIENCE_MS) return;
      const confirmed = new Promise<void>((resolve) => {
        const check = (): void => {
          if (old().length > 0) return;
          waiting.delete(check);
          resolve();
        };
        waiting.add(check);
        const giveUp = async (): Promise<void> => {
          await time.sleep(PATIENCE_MS);
          waiting.delete(check);
          resolve();
        };
        void giveUp();
      });
      // A reading confirms what was when it began.
      if (since > time.now()) await time.sleep(since - time.now());
      reader.refresh(old(), "poll", since);
      await confirmed;
    },
    applied: () => {
      for (const check of waiting) check();
    },
  };
}
