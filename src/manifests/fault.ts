import type { ManifestProblem } from "../domain/facts.ts";
import { excerpt, quoted } from "../text/excerpt.ts";
import { TextFault } from "../text/fault.ts";
import { NEWLINE } from "../text/position.ts";

const UNFORESEEN = "This file could not be read; simplify it, and please report it to the maintainers of Packgate.";

/**
 * Runs `read`; what it throws is put with the `faults`, once, so that one mistake does not hide another.
 *
 * @returns what `read` returned, or `undefined` after a fault. Never throws.
 */
export function attempt<T>(faults: TextFault[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const fault = error instanceof TextFault ? error : new TextFault(UNFORESEEN);
    if (!faults.some(({ message }) => message === fault.message)) faults.push(fault);
    return undefined;
  }
}

/** The fault as it is kept and shown: with its path, and the faulty lines of `text` with a caret. */
export function problemOf(path: string, text: string | null, fault: TextFault): ManifestProblem {
  const { message, at } = fault;
  return at === undefined || text === null
    ? { path, message }
    : { path, message, line: at.line, column: at.column, codeblock: excerpt(text.split(NEWLINE), at) };
}

/** What to tell someone whose package name is outside the grammar of the core metadata specification. */
export function invalidName(name: string): string {
  return (
    `${quoted(name)} is not a valid package name; use at most 512 ASCII letters, digits, ".", "_" and "-", ` +
    "with a letter or digit first and last."
  );
}
