import { LRUCache } from "lru-cache";

/** Which deliveries have been followed, by guid: bounded, and forgotten once GitHub's log has forgotten them, too. */
export interface Followed {
  readonly add: (guid: string) => void;
  readonly has: (guid: string) => boolean;
  /** What a later process need not follow again, by when it was followed, epoch milliseconds. */
  readonly recent: () => ReadonlyMap<string, number>;
}

const MAX = 100_000;
/** GitHub shows deliveries for 3 days (docs.github.com, "Redelivering webhooks"). */
const KEPT_MS = 4 * 24 * 60 * 60 * 1000;
/** A webhook's id is a header that no signature covers, so it may be anything: what is longer is not worth its room. */
const LONGEST = 512;

/** What was followed earlier, GitHub's log is not looked through for again, milliseconds. */
const SAVED_MS = 15 * 60 * 1000;
/** What was followed a moment ago has echoes to come, which end with the process: it is followed again, milliseconds. */
const SETTLED_MS = 90 * 1000;

/**
 * @param now epoch milliseconds
 * @param saved what an earlier process followed
 */
export function createFollowed(now: () => number, saved: ReadonlyMap<string, number> = new Map()): Followed {
  const times = new LRUCache<string, number>({ max: MAX });
  for (const [guid, at] of saved) times.set(guid, at);
  return {
    add: (guid) => {
      if (guid.length <= LONGEST) times.set(guid, now());
    },
    has: (guid) => {
      const at = times.peek(guid);
      return at !== undefined && now() - at <= KEPT_MS;
    },
    recent: () => {
      const age = (at: number): number => now() - at;
      return new Map([...times.entries()].filter(([, at]) => age(at) <= SAVED_MS && age(at) > SETTLED_MS));
    },
  };
}
