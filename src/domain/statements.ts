import type { Bits } from "./bits.ts";
import { bitsFor, setBit } from "./bits.ts";
import { madeOnce } from "./made-once.ts";
import { bySpecificity } from "./patterns.ts";
import type { Rule } from "./policy.ts";

/** One rule for one of its patterns. */
export interface Statement {
  readonly rule: Rule;
  readonly pattern: string;
}

/**
 * Sets of statements, by the rules that they come from. Each takes as much as all rules together have patterns, and rules
 * may name as many people, so a set is made when it is asked for, and only so many are kept.
 */
export interface StatementSets {
  /** The numbers of a rule's statements. */
  readonly numbers: ReadonlyMap<Rule, readonly number[]>;
  readonly size: number;
  /** By what it is made of. */
  readonly made: Map<object, Bits>;
}

/** Above this many bytes what was made is made anew. */
const MAX_MADE_BYTES = 16 * 1024 * 1024;
/** What keeping a set costs beside its bits. */
const SET_BYTES = 256;

/** In the order in which they count: the most specific pattern first, of equal ones deny before allow. */
export function statementsOf(rules: readonly Rule[]): Statement[] {
  const statements = rules.flatMap((rule) => [...new Set(rule.packages)].map((pattern) => ({ rule, pattern })));
  const denies = ({ rule }: Statement): number => Number(rule.effect === "deny");
  // Sorting is stable, so of equals the one that stands first in the file comes first.
  return statements.toSorted((a, b) => bySpecificity(a.pattern, b.pattern) || denies(b) - denies(a));
}

export function setsOf(statements: readonly Statement[]): StatementSets {
  const numbers = new Map<Rule, number[]>();
  for (const [number, { rule }] of statements.entries()) madeOnce(numbers, rule, () => []).push(number);
  return { numbers, size: statements.length, made: new Map() };
}

/** The statements of some rules, in a set of one's own. */
export function collect({ numbers, size }: StatementSets, rules: Iterable<Rule>): Bits {
  const bits = bitsFor(size);
  for (const rule of rules) for (const number of numbers.get(rule) ?? []) setBit(bits, number);
  return bits;
}

/** The same, not to be changed: whoever asks about the very same array gets the very same set. */
export function bitsOf(sets: StatementSets, rules: readonly Rule[]): Bits {
  return sets.made.get(rules) ?? keep(sets, rules, collect(sets, rules));
}

/** @param of what it is made of, which never changes */
export function keep({ made }: StatementSets, of: object, bits: Bits): Bits {
  if (made.size * (bits.byteLength + SET_BYTES) > MAX_MADE_BYTES) made.clear();
  made.set(of, bits);
  return bits;
}
