import type { Io } from "./io.ts";

/** One command of `packgate`: what help says of it, and what it does. */
export interface Verb {
  readonly name: string;
  /** One line, without a full stop. */
  readonly summary: string;
  /** Operands, as help writes them: `USER`; last those that may be missing: `[USER]`. */
  readonly operands: readonly string[];
  readonly options: Readonly<Record<string, Option>>;
  /** Paragraphs below the options: exit codes, examples. */
  readonly notes?: string;
  /** Resolves to the exit code; rejects with a `Failure`. */
  readonly run: (args: Arguments, io: Io) => Promise<number>;
}

export interface Option {
  /** The placeholder of its value; without one the option is a switch. */
  readonly value?: string;
  readonly meaning: string;
}

/** A parsed command line. Asking for what the verb does not declare is a mistake of the verb and yields nothing. */
export interface Arguments {
  readonly operand: (name: string) => string;
  readonly text: (option: string) => string | undefined;
  readonly flag: (option: string) => boolean;
}

export const JSON_OPTION: Option = { meaning: "print JSON for machines" };
export const ORG_OPTION: Option = { value: "LOGIN", meaning: "the organization, where Packgate serves several" };
