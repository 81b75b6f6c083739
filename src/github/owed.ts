import type { SliceKey } from "../state/slice.ts";
import type { Person } from "./plans/plan.ts";
import type { Reconciler } from "./reconciler.ts";

/** What is to be read as soon as there is somebody to read it. */
export interface Owed {
  readonly add: (keys: Iterable<SliceKey>, people?: Iterable<Person>) => void;
  readonly keys: () => readonly SliceKey[];
  /** Whether people are to be asked about, of whom it is not known what they concern. */
  readonly people: () => boolean;
  /** Has it all read. */
  readonly pay: (reconciler: Pick<Reconciler, "hint" | "discover">) => void;
}

export function createOwed(first: Iterable<SliceKey>): Owed {
  const owed = new Set(first);
  const strangers = new Map<number, Person>();
  return {
    add: (keys, people = []) => {
      for (const key of keys) owed.add(key);
      for (const person of people) strangers.set(person.id, person);
    },
    keys: () => [...owed],
    people: () => strangers.size > 0,
    pay: (reconciler) => {
      reconciler.hint([...owed]);
      reconciler.discover([...strangers.values()]);
      owed.clear();
      strangers.clear();
    },
  };
}
