import type { Parse } from "./parsers.ts";

/** One environment variable: everything that is known of it, and the only place that says so. */
export interface Variable<T> {
  readonly name: string;
  /** A phrase for `.env.example` and the README. */
  readonly meaning: string;
  /** For `.env.example`; empty for secrets, so that a copied example can never become one. */
  readonly example: string;
  readonly parse: Parse<T>;
  /** Taken when the variable is unset or blank, and parsed like a set value. */
  readonly default?: string;
  /** What to do when it is missing; a variable without this text may be missing. */
  readonly required?: string;
  /** What being unset means, in words, where there is no default. */
  readonly unset?: string;
}

/** Only lets the compiler see the row's type. */
export function variable<T>(row: Variable<T>): Variable<T> {
  return row;
}
