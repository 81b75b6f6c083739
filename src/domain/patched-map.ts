/**
 * Facts are immutable, and most changes are of one entry among thousands: so a map that was changed shares with the one
 * before whatever is the same, and two of them know where they differ without being looked through.
 */

/** Up to this size a copy costs as little as a patch. */
const SMALL = 256;

type Changes<K, V> = ReadonlyMap<K, V | undefined>;

/**
 * A map with changes; the one given stays as it is. New entries come last.
 *
 * @param changes what stands under a key now; `undefined`: nothing any more
 */
export function patched<K, V extends object>(map: ReadonlyMap<K, V>, changes: Changes<K, V>): ReadonlyMap<K, V> {
  if (changes.size === 0) return map;
  const { base, patch: earlier } = partsOf(map);
  const patch = new Map([...earlier, ...changes]);
  // Patches are copied at every change and the base once in a while: so both cost the square root of the size.
  return base.size <= SMALL || patch.size ** 2 > base.size ? copied(base, patch) : new PatchedMap(base, patch);
}

/** The keys under which two maps do not hold the very same. */
export function differing<K, V extends object>(one: ReadonlyMap<K, V>, other: ReadonlyMap<K, V>): K[] {
  if (one === other) return [];
  const [mine, theirs] = [partsOf(one), partsOf(other)];
  const [from, to] = mine.base === theirs.base ? [mine.patch, theirs.patch] : [one, other];
  return [...new Set([...from.keys(), ...to.keys()])].filter((key) => one.get(key) !== other.get(key));
}

interface Parts<K, V> {
  readonly base: ReadonlyMap<K, V>;
  readonly patch: Changes<K, V>;
}

function partsOf<K, V extends object>(map: ReadonlyMap<K, V>): Parts<K, V> {
  return map instanceof PatchedMap ? map : { base: map, patch: new Map() };
}

function copied<K, V>(base: ReadonlyMap<K, V>, patch: Changes<K, V>): ReadonlyMap<K, V> {
  const copy = new Map(base);
  for (const [key, value] of patch) {
    if (value === undefined) copy.delete(key);
    else copy.set(key, value);
  }
  return copy;
}

class PatchedMap<K, V extends object> implements ReadonlyMap<K, V>, Parts<K, V> {
  readonly base: ReadonlyMap<K, V>;
  readonly patch: Changes<K, V>;
  readonly size: number;

  constructor(base: ReadonlyMap<K, V>, patch: Changes<K, V>) {
    this.base = base;
    this.patch = patch;
    let size = base.size;
    for (const [key, value] of patch) size += Number(value !== undefined) - Number(base.has(key));
    this.size = size;
  }

  get(key: K): V | undefined {
    return this.patch.get(key) ?? (this.patch.has(key) ? undefined : this.base.get(key));
  }

  has(key: K): boolean {
    return this.get(key) !== undefined;
  }

  *entries(): MapIterator<[K, V]> {
    for (const [key, old] of this.base) {
      const value = this.patch.has(key) ? this.patch.get(key) : old;
      if (value !== undefined) yield [key, value];
    }
    for (const [key, value] of this.patch) if (value !== undefined && !this.base.has(key)) yield [key, value];
    return undefined;
  }

  *keys(): MapIterator<K> {
    for (const [key] of this.entries()) yield key;
    return undefined;
  }

  *values(): MapIterator<V> {
    for (const [, value] of this.entries()) yield value;
    return undefined;
  }

  [Symbol.iterator](): MapIterator<[K, V]> {
    return this.entries();
  }

  forEach(use: (value: V, key: K, map: ReadonlyMap<K, V>) => void): void {
    for (const [key, value] of this.entries()) use(value, key, this);
  }
}
