import type { Facts } from "../domain/facts.ts";
import { missing } from "../state/missing.ts";
import type { Slice, SliceKey } from "../state/slice.ts";
import { sliceKey, sliceKind } from "../state/slice.ts";
import type { Applied } from "../state/store.ts";
import { createAgenda } from "./agenda.ts";
import { createDoubts } from "./doubts.ts";
import { GitHubFailure } from "./failure.ts";
import { createGenerations } from "./generations.ts";
import type { Person } from "./plans/plan.ts";
import type { Reader } from "./reader/reader.ts";
import { BATCH } from "./reader/reader.ts";
import type { Attempt, DoubtKey, RetryOptions } from "./retries.ts";
import { createRetries } from "./retries.ts";
import type { Time } from "./time.ts";

/** Keeps facts true: reads what is in doubt, and never lets an older answer stand. */
export interface Reconciler {
  /** Something happened to these slices: whatever is being read of them is void, read them anew. */
  readonly hint: (keys: readonly SliceKey[]) => void;
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

export interface ReconcilerStatus {
  /** Since when the oldest doubt has been waiting to be read back, epoch milliseconds. */
  readonly doubtfulSince: number | undefined;
  /** What GitHub refused, as sentences; each is gone once everything it kept from being read has been read. */
  readonly failures: ReadonlySet<string>;
}

export interface ReconcilerOptions {
  readonly reader: Reader;
  readonly facts: () => Facts;
  readonly apply: (slices: readonly Slice[]) => Applied;
  readonly time: Time;
  /** A doubt about a slice is settled. @param milliseconds for how long it had been waiting */
  readonly onSettled: (milliseconds: number) => void;
  readonly onFailure: RetryOptions["onFailure"];
}

interface Task extends Attempt {
  readonly work: () => Promise<void>;
  readonly finished?: () => void;
}

/** Reads under way at once; each may have several requests in flight, which the throttle bounds. */
const CONCURRENCY = 8;

export function createReconciler({ reader, facts, apply, time, onSettled, onFailure }: ReconcilerOptions): Reconciler {
  const generations = createGenerations();
  const agenda = createAgenda(BATCH);
  const doubts = createDoubts<DoubtKey>(time.now);
  const retries = createRetries({ doubts, time, onFailure });
  const people = new Map<number, Person>();
  /** The tasks under way, with the generation each began in. */
  const underWay = new Map<Task, number>();
  let stopped = false;
  let waiters: (() => void)[] = [];

  const hint = (keys: readonly SliceKey[]): void => {
    generations.raise(keys);
    agenda.add(keys);
    doubts.raise(keys);
    start();
  };

  const discover = (persons: Iterable<Person>): void => {
    for (const person of persons) people.set(person.id, person);
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

  const isIdle = (): boolean => stopped || (underWay.size === 0 && people.size === 0 && agenda.waiting() === 0);

  const nextTask = (): Task | undefined => {
    const person = people.values().next().value;
    if (person !== undefined) {
      people.delete(person.id);
      return discoveryOf(person);
    }
    const keys = agenda.take();
    const [first] = keys;
    return first === undefined ? undefined : readingOf(sliceKind(first), keys);
  };

  const discoveryOf = (person: Person): Task => {
    const key = `user/${person.id}` as const;
    return {
      what: key,
      work: async () => {
        hint(await reader.discover(person, facts()));
        doubts.settle(key);
      },
      left: () => [key],
      again: () => discover([person]),
    };
  };

  const readingOf = (what: string, keys: readonly SliceKey[]): Task => {
    const pending = new Set(keys);
    const began = generations.current();
    const emit = (slices: readonly Slice[]): void => {
      if (stopped) return;
      const current = slices.filter((slice) => generations.isCurrent(sliceKey(slice), began));
      const hadTeams = facts().teams !== undefined;
      const { changed, next } = apply(current.map((slice) => withNewcomers(slice, began)));
      for (const slice of slices) pending.delete(sliceKey(slice));
      for (const slice of current) {
        const waited = doubts.settle(sliceKey(slice));
        if (waited !== undefined) onSettled(waited);
      }
      hint(next);
      // Where a team moved, what is being read may still hold what came from its former parents.
      if (hadTeams && changed.includes("teams")) hint(agenda.underWay("access"));
    };
    return {
      what,
      work: () => reader.read(keys, facts(), emit),
      finished: () => agenda.done(keys),
      left: () => [...pending],
      again: (wanted) => hint([...pending].filter((key) => wanted.has(key))),
    };
  };

  // A list that was being walked while a repository appeared does not name it, and must not make it disappear.
  const withNewcomers = (slice: Slice, began: number): Slice => {
    if (slice.kind !== "repositories") return slice;
    const newcomers = [...facts().repositories.keys()].filter(
      (id) => !generations.isCurrent(`repository/${id}`, began),
    );
    return { ...slice, value: new Set([...slice.value, ...newcomers]) };
  };

  const run = async (task: Task): Promise<void> => {
    underWay.set(task, generations.current());
    try {
      await task.work();
    } catch (error) {
      retries.fail(task, error);
    } finally {
      underWay.delete(task);
      task.finished?.();
      generations.forget(Math.min(generations.current(), ...underWay.values()));
      start();
      lookForGaps();
    }
  };

  // GitHub may name a thing and then not show it. That is no failure of any one request, yet nothing is known of it.
  const lookForGaps = (): void => {
    if (stopped || !isIdle()) return;
    const gaps = missing(facts()).filter((key) => !doubts.has(key));
    const [first] = gaps;
    if (first === undefined) return;
    const sentence = `GitHub names ${gaps.length} things that it does not show, such as ${first}: check the App's permissions.`;
    retries.fail(
      { what: first, left: () => gaps, again: (wanted) => hint(gaps.filter((key) => wanted.has(key))) },
      new GitHubFailure("gone", sentence),
    );
  };

  return {
    hint,
    unsettle: () => hint([...agenda.underWay("access"), ...agenda.underWay("team-members")]),
    discover,
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    status: () => ({
      doubtfulSince: doubts.oldest(),
      failures: doubts.failures(),
    }),
    stop: () => {
      stopped = true;
      retries.stop();
      start();
    },
  };
}
