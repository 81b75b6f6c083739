import type { View } from "../domain/decide.ts";
import { slicesBehind } from "../state/behind.ts";
import { confirmedBefore } from "../state/due.ts";
import type { AuditResult, Pair } from "./audit.ts";
import { agrees, pickPair } from "./audit.ts";
import type { Budget } from "./budget.ts";
import { every } from "./every.ts";
import type { Reader } from "./reader/reader.ts";
import type { Reconciler } from "./reconciler.ts";
import type { Time } from "./time.ts";

/** What keeps facts true where no webhook does: polls, the resync, the audit. */
export interface Upkeep {
  /** Asks at once about what has no webhook: nobody may have asked for long. */
  readonly begin: () => void;
  readonly stop: () => void;
}

/** Milliseconds. */
export interface Intervals {
  /** Between two polls of what has no webhook. */
  readonly poll: number;
  /** In which every fact shall be confirmed once. */
  readonly resync: number;
}

export interface UpkeepOptions {
  readonly view: () => View;
  readonly reader: Reader;
  readonly reconciler: Pick<Reconciler, "refresh">;
  readonly budget: Budget;
  readonly intervals: Intervals;
  readonly time: Time;
  /** From 0 to 1. */
  readonly random: () => number;
  readonly onAudit: (result: AuditResult, pair: Pair) => void;
  readonly onFailure: (what: string, thrown: unknown) => void;
}

/** A fact is read again at this share of the interval, so that it has been read when the interval is over. */
const DUE_AT = 0.7;
/** How often the resync looks for what is due, in each interval. */
const LOOKS = 60;
const AUDIT_MS = 20_000;

export function createUpkeep(options: UpkeepOptions): Upkeep {
  const { view, reader, reconciler, budget, intervals, time, random, onAudit, onFailure } = options;

  const poll = async (): Promise<void> => {
    if (!budget.allows("poll")) return;
    // What is being read for the first time is asked for by the organization's name, and that may have changed unheard.
    reconciler.refresh(view().ready ? await reader.outdated(view().facts) : ["organization"], "poll");
  };

  const resync = (): void => {
    const now = time.now();
    if (view().ready) reconciler.refresh(confirmedBefore(view().facts, now - intervals.resync * DUE_AT, now), "resync");
  };

  const audit = async (): Promise<void> => {
    const before = view();
    const pair = before.ready && budget.allows("audit") ? pickPair(before, random) : undefined;
    if (pair === undefined) return;
    const said = await reader.permission(pair);
    // Something changed while GitHub was asked, so its answer may be about another state than ours.
    if (view().revision !== before.revision) onAudit("moved", pair);
    else if (agrees(before, pair, said)) onAudit("match", pair);
    else {
      onAudit("mismatch", pair);
      reconciler.refresh(slicesBehind(before, pair.user, pair.repository), "poll");
    }
  };

  const guarded = (what: string, work: () => Promise<void>) => async (): Promise<void> => {
    try {
      await work();
    } catch (error) {
      if (!stopped) onFailure(what, error);
    }
  };

  let stopped = false;
  const pollSafely = guarded("what has no webhook", poll);
  const stops = [
    every(() => intervals.poll, time, pollSafely),
    every(() => Math.max(1000, intervals.resync / LOOKS), time, resync),
    every(() => AUDIT_MS, time, guarded("a permission to compare", audit)),
  ];
  return {
    begin: () => void pollSafely(),
    stop: () => {
      stopped = true;
      for (const stop of stops) stop();
    },
  };
}
