import type { UserId } from "../domain/facts.ts";
import { LIFE_MS } from "./life.ts";

/** How many tokens each person may have made within the life of one, so that nobody fills the ledger of revoked ones. */
export interface Allotment {
  /** @returns when there will be one more, in epoch milliseconds; `undefined`: there was one, and it is taken */
  readonly take: (user: UserId) => number | undefined;
}

/** A person has a few machines. Tokens that were ended count as well: it is they that must be remembered. */
const MOST = 20;

/** @param now epoch milliseconds */
export function createAllotment(now: () => number, most = MOST): Allotment {
  const taken = new Map<UserId, readonly number[]>();
  return {
    take: (user) => {
      const alive = (taken.get(user) ?? []).filter((end) => end > now());
      const [first] = alive;
      if (first !== undefined && alive.length >= most) return first;
      taken.set(user, [...alive, now() + LIFE_MS.user]);
      return undefined;
    },
  };
}
