import { LRUCache } from "lru-cache";

/** Which deliveries have been followed, by guid: bounded, and forgotten once GitHub's log has forgotten them, too. */
export interface Followed {
  readonly add: (guid: string) => void;
  readonly has: (guid: string) => boolean;
}

const MAX = 100_000;
/** GitHub shows deliveries for 3 days (docs.github.com, "Redelivering webhooks"). */
const KEPT_MS = 4 * 24 * 60 * 60 * 1000;
/** A webhook's id is a header that no signature covers, so it may be anything: what is longer is not worth its room. */
const LONGEST = 512;

/** @param now epoch milliseconds */
export function createFollowed(now: () => number): Followed {
  const times = new LRUCache<string, number>({ max: MAX });
  return {
    add: (guid) => {
      if (guid.length <= LONGEST) times.set(guid, now());
    },
    has: (guid) => {
      const at = times.peek(guid);
      return at !== undefined && now() - at <= KEPT_MS;
    },
  };
}
