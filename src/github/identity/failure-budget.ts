/** How many checks that fail each index client may cause. Guessed tokens cost GitHub's patience, not only ours. */
export interface FailureBudget {
  /** Reserves one failure for the client; `false`: it has none left. */
  readonly take: (client: string) => boolean;
  /** Gives the reservation back, because the check did not fail. */
  readonly giveBack: (client: string) => void;
  /** Milliseconds until the client has one left. */
  readonly waitMs: (client: string) => number;
}

export interface FailureBudgetOptions {
  /** How much flows into a bucket in a minute. */
  readonly perMinute?: number;
  /** Size of a bucket; a minute's unless told. */
  readonly most?: number;
  /** Epoch milliseconds. */
  readonly now: () => number;
}

interface Bucket {
  left: number;
  filledAt: number;
}

/**
 * A token bucket per index client, so that one client's flood is not the other's outage. Failures are reserved
 * before the check, else a burst of guesses would all be under way before the first had failed; so the size also
 * bounds how many checks a client may have under way.
 */
export function createFailureBudget({ perMinute = 60, most = perMinute, now }: FailureBudgetOptions): FailureBudget {
  // One bucket per index client, of which the configuration names a handful.
  const buckets = new Map<string, Bucket>();

  function bucketOf(client: string): Bucket {
    const bucket = buckets.get(client) ?? { left: most, filledAt: now() };
    buckets.set(client, bucket);
    return bucket;
  }

  function filled(client: string): Bucket {
    const bucket = bucketOf(client);
    const at = now();
    const elapsed = Math.max(0, at - bucket.filledAt);
    bucket.left = Math.min(most, bucket.left + (elapsed * perMinute) / 60_000);
    bucket.filledAt = at;
    return bucket;
  }

  return {
    take: (client) => {
      const bucket = filled(client);
      if (bucket.left < 1) return false;
      bucket.left -= 1;
      return true;
    },
    giveBack: (client) => {
      bucketOf(client).left += 1;
    },
    waitMs: (client) => Math.max(0, Math.ceil(((1 - filled(client).left) * 60_000) / perMinute)),
  };
}
