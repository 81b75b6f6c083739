import type { SliceKey } from "../state/slice.ts";

/**
 * The generation guard: a read that began before the latest hint about its slice may have seen the state before
 * the change, so it must not be believed.
 */
export interface Generations {
  /** A hint about these slices arrived. */
  readonly raise: (keys: readonly SliceKey[]) => void;
  /** What a read that begins now is to tell {@link isCurrent}. */
  readonly current: () => number;
  /** Whether nothing has been hinted about the slice since the read began. */
  readonly isCurrent: (key: SliceKey, since: number) => boolean;
  /** Forgets hints older than every read that is still under way. */
  readonly forget: (oldest: number) => void;
}

export function createGenerations(): Generations {
  const raisedAt = new Map<SliceKey, number>();
  let generation = 0;
  return {
    raise: (keys) => {
      if (keys.length > 0) generation += 1;
      for (const key of keys) raisedAt.set(key, generation);
    },
    current: () => generation,
    isCurrent: (key, since) => (raisedAt.get(key) ?? 0) <= since,
    forget: (oldest) => {
      for (const [key, at] of raisedAt) if (at <= oldest) raisedAt.delete(key);
    },
  };
}
