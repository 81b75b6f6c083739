import type { Grant } from "./grants.ts";

/**
 * Every grant once, by number. A decision costs the memory it fetches, so what it compares are numbers, and of the
 * grants themselves it fetches none: they are for those who read its answer.
 */
export interface GrantBook {
  /** By number, from 1. */
  readonly grants: (Grant | undefined)[];
  readonly numbers: Map<string, number>;
}

/** A grant's weight and number in one: of two strengths the greater is of the heavier grant. */
export type Strength = number;

/** The strength of no grant. */
export const NOTHING: Strength = 0;

// So many grants can be told apart, more than fit into memory, and a strength is still a small integer to V8.
const NUMBER_BITS = 24;
const NUMBER_MASK = 2 ** NUMBER_BITS - 1;

export function emptyBook(): GrantBook {
  return { grants: [undefined], numbers: new Map() };
}

/** Writes a grant down, if it is not there yet. */
export function strengthOf(book: GrantBook, grant: Grant | undefined): Strength {
  if (grant === undefined) return NOTHING;
  const { kind, role, team, title, weight } = grant;
  const key = JSON.stringify([kind, role.name, weight, team, title]);
  const number = book.numbers.get(key) ?? book.grants.length;
  if (number === book.grants.length) {
    book.grants.push(grant);
    book.numbers.set(key, number);
  }
  return (weight << NUMBER_BITS) | number;
}

export function weightOf(strength: Strength): number {
  return strength >>> NUMBER_BITS;
}

export function grantOf({ grants }: GrantBook, strength: Strength): Grant | undefined {
  return grants[strength & NUMBER_MASK];
}

/** Of two equally heavy ones the first, whatever their numbers. */
export function heavier(first: Strength, second: Strength): Strength {
  return weightOf(second) > weightOf(first) ? second : first;
}
