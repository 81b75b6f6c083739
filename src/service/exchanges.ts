import { LONGEST_MS, TOLERANCE_MS } from "../github/identity/actions/verify-run.ts";
import type { Publishing } from "../http/service.ts";
import { createAllotment } from "../tokens/allotment.ts";
import { createLedger } from "../tokens/ledger.ts";
import type { Ledger } from "../tokens/ledger.ts";
import type { Kept } from "../tokens/kept.ts";
import { LIFE_MS, wholeSecond } from "../tokens/life.ts";

/** Tokens of workflow runs that were exchanged for ours, each once. */
export interface Exchanges extends Pick<Publishing, "redeem">, Pick<Ledger, "kept"> {}

/** Noted until a moment after which no token lives that was made before nobody knows what. No issuer's URL is this. */
const UNKNOWN = "unknown";

/** Within the life of one, for each repository: several times the largest matrix of jobs (256, GitHub docs, "Usage limits"). */
const MOST_OF_REPOSITORY = 1000;

/** @param now epoch milliseconds */
export async function openExchanges(kept: Pick<Kept, "entries" | "keep">, now: () => number): Promise<Exchanges> {
  const entries = await kept.entries("exchanged");
  const ledger = createLedger(entries ?? [], kept.keep("exchanged"), now);
  const allotment = createAllotment({ now, most: MOST_OF_REPOSITORY, lifeMs: LIFE_MS.run });
  // Of tokens from before nobody knows which were exchanged; nor will the next process, so it is told.
  if (entries === undefined) await ledger.insist(UNKNOWN, wholeSecond(now()) + LONGEST_MS);

  return {
    kept: ledger.kept,
    redeem: async ({ issuer, id, issuedAt, expiresAt, run }) => {
      const key = `${issuer} ${id}`;
      if (ledger.has(key)) return "spent";
      if (issuedAt < ledger.until(UNKNOWN) - LONGEST_MS) return "too-old";
      if (allotment.take(run.repository) !== undefined) return "full";
      // As long as what it was exchanged for: so never more tokens of ours live than are counted here.
      const noted = await ledger.add(key, Math.max(expiresAt + TOLERANCE_MS, now() + LIFE_MS.run));
      return noted === "kept" ? "redeemed" : noted;
    },
  };
}
