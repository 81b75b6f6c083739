import { parseArgs } from "node:util";

import { usageFailure } from "./failure.ts";
import type { Arguments, Verb } from "./verb.ts";

/** Reads what follows the verb. */
export function parseArguments(verb: Verb, argv: readonly string[]): Arguments {
  const { values, positionals } = split(verb, argv);
  const missing = verb.operands.slice(positionals.length).filter((operand) => !operand.startsWith("["));
  if (missing.length > 0) throw misuse(verb, `needs ${missing.join(" and ")}`);
  const [surplus] = positionals.slice(verb.operands.length);
  if (surplus !== undefined) throw misuse(verb, `does not take "${surplus}"`);
  return {
    operand: (name) => positionals[verb.operands.indexOf(name)] ?? "",
    text: (option) => {
      const value = values[option];
      return typeof value === "string" ? value : undefined;
    },
    flag: (option) => values[option] === true,
  };
}

function split(verb: Verb, argv: readonly string[]) {
  const options = Object.fromEntries(
    Object.entries(verb.options).map(([name, { value }]) => [
      name,
      { type: value === undefined ? ("boolean" as const) : ("string" as const) },
    ]),
  );
  try {
    return parseArgs({ args: [...argv], options, allowPositionals: true });
  } catch (error) {
    // Node's first sentence says what is wrong; the others explain parseArgs to its programmer.
    const [sentence = ""] = error instanceof Error ? error.message.split(/\.\s|\n/) : [];
    throw misuse(verb, `cannot read its options: ${sentence}`);
  }
}

/** A command line that does not fit the verb. */
export function misuse(verb: Pick<Verb, "name">, problem: string): Error {
  return usageFailure(`${verb.name} ${problem}; see "packgate ${verb.name} --help"`);
}
