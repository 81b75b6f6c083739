import type { ManifestProblem } from "../domain/facts.ts";
import { excerpt, visible } from "./excerpt.ts";

/** A place in a text, both 1-based; the column counts UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export const NEWLINE = /\r\n|\r|\n/;

const QUOTED_LENGTH = 60;

const UNFORESEEN = "This file could not be read; simplify it, and please report it to the maintainers of Packgate.";

/** What a reader throws: one sentence saying what is wrong and what to do, and where if that is known. */
export class ManifestFault extends Error {
  readonly at: Position | undefined;

  constructor(message: string, at?: Position) {
    super(message);
    this.name = "ManifestFault";
    this.at = at;
  }
}

/**
 * Runs `read`; what it throws is put with the `faults`, once, so that one mistake does not hide another.
 *
 * @returns what `read` returned, or `undefined` after a fault. Never throws.
 */
export function attempt<T>(faults: ManifestFault[], read: () => T): T | undefined {
  try {
    return read();
  } catch (error) {
    const fault = error instanceof ManifestFault ? error : new ManifestFault(UNFORESEEN);
    if (!faults.some(({ message }) => message === fault.message)) faults.push(fault);
    return undefined;
  }
}

/** The fault as it is kept and shown: with its path, and the faulty lines of `text` with a caret. */
export function problemOf(path: string, text: string | null, fault: ManifestFault): ManifestProblem {
  const { message, at } = fault;
  return at === undefined || text === null
    ? { path, message }
    : { path, message, line: at.line, column: at.column, codeblock: excerpt(text.split(NEWLINE), at) };
}

export function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split(NEWLINE);
  return { line: lines.length, column: lines.reduce((_, last) => last.length, 0) + 1 };
}

/** What to tell someone whose package name is outside the grammar of the core metadata specification. */
export function invalidName(name: string): string {
  return (
    `${quoted(name)} is not a valid package name; use at most 512 ASCII letters, digits, ".", "_" and "-", ` +
    "with a letter or digit first and last."
  );
}

/** Someone else's text inside a sentence of ours: short and harmless to a terminal. */
export function quoted(text: string): string {
  return `"${visible(text.slice(0, QUOTED_LENGTH))}${text.length > QUOTED_LENGTH ? "…" : ""}"`;
}
