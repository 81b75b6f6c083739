/** Ids of tokens that are used up before their time: those that we revoked, and those that were exchanged for ours. */
export interface Ledger {
  readonly has: (id: string) => boolean;
  /** Until when an id is noted, in epoch milliseconds; 0: it is not, or was. */
  readonly until: (id: string) => number;
  /**
   * Notes an id until its token ends by itself. Resolves once that outlives the process.
   *
   * @param until epoch milliseconds
   * @returns `false`: there is no room, and nothing was noted
   */
  readonly add: (id: string, until: number) => Promise<boolean>;
  /** Notes it whether or not there is room: for what nobody can make up at will. */
  readonly insist: (id: string, until: number) => Promise<void>;
}

/** Keeps what a later process must know; never rejects. */
export type Keep = (entries: readonly Entry[]) => Promise<void>;
export type Entry = readonly [id: string, until: number];

/** More than any organization mints for runs in a quarter of an hour, and for people in half a day. */
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
  const until = (id: string): number => {
    const noted = untils.get(id) ?? 0;
    return noted > now() ? noted : 0;
  };
  const note = async (id: string, end: number): Promise<void> => {
    // What was noted for longer stays so: hints come in any order.
    untils.set(id, Math.max(end, until(id)));
    await keep([...untils]);
  };

  return {
    until,
    has: (id) => until(id) > 0,
    add: async (id, end) => {
      if (end <= now()) return true;
      sweep();
      if (untils.size >= most && !untils.has(id)) return false;
      await note(id, end);
      return true;
    },
    insist: async (id, end) => {
      sweep();
      if (end > now()) await note(id, end);
    },
  };
}
