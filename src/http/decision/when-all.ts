/**
 * Concludes from all of these: at once when none of them is waited for. What GitHub is asked is mostly known already, and
 * a promise costs more than what is concluded.
 */
export function whenAll<T, U>(
  values: readonly (T | Promise<T>)[],
  conclude: (all: T[]) => U | Promise<U>,
): U | Promise<U> {
  const known = values.flatMap((value) => (value instanceof Promise ? [] : [value]));
  return known.length === values.length ? conclude(known) : Promise.all(values).then(conclude);
}

/** Two, of which the second may be waited for. */
export function paired<A, B>(a: A, b: B | Promise<B>): readonly [A, B] | Promise<readonly [A, B]> {
  return b instanceof Promise ? b.then((late) => [a, late] as const) : [a, b];
}
