import type { Policy } from "../domain/policy.ts";
import type { PolicyFault } from "../policy/fault.ts";
import { parsePolicy } from "../policy/parse.ts";
import type { PolicyWarning } from "../policy/warnings.ts";
import { warningsOf } from "../policy/warnings.ts";
import { errorCode, usageFailure } from "./failure.ts";
import { EXIT, type Io } from "./io.ts";
import { type Colour, printJson, printLine } from "./print.ts";
import { JSON_OPTION, type Verb } from "./verb.ts";

/** @param readFile reads a text file; throws when it cannot */
export function policyCheckVerb(readFile: (path: string) => string): Verb {
  return {
    name: "policy check",
    summary: "is FILE a valid policy? Says all that is wrong with it, before anyone pushes",
    operands: ["FILE"],
    options: { json: JSON_OPTION },
    notes:
      "Exit code: 0 when the policy is valid, 1 when it has a fault, 2 misused. Asks nobody.\n\n" +
      "Example: packgate policy check packgate.toml && git push",
    run: (args, io) => {
      const path = args.operand("FILE");
      const text = read(path, readFile);
      const parsed = parsePolicy(text, path);
      const [faults, policy] = "faults" in parsed ? [parsed.faults, undefined] : [[], parsed.policy];
      const warnings = policy === undefined ? [] : warningsOf(policy, text, path);
      if (args.flag("json")) printJson(io, { file: path, valid: policy !== undefined, faults, warnings });
      else {
        for (const fault of faults) printRemark(io, { text: "error", colour: "red" }, fault);
        for (const warning of warnings) printRemark(io, { text: "warning", colour: "yellow" }, warning);
        printLine(io, summary(path, faults, policy));
      }
      return Promise.resolve(policy === undefined ? EXIT.error : EXIT.ok);
    },
  };
}

function read(path: string, readFile: (path: string) => string): string {
  try {
    return readFile(path);
  } catch (error) {
    throw usageFailure(`cannot read ${path} (${errorCode(error) ?? "no file"}); name a policy file, as packgate.toml`);
  }
}

/** As compilers do: what, where, and the lines with a caret. */
function printRemark(
  io: Io,
  kind: { readonly text: string; readonly colour: Colour },
  { path, line, column, message, codeblock }: PolicyFault | PolicyWarning,
): void {
  printLine(io, { ...kind, text: `${kind.text}:` }, message);
  printLine(io, ` --> ${[path, line, column].filter((part) => part !== undefined).join(":")}`);
  for (const row of codeblock?.split("\n") ?? []) printLine(io, row);
  io.stdout.write("\n");
}

function summary(path: string, faults: readonly PolicyFault[], policy: Policy | undefined): string {
  if (policy === undefined) return `${path} has ${counted(faults.length, "fault")} and would change nothing`;
  const { roles, names, packages, rules } = policy;
  const parts = [
    counted(roles.size, "role"),
    counted(names.reserved.length, "reservation"),
    counted(packages.size, "pin"),
    counted(rules.length, "rule"),
  ];
  return `${path} is valid: ${parts.join(", ")}`;
}

function counted(count: number, word: string): string {
  return `${count} ${word}${count === 1 ? "" : "s"}`;
}
