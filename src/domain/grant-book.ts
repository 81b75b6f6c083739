import type { Grant } from "./grants.ts";
import type { PermissionMask } from "./roles.ts";
import { PERMISSIONS } from "./roles.ts";

/**
 * Every grant once, by number. A decision costs the memory it fetches, so what it compares are numbers, and of the
 * grants themselves it fetches none: they are for those who read its answer.
 */
export interface GrantBook {
  /** By number, from 1. */
  readonly grants: (Grant | undefined)[];
  readonly numbers: Map<string, number>;
}

/**
 * A grant's weight, what its role permits, and its number in one: of two strengths the greater is of the heavier grant.
 * For one question, those that suffice are marked (see {@link forQuestion}) and weigh more than all that do not.
 */
export type Strength = number;

/** The strength of no grant. */
export const NOTHING: Strength = 0;

// From the low end: a number, a mask of permissions, a weight, the mark. Half a million grants can be told apart, a team
// counting once for each role it has, and a strength is still a small integer to V8.
const NUMBER_BITS = 19;
const NUMBER_MASK = 2 ** NUMBER_BITS - 1;
const WEIGHT_AT = NUMBER_BITS + PERMISSIONS.length;
const WEIGHT_MASK = 2 ** 6 - 1;
const SUFFICES = 1 << 30;

export function emptyBook(): GrantBook {
  return { grants: [undefined], numbers: new Map() };
}

/** Writes a grant down, if it is not there yet. */
export function strengthOf(book: GrantBook, grant: Grant | undefined): Strength {
  if (grant === undefined) return NOTHING;
  const { kind, role, team, title, weight } = grant;
  // Of the two that may hold anything, the first says how long it is, so nothing runs into the other.
  const key = `${kind} ${weight} ${role.mask} ${team ?? ""} ${role.name.length} ${role.name} ${title ?? ""}`;
  const number = book.numbers.get(key) ?? book.grants.length;
  if (number === book.grants.length) {
    book.grants.push(grant);
    book.numbers.set(key, number);
  }
  // A number too many would run into the mask, and into permissions that nobody gave.
  if (number > NUMBER_MASK) throw new Error(`More than ${NUMBER_MASK} different grants cannot be told apart.`);
  return (weight << WEIGHT_AT) | (role.mask << NUMBER_BITS) | number;
}

/** The strength for a question about one permission: marked if the grant's role holds it. */
export function forQuestion(strength: Strength, bit: PermissionMask): Strength {
  return (strength & (bit << NUMBER_BITS)) === 0 ? strength : strength | SUFFICES;
}

export function suffices(strength: Strength): boolean {
  return (strength & SUFFICES) !== 0;
}

export function weightOf(strength: Strength): number {
  return (strength >>> WEIGHT_AT) & WEIGHT_MASK;
}

export function grantOf({ grants }: GrantBook, strength: Strength): Grant | undefined {
  return grants[strength & NUMBER_MASK];
}

/** Of two equally heavy ones the first, whatever their numbers. */
export function heavier(first: Strength, second: Strength): Strength {
  return second >>> WEIGHT_AT > first >>> WEIGHT_AT ? second : first;
}
