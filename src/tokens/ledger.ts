/** Ids of tokens that are used up before their time: those that we revoked, and those that were exchanged for ours. */
export interface Ledger {
  readonly has: (id: string) => boolean;
  /** Until when an id is noted, in epoch milliseconds; 0: it is not, or was. */
  readonly until: (id: string) => number;
  /**
   * Notes an id until its token ends by itself. Resolves once that outlives the process, or cannot.
   *
   * @param until epoch milliseconds
   */
  readonly add: (id: string, until: number) => Promise<Noted>;
  /** Notes it whether or not there is room: for what nobody can make up at will. */
  readonly insist: (id: string, until: number) => Promise<void>;
  /** Whether all that was noted outlives the process; what could not be kept is tried again. */
  readonly kept: () => Promise<boolean>;
}

/** `unkept`: noted, and a later process will not know of it; `full`: there is no room, and nothing was noted. */
export type Noted = "kept" | "unkept" | "full";

/** Keeps what a later process must know. @returns whether it could; never rejects */
export type Keep = (entries: readonly Entry[]) => Promise<boolean>;
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
  // Each holds all that was noted before, so that what could not be kept is kept with what comes next.
  let latest = Promise.resolve(true);
  const write = (): Promise<boolean> => (latest = keep([...untils]));
  const note = (id: string, end: number): Promise<boolean> => {
    // What was noted for longer stays so: hints come in any order.
    untils.set(id, Math.max(end, until(id)));
    return write();
  };

  return {
    until,
    has: (id) => until(id) > 0,
    add: async (id, end) => {
      if (end <= now()) return "kept";
      sweep();
      if (untils.size >= most && !untils.has(id)) return "full";
      return (await note(id, end)) ? "kept" : "unkept";
    },
    insist: async (id, end) => {
      sweep();
      if (end > now()) await note(id, end);
    },
    kept: async () => (await latest) || write(),
  };
}
