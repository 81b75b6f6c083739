/** How many tokens each may have made within the life of one, so that nobody fills alone what must be remembered of all. */
export interface Allotment {
  /**
   * @param whose the number of a person or of a repository
   * @returns when there will be one more, in epoch milliseconds; `undefined`: there was one, and it is taken
   */
  readonly take: (whose: number) => number | undefined;
}

export interface AllotmentOptions {
  /** Epoch milliseconds. */
  readonly now: () => number;
  /** Tokens that were ended count as well: it is they that must be remembered. */
  readonly most: number;
  /** Milliseconds. */
  readonly lifeMs: number;
}

export function createAllotment({ now, most, lifeMs }: AllotmentOptions): Allotment {
  const taken = new Map<number, readonly number[]>();
  return {
    take: (whose) => {
      const alive = (taken.get(whose) ?? []).filter((end) => end > now());
      const [first] = alive;
      if (first !== undefined && alive.length >= most) return first;
      taken.set(whose, [...alive, now() + lifeMs]);
      return undefined;
    },
  };
}
