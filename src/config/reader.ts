import type { Complaint, Parse } from "./parsers.ts";
import { unknownVariables } from "./unknown-variables.ts";
import { type Variable, VARIABLES } from "./variables.ts";

export type Environment = Readonly<Record<string, string | undefined>>;

/** One thing wrong with the environment. Quotes no value. */
export interface ConfigFault extends Complaint {
  readonly variable: string;
}

/** Reads variables one by one and collects what is wrong with them, so that all faults come at once. */
export interface Reader {
  readonly faults: readonly ConfigFault[];
  readonly fault: (variable: string, problem: string, fix: string) => void;
  /** Whether the variable has a text; a blank one counts as unset, as Compose and dotenv files write it. */
  readonly isSet: (variable: Variable<unknown>) => boolean;
  /** The variable's value or its default; `undefined` when there is neither, or after a fault. */
  readonly read: <T>(variable: Variable<T>) => T | undefined;
  /** Parses a text that was got by way of a variable, which is blamed for its faults. */
  readonly parse: <T>(variable: Variable<unknown>, text: string, parse: Parse<T>) => T | undefined;
  readonly warnings: () => readonly string[];
}

export function createReader(env: Environment): Reader {
  const faults: ConfigFault[] = [];
  const textOf = (name: string) => env[name]?.trim() || undefined;

  const fault: Reader["fault"] = (variable, problem, fix) => {
    faults.push({ variable, problem, fix });
  };

  const parse: Reader["parse"] = (variable, text, parser) => {
    const parsed = parser(text);
    if ("value" in parsed) return parsed.value;
    for (const { problem, fix } of parsed.complaints) fault(variable.name, problem, fix);
    return undefined;
  };

  return {
    faults,
    fault,
    parse,
    isSet: (variable) => textOf(variable.name) !== undefined,
    read: (variable) => {
      const text = textOf(variable.name) ?? variable.default;
      if (text !== undefined) return parse(variable, text, variable.parse);
      if (variable.required !== undefined) fault(variable.name, "is not set", variable.required);
      return undefined;
    },
    warnings: () => {
      const set = Object.keys(env).filter((name) => textOf(name) !== undefined);
      const known = Object.values(VARIABLES).map(({ name }) => name);
      return unknownVariables(set, known);
    },
  };
}
