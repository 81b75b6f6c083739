/** What a map has for a key; made and kept where there is nothing yet. */
export function madeOnce<K, V extends object>(made: Map<K, V>, key: K, make: () => V): V {
  const known = made.get(key);
  if (known !== undefined) return known;
  const value = make();
  made.set(key, value);
  return value;
}
