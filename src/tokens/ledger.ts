/** Ids of tokens that are used up before their time: those that we revoked, and those that were exchanged for ours. */
export interface Ledger {
  readonly has: (id: string) => boolean;
  /**
   * Notes an id until its token ends by itself. Resolves once that outlives the process.
   *
   * @param until epoch milliseconds
   * @returns `false`: there is no room, and nothing was noted
   */
  readonly add: (id: string, until: number) => Promise<boolean>;
}

/** Keeps what a later process must know; never rejects. */
export type Keep = (entries: readonly Entry[]) => Promise<void>;
export type Entry = readonly [id: string, until: number];

/** More than any organization mints in the quarter of an hour for which a token lives. */
const MOST = 50_000;

/**
 * @param entries what an earlier process kept
 * @param now epoch milliseconds
 */
export function createLedger(entries: readonly Entry[], keep: Keep, now: () => number, most = MOST): Ledger {
  const untils = new Map(entries);

  const sweep = (): void => {
    for (const [id, until] of untils) if (until <= now()) untils.delete(id);
  };

  return {
    has: (id) => (untils.get(id) ?? 0) > now(),
    add: async (id, until) => {
      if (until <= now()) return true;
      sweep();
      if (untils.size >= most && !untils.has(id)) return false;
      untils.set(id, until);
      await keep([...untils]);
      return true;
    },
  };
}
