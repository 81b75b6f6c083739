import type { View } from "./decide.ts";

interface Made<T> {
  readonly revision: number;
  readonly readsOnly: boolean;
  readonly value: T;
}

/**
 * Keeps what is made of a view for as long as it would be made the same again, but for the times of facts: the compiled
 * members are one object for as long as a store lives or recompiles, and the revision grows with every value that changes.
 */
export function perRevision<T>(make: (view: View) => T): (view: View) => T {
  const made = new WeakMap<View["access"]["members"], Made<T>>();
  return (view) => {
    const { access, revision, readsOnly } = view;
    const last = made.get(access.members);
    if (last?.revision === revision && last.readsOnly === readsOnly) return last.value;
    const value = make(view);
    made.set(access.members, { revision, readsOnly, value });
    return value;
  };
}
