import type { DoubtKey } from "./retries.ts";

/** What is still to be read of an organization, and what keeps it from being read. */
export interface ReconcilerStatus {
  /** Since when the oldest doubt has been waiting to be read back, epoch milliseconds. */
  readonly doubtfulSince: number | undefined;
  /** What GitHub refused, as sentences; each is gone once everything it kept from being read has been read. */
  readonly failures: ReadonlySet<string>;
  /** Everything in doubt. */
  readonly doubts: readonly DoubtKey[];
  /** How many slices wait to be read. */
  readonly queued: number;
  /** The smallest share left of any hourly limit, from 0 to 1. */
  readonly budget: number;
}

export interface SessionStatus extends ReconcilerStatus {
  /** How many slices the resync has found to be other than we believed, since the process began. */
  readonly drift: number;
}

/** While no installation lets us read. */
export const DISCONNECTED: ReconcilerStatus = {
  doubtfulSince: undefined,
  failures: new Set(),
  doubts: [],
  queued: 0,
  budget: 1,
};
