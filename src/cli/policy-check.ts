import type { Policy } from "../domain/policy.ts";
import { list } from "../domain/words.ts";
import type { PolicyFault } from "../policy/fault.ts";
import { parsePolicy } from "../policy/parse.ts";
import type { PolicyWarning } from "../policy/warnings.ts";
import { warningsOf } from "../policy/warnings.ts";
import { errorCode, usageFailure } from "./failure.ts";
import { EXIT, type Io } from "./io.ts";
import { ask } from "./packgate.ts";
import { type Cell, type Colour, printJson, printLine, printTable, remark } from "./print.ts";
import { POLICY_CHECK, type PolicyCheckReply } from "./replies.ts";
import { JSON_OPTION, ORG_OPTION, type Verb } from "./verb.ts";

/** @param readFile reads a text file; throws when it cannot */
export function policyCheckVerb(readFile: (path: string) => string): Verb {
  return {
    name: "policy check",
    summary: "is FILE a valid policy? Says all that is wrong with it, before anyone pushes",
    operands: ["FILE"],
    options: {
      against: { value: "URL", meaning: "also say who would gain and lose what, of a running Packgate" },
      org: ORG_OPTION,
      json: JSON_OPTION,
    },
    notes:
      "Exit code: 0 when the policy is valid, 1 when it has a fault, 2 misused. Changes nothing, and asks\n" +
      "nobody save with --against.\n\n" +
      "Example: packgate policy check packgate.toml && git push",
    run: async (args, io) => {
      const path = args.operand("FILE");
      const text = read(path, readFile);
      const parsed = parsePolicy(text, path);
      const [faults, policy] = "faults" in parsed ? [parsed.faults, undefined] : [[], parsed.policy];
      const warnings = policy === undefined ? [] : warningsOf(policy, text, path);
      const url = args.text("against");
      const against =
        url === undefined || policy === undefined ? undefined : await compare(io, url, text, args.text("org"));
      if (args.flag("json")) {
        const valid = policy !== undefined;
        printJson(io, { file: path, valid, faults, warnings, ...(against && { against }) });
      } else {
        for (const fault of faults) printRemark(io, { text: "error", colour: "red" }, fault);
        for (const warning of warnings) printRemark(io, { text: "warning", colour: "yellow" }, warning);
        printLine(io, summary(path, faults, policy));
        if (against !== undefined) printDifference(io, against);
      }
      return policy === undefined ? EXIT.error : EXIT.ok;
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

function compare(io: Io, url: string, policy: string, org: string | undefined): Promise<PolicyCheckReply> {
  const asking = { ...io, env: { ...io.env, PACKGATE_URL: url } };
  return ask(asking, { method: "POST", path: "/policy/check", body: { policy, org }, schema: POLICY_CHECK });
}

const SIGN = { gains: "green", loses: "red" } as const satisfies Record<string, Colour>;

function printDifference(io: Io, reply: PolicyCheckReply): void {
  const { org, index, gained, lost, unknown, changes, omitted, publishers, publishersOmitted } = reply;
  printLine(io, `in ${org}, asked through ${index}, it gives ${gained} and takes away ${lost} permissions`);
  const rows = changes.map((change): Cell[] => [
    { text: change.effect, colour: SIGN[change.effect] },
    change.user?.login ?? "everyone",
    change.action,
    change.package,
  ]);
  printTable(io, rows, ["EFFECT", "USER", "PERMISSION", "PACKAGE"]);
  if (omitted > 0) remark(io, `and ${omitted} more changes`);
  if (publishers.length > 0) {
    printLine(
      io,
      `of ${counted(publishers.length + publishersOmitted, "repository", "repositories")} other runs may publish`,
    );
    printTable(
      io,
      publishers.map(({ repository, before, after }) => [repository, before, after]),
      ["REPOSITORY", "BEFORE", "AFTER"],
    );
  }
  if (publishersOmitted > 0) remark(io, `and ${publishersOmitted} more repositories`);
  if (unknown > 0) remark(io, `of ${unknown} more it is not known yet; see: packgate status`);
  const { unforeseen, strangers } = reply;
  if (unforeseen.length > 0) remark(io, `what it changes in ${list(unforeseen)} shows only when it is in force`);
  for (const sentence of strangers) remark(io, sentence);
}

function summary(path: string, faults: readonly PolicyFault[], policy: Policy | undefined): string {
  if (policy === undefined) return `${path} has ${counted(faults.length, "fault")} and would change nothing`;
  const { roles, names, packages, publishers, rules } = policy;
  const parts = [
    counted(roles.size, "role"),
    counted(names.reserved.length, "reservation"),
    counted(packages.size, "pin"),
    counted(publishers.length, "publisher"),
    counted(rules.length, "rule"),
  ];
  return `${path} is valid: ${parts.join(", ")}`;
}

function counted(count: number, word: string, words = `${word}s`): string {
  return `${count} ${count === 1 ? word : words}`;
}
