import type { GitHubFailure } from "./failure.ts";

/** What is not known to be true right now: since when, and why it could not be read back. */
export interface Doubts<Key extends string> {
  /** In doubt from now on, unless it already was. */
  readonly raise: (keys: Iterable<Key>) => void;
  /** It could not be read. */
  readonly fail: (keys: Iterable<Key>, failure: GitHubFailure) => void;
  /** @returns for how many milliseconds it was in doubt; `undefined` when it was not */
  readonly settle: (key: Key) => number | undefined;
  readonly has: (key: Key) => boolean;
  readonly keys: () => readonly Key[];
  /** What still waits to be read again because of this very failure, and no later one. */
  readonly failedBy: (failure: GitHubFailure) => ReadonlySet<Key>;
  /** Since when the oldest has been waiting, epoch milliseconds. */
  readonly oldest: () => number | undefined;
  /** Why things could not be read, each sentence once. */
  readonly failures: () => ReadonlySet<string>;
}

interface Doubt {
  readonly since: number;
  readonly failure: GitHubFailure | undefined;
}

/** @param clock epoch milliseconds */
export function createDoubts<Key extends string>(clock: () => number): Doubts<Key> {
  const doubts = new Map<Key, Doubt>();
  return {
    raise: (keys) => {
      for (const key of keys) if (!doubts.has(key)) doubts.set(key, { since: clock(), failure: undefined });
    },
    fail: (keys, failure) => {
      for (const key of keys) doubts.set(key, { since: doubts.get(key)?.since ?? clock(), failure });
    },
    settle: (key) => {
      const since = doubts.get(key)?.since;
      doubts.delete(key);
      return since === undefined ? undefined : clock() - since;
    },
    has: (key) => doubts.has(key),
    keys: () => [...doubts.keys()],
    failedBy: (failure) => new Set([...doubts].flatMap(([key, doubt]) => (doubt.failure === failure ? [key] : []))),
    // A map keeps the order in which its keys came.
    oldest: () => doubts.values().next().value?.since,
    failures: () => new Set([...doubts.values()].flatMap(({ failure }) => failure?.message ?? [])),
  };
}
