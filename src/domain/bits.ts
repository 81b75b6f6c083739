/** A set of small numbers, one bit each. */
export type Bits = Uint32Array;

export function bitsFor(size: number): Bits {
  return new Uint32Array(wordsFor(size));
}

/** How many words so many bits take. */
export function wordsFor(size: number): number {
  return Math.ceil(size / 32);
}

/** @param from the word that the set begins with */
export function setBit(bits: Bits, number: number, from = 0): void {
  const at = from + (number >>> 5);
  bits[at] = word(bits, at) | (1 << (number & 31));
}

/** @param from the word that the set begins with */
export function hasBit(bits: Bits, from: number, number: number): boolean {
  return ((word(bits, from + (number >>> 5)) >>> (number & 31)) & 1) !== 0;
}

/** Adds all of the second set to the first. */
export function addAll(bits: Bits, more: Bits): void {
  for (let at = 0; at < bits.length; at += 1) bits[at] = word(bits, at) | word(more, at);
}

/** What two sets have in common. */
export function shared(bits: Bits, others: Bits): Bits {
  return bits.map((each, at) => each & word(others, at));
}

/** What the first set has and the second has not. */
export function without(bits: Bits, others: Bits): Bits {
  return bits.map((each, at) => each & ~word(others, at));
}

/** 32 of the bits; nothing is outside. */
export function word(bits: Bits, at: number): number {
  return bits[at] ?? 0;
}
