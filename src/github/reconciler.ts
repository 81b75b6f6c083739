import type { Facts } from "../domain/facts.ts";
import type { Slice, SliceKey } from "../state/slice.ts";
import type { Applied } from "../state/store.ts";
import type { Urgency } from "./agenda.ts";
import { createAgenda, URGENCIES } from "./agenda.ts";
import type { Budget } from "./budget.ts";
import { createDoubts } from "./doubts.ts";
import { createEchoes } from "./echoes.ts";
import { reportGaps } from "./gaps.ts";
import { createGenerations } from "./generations.ts";
import type { Person } from "./plans/plan.ts";
import type { Reader } from "./reader/reader.ts";
import type { ReadingOptions, Task } from "./reading.ts";
import { discoveryOf, readingOf } from "./reading.ts";
import { BATCH } from "./reader/reader.ts";
import type { ReconcilerStatus } from "./reconciler-status.ts";
import type { DoubtKey, RetryOptions } from "./retries.ts";
import { createRetries } from "./retries.ts";
import type { Time } from "./time.ts";
import type { Withheld } from "./withheld.ts";

/** Keeps facts true: reads what is in doubt, and never lets an older answer stand. */
export interface Reconciler {
  /** These slices are not known any more: whatever is being read of them is void, read them anew. */
  readonly hint: (keys: readonly SliceKey[]) => void;
  /** Like {@link hint}, because something happened to them just now: read them twice, for GitHub's replicas lag. */
  readonly follow: (keys: readonly SliceKey[]) => void;
  /**
   * Nothing is known to have happened to these: read them when there is nothing more urgent to read.
   *
   * @param since a reading under way will do that began at this moment or later, epoch milliseconds; by default none
   */
  readonly refresh: (keys: readonly SliceKey[], urgency: Exclude<Urgency, "hint">, since?: number) => void;
  /**
   * Something happened to people that may reach any team and any repository's access: whatever is being read of
   * those is void, because it is not in the facts yet, where it could be found.
   */
  readonly unsettle: () => void;
  /** Find out which teams and repositories these people hold now, and read those. */
  readonly discover: (people: readonly Person[]) => void;
  /** Resolves once nothing is queued or being read. What waits for GitHub to come back does not count. */
  readonly idle: () => Promise<void>;
  readonly status: () => ReconcilerStatus;
  /** Starts nothing new, and lets nothing stand that is still being read. */
  readonly stop: () => void;
}

export interface ReconcilerOptions {
  readonly reader: Reader;
  readonly facts: () => Facts;
  /** What others say exists and has never been read. */
  readonly missing: () => readonly SliceKey[];
  readonly apply: (slices: readonly Slice[]) => Applied;
  readonly budget: Budget;
  readonly withheld: Withheld;
  readonly time: Time;
  /** The resync found slices of a kind to be other than we believed, though nobody had told us of a change. */
  readonly onDrift: (keys: readonly SliceKey[]) => void;
  /** A doubt about a slice is settled. @param milliseconds for how long it had been waiting */
  readonly onSettled: (milliseconds: number) => void;
  readonly onFailure: RetryOptions["onFailure"];
}

/** Reads under way at once; each may have several requests in flight, which the throttle bounds. */
const CONCURRENCY = 8;

export function createReconciler(options: ReconcilerOptions): Reconciler {
  const { reader, facts, budget, withheld, time, onSettled, onFailure } = options;
  const generations = createGenerations();
  const agenda = createAgenda(BATCH);
  const doubts = createDoubts<DoubtKey>(time.now);
  const retries = createRetries({ doubts, time, onFailure });
  const people = new Map<number, Person>();
  const echoes = createEchoes(time, (keys) => {
    agenda.add(keys, "hint");
    start();
  });
  /** The tasks under way, with the generation and the moment each began in. */
  const underWay = new Map<Task, { readonly generation: number; readonly at: number }>();
  let stopped = false;
  let waiters: (() => void)[] = [];

  const hint = (keys: readonly SliceKey[]): void => {
    generations.raise(keys);
    agenda.add(keys, "hint");
    doubts.raise(keys);
    start();
  };

  const follow: Reconciler["follow"] = (keys) => {
    echoes.expect(keys);
    hint(keys);
  };

  const refresh: Reconciler["refresh"] = (keys, urgency, since = Infinity) => {
    const recent = new Set([...underWay].flatMap(([task, { at }]) => (at >= since ? task.left() : [])));
    // What failed a moment ago has its own next try.
    agenda.add(
      keys.filter((key) => !doubts.has(key) && !recent.has(key)),
      urgency,
    );
    start();
  };

  const discover = (persons: Iterable<Person>): void => {
    for (const person of persons) {
      people.set(person.id, person);
      doubts.raise([`user/${person.id}`]);
    }
    start();
  };

  const start = (): void => {
    while (!stopped && underWay.size < CONCURRENCY) {
      const task = nextTask();
      if (task === undefined) break;
      void run(task);
    }
    if (!isIdle()) return;
    for (const resolve of waiters) resolve();
    waiters = [];
  };

  // What waits for a better budget is no work of now.
  const isIdle = (): boolean =>
    stopped ||
    (underWay.size === 0 &&
      people.size === 0 &&
      URGENCIES.every((urgency) => agenda.waiting(urgency) === 0 || !budget.allows(urgency)));

  const nextTask = (): Task | undefined => {
    const person = people.values().next().value;
    if (person !== undefined) {
      people.delete(person.id);
      return discoveryOf(person, { reader, facts, follow, doubts, discover });
    }
    const turn = agenda.take(budget.allows);
    return turn && readingOf(turn, { ...options, generations, agenda, doubts, onRead, hint, stopped: () => stopped });
  };

  const onRead: ReadingOptions["onRead"] = (keys, next, cut) => {
    echoes.expect(cut);
    for (const key of keys) {
      const waited = doubts.settle(key);
      if (waited !== undefined) onSettled(waited);
    }
    if (echoes.after(keys)) follow(next);
    else hint(next);
  };

  const run = async (task: Task): Promise<void> => {
    underWay.set(task, { generation: generations.current(), at: time.now() });
    try {
      await task.work();
    } catch (error) {
      retries.fail(task, error);
    } finally {
      underWay.delete(task);
      task.finished?.();
      const others = [...underWay.values()];
      generations.forget(Math.min(generations.current(), ...others.map(({ generation }) => generation)));
      withheld.forget(Math.min(time.now(), ...others.map(({ at }) => at)));
      start();
      lookForGaps();
    }
  };

  const lookForGaps = (): void => {
    if (!stopped && isIdle()) reportGaps({ missing: options.missing(), doubts, retries, hint });
  };

  return {
    hint,
    follow,
    refresh,
    unsettle: () => follow([...agenda.underWay("access"), ...agenda.underWay("team-members")]),
    discover,
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    status: () => ({
      doubtfulSince: doubts.oldest(),
      failures: doubts.failures(),
      doubts: doubts.keys(),
      queued: URGENCIES.reduce((sum, urgency) => sum + agenda.waiting(urgency), 0),
      budget: budget.left(),
    }),
    stop: () => {
      stopped = true;
      echoes.stop();
      retries.stop();
      start();
    },
  };
}
