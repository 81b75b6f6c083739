/** How many checks that fail each index client may cause. Guessed tokens cost GitHub's patience, not only ours. */
export interface FailureBudget {
  /** Reserves one failure for the client; `false`: it has none left. */
  readonly take: (client: string) => boolean;
  /** Gives the reservation back, because the check did not fail. */
  readonly giveBack: (client: string) => void;
}

interface Bucket {
  left: number;
  filledAt: number;
}

/**
 * A token bucket per index client, so that one client's flood is not the other's outage. Failures are reserved
 * before the check, else a burst of guesses would all be under way before the first had failed; so the size also
 * bounds how many checks a client may have under way.
 *
 * @param perMinute size of a bucket, and how much flows into it in a minute
 * @param now epoch milliseconds
 */
export function createFailureBudget({ perMinute = 60, now }: { perMinute?: number; now: () => number }): FailureBudget {
  // One bucket per index client, of which the configuration names a handful.
  const buckets = new Map<string, Bucket>();

  function bucketOf(client: string): Bucket {
    const bucket = buckets.get(client) ?? { left: perMinute, filledAt: now() };
    buckets.set(client, bucket);
    return bucket;
  }

  return {
    take: (client) => {
      const bucket = bucketOf(client);
      const at = now();
      const elapsed = Math.max(0, at - bucket.filledAt);
      bucket.left = Math.min(perMinute, bucket.left + (elapsed * perMinute) / 60_000);
      bucket.filledAt = at;
      if (bucket.left < 1) return false;
      bucket.left -= 1;
      return true;
    },
    giveBack: (client) => {
      bucketOf(client).left += 1;
    },
  };
}
