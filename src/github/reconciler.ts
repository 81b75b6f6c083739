import type { Facts } from "../domain/facts.ts";
import type { Slice, SliceKey, SliceKind } from "../state/slice.ts";
import { KEYED_KINDS, SHARED_KINDS, sliceKey, sliceKind } from "../state/slice.ts";
import type { Applied } from "../state/store.ts";
import { GitHubFailure } from "./failure.ts";
import { createGenerations } from "./generations.ts";
import type { Person } from "./plans/plan.ts";
import type { Reader } from "./reader/reader.ts";
import { BATCH } from "./reader/reader.ts";
import type { Time } from "./time.ts";

/** Keeps facts true: reads what is in doubt, and never lets an older answer stand. */
export interface Reconciler {
  /** Something happened to these slices: whatever is being read of them is void, read them anew. */
  readonly hint: (keys: readonly SliceKey[]) => void;
  /** Void whatever is being read of this kind, and read it anew. */
  readonly restart: (kind: SliceKind) => void;
  /** Find out which teams and repositories these people hold now, and read those. */
  readonly discover: (people: readonly Person[]) => void;
  /** Resolves once nothing is queued or being read. What waits for GitHub to come back does not count. */
  readonly idle: () => Promise<void>;
  readonly status: () => ReconcilerStatus;
  /** Starts nothing new; resolves once nothing is being read. */
  readonly stop: () => Promise<void>;
}

export interface ReconcilerStatus {
  readonly queued: number;
  readonly reading: number;
  /** Since when the oldest doubt has been waiting to be read back, epoch milliseconds. */
  readonly doubtfulSince: number | undefined;
  /** What GitHub refused, by what was asked for, as sentences; emptied by the next success. */
  readonly failures: ReadonlyMap<string, string>;
}

export interface ReconcilerOptions {
  readonly reader: Reader;
  readonly facts: () => Facts;
  readonly apply: (slices: readonly Slice[]) => Applied;
  readonly time: Time;
  /** `cause` is what was thrown: for an unexpected error, the only trace of it. */
  /** A doubt is settled. @param milliseconds for how long it had been waiting */
  readonly onSettled: (milliseconds: number) => void;
  readonly onFailure: (what: string, failure: GitHubFailure, cause: unknown) => void;
}

/** Reads under way at once; each may have several requests in flight, which the throttle bounds. */
const CONCURRENCY = 8;
const RETRY_MS = {
  gone: 60_000,
  forbidden: 60_000,
  limited: 60_000,
  "too-large": 60_000,
  unavailable: 15_000,
} as const;

/** What must be known before the rest makes sense comes first. */
const ORDER: readonly SliceKind[] = [...SHARED_KINDS, ...KEYED_KINDS];

export function createReconciler({ reader, facts, apply, time, onSettled, onFailure }: ReconcilerOptions): Reconciler {
  const generations = createGenerations();
  const queues = new Map<SliceKind, Set<SliceKey>>(ORDER.map((kind) => [kind, new Set()]));
  const people = new Map<number, Person>();
  const underWay = new Map<readonly SliceKey[], number>();
  const failures = new Map<string, string>();
  const doubtfulSince = new Map<SliceKey, number>();
  let stopped = false;
  let waiters: (() => void)[] = [];

  const enqueue = (keys: readonly SliceKey[]): void => {
    if (keys.length > 0) generations.raise(keys);
    for (const key of keys) {
      queues.get(sliceKind(key))?.add(key);
      if (!doubtfulSince.has(key)) doubtfulSince.set(key, time.now());
    }
    start();
  };

  const start = (): void => {
    while (!stopped && underWay.size < CONCURRENCY) {
      const task = nextTask();
      if (task === undefined) break;
      void task();
    }
    if (underWay.size === 0) {
      for (const resolve of waiters) resolve();
      waiters = [];
    }
  };

  const nextTask = (): (() => Promise<void>) | undefined => {
    for (const person of people.values()) {
      people.delete(person.id);
      return run(
        `user/${person.id}`,
        [],
        async () => enqueue(await reader.discover(person, facts())),
        () => people.set(person.id, person),
      );
    }
    for (const kind of ORDER) {
      const queue = queues.get(kind);
      if (queue === undefined || queue.size === 0) continue;
      const keys = [...queue].slice(0, BATCH[kind]);
      for (const key of keys) queue.delete(key);
      return readTask(kind, keys);
    }
    return undefined;
  };

  const readTask = (kind: SliceKind, keys: readonly SliceKey[]): (() => Promise<void>) => {
    const pending = new Set(keys);
    const began = generations.begin();
    const emit = (slices: readonly Slice[]): void => {
      if (stopped) return;
      const current = slices.filter((slice) => generations.isCurrent(sliceKey(slice), began));
      for (const slice of slices) pending.delete(sliceKey(slice));
      for (const slice of current) settled(sliceKey(slice));
      enqueue(apply(current.map((slice) => withNewcomers(slice, began))).next);
    };
    const again = (): void => enqueue([...pending]);
    return run(kind, keys, () => reader.read(keys, facts(), emit), again);
  };

  const settled = (key: SliceKey): void => {
    const since = doubtfulSince.get(key);
    if (since === undefined) return;
    doubtfulSince.delete(key);
    onSettled(time.now() - since);
  };

  // A list that was being walked while a repository appeared does not name it, and must not make it disappear.
  const withNewcomers = (slice: Slice, began: number): Slice => {
    if (slice.kind !== "repositories") return slice;
    const known = facts().repositoryList?.value ?? [];
    const newcomers = [...known].filter((id) => !generations.isCurrent(`repository/${id}`, began));
    return { ...slice, value: new Set([...slice.value, ...newcomers]) };
  };

  const run =
    (what: string, keys: readonly SliceKey[], work: () => Promise<void>, again: () => void) =>
    async (): Promise<void> => {
      underWay.set(keys, generations.begin());
      try {
        await work();
        failures.delete(what);
      } catch (error) {
        const failure =
          error instanceof GitHubFailure
            ? error
            : new GitHubFailure("unavailable", `Reading ${what} failed unexpectedly.`);
        failures.set(what, failure.message);
        onFailure(what, failure, error);
        void retryLater(failure, again);
      } finally {
        underWay.delete(keys);
        generations.forget(Math.min(generations.begin(), ...underWay.values()));
        start();
      }
    };

  const retryLater = async (failure: GitHubFailure, again: () => void): Promise<void> => {
    await time.sleep(Math.max(RETRY_MS[failure.kind], (failure.retryAt ?? 0) - time.now()));
    if (stopped) return;
    again();
    start();
  };

  const isIdle = (): boolean =>
    underWay.size === 0 && people.size === 0 && [...queues.values()].every(({ size }) => size === 0);

  return {
    hint: enqueue,
    restart: (kind) => enqueue([...underWay.keys()].flat().filter((key) => sliceKind(key) === kind)),
    discover: (persons) => {
      for (const person of persons) people.set(person.id, person);
      start();
    },
    idle: () => (isIdle() ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve))),
    status: () => ({
      queued: people.size + [...queues.values()].reduce((sum, { size }) => sum + size, 0),
      reading: underWay.size,
      doubtfulSince: doubtfulSince.size === 0 ? undefined : Math.min(...doubtfulSince.values()),
      failures,
    }),
    stop: () => {
      stopped = true;
      return underWay.size === 0 ? Promise.resolve() : new Promise((resolve) => waiters.push(resolve));
    },
  };
}
