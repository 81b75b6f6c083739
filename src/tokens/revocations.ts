import type { UserId } from "../domain/facts.ts";
import type { Bound, Minted } from "./claims.ts";
import type { Ledger, Noted } from "./ledger.ts";
import { LIFE_MS } from "./life.ts";

/** Which tokens of ours have been ended before their time: one by one, all of a person's, all that there were. */
export interface Revocations {
  readonly covers: (minted: Minted) => boolean;
  /** `unkept`: ended, and a restart would revive it; `full`: there is no room to note it, and the token lives on. */
  readonly end: (minted: Minted) => Promise<Noted>;
  /** Ends what was made for a person up to a moment, in epoch milliseconds. */
  readonly endUser: (user: UserId, until: number) => Promise<void>;
  /** Ends what was made for anybody of a kind before a moment, in epoch milliseconds. */
  readonly endAll: (kind: Bound["kind"], before: number) => Promise<void>;
  /** Whether all that was ended stays so after a restart; what could not be kept is tried again. */
  readonly kept: Ledger["kept"];
}

export function createRevocations(ledger: Ledger): Revocations {
  // Tokens of one kind live equally long, so by when it ends a token tells when it was made.
  const madeBefore = (key: string, kind: Bound["kind"], moment: number): Promise<void> =>
    ledger.insist(key, moment + LIFE_MS[kind]);

  return {
    covers: (minted) => {
      const groups = minted.kind === "user" ? [allOf("user"), ofUser(minted.user)] : [allOf("run")];
      return ledger.has(minted.id) || groups.some((key) => minted.expiresAt < ledger.until(key));
    },
    end: ({ id, expiresAt }) => ledger.add(id, expiresAt),
    // Tokens know whole seconds only, so this ends as well what is made in the rest of the second.
    endUser: (user, until) => madeBefore(ofUser(user), "user", until + 1),
    endAll: (kind, before) => madeBefore(allOf(kind), kind, before),
    kept: ledger.kept,
  };
}

// The ids of tokens are UUIDs, so nothing that is noted for one of them is mistaken for these.
function allOf(kind: Bound["kind"]): string {
  return `all:${kind}`;
}

function ofUser(user: UserId): string {
  return `user:${user}`;
}
