import { ConfigError } from "../config.ts";
import { closest } from "../text/closest.ts";
import { parseArguments } from "./arguments.ts";
import { Failure, usageFailure } from "./failure.ts";
import { describe, overview } from "./help.ts";
import { EXIT, type Io } from "./io.ts";
import { remark } from "./print.ts";
import type { Commands, LoadVerb } from "./verbs.ts";
import { VERBS } from "./verbs.ts";

/**
 * Runs one command line.
 *
 * @param argv without the interpreter and the script
 * @returns the exit code; never rejects
 */
export async function runCli(argv: readonly string[], io: Io, commands: Commands): Promise<number> {
  try {
    return await dispatch(argv, io, commands);
  } catch (error) {
    for (const line of linesOf(error)) remark(io, `packgate: ${line}`);
    return error instanceof Failure ? error.exitCode : EXIT.error;
  }
}

async function dispatch(argv: readonly string[], io: Io, commands: Commands): Promise<number> {
  const show = (text: string) => {
    io.stdout.write(text);
    return EXIT.ok;
  };

  const [word] = argv;
  if (word === undefined) throw usageFailure('say what to do; "packgate help" lists the verbs');
  if (word === "--version") return show(`${commands.version}\n`);
  if (word === "help" || word === "--help" || word === "-h") {
    if (argv[1] === undefined) return show(overview(await Promise.all(VERBS.map(([, load]) => load(commands)))));
    const [, load] = verbOf(argv.slice(1));
    return show(describe(await load(commands)));
  }
  const [name, load] = verbOf(argv);
  const verb = await load(commands);
  const rest = argv.slice(wordsOf(name));
  if (rest.includes("--help") || rest.includes("-h")) return show(describe(verb));
  return verb.run(parseArguments(verb, rest), io);
}

/** The verb that a command line begins with; some are a noun and a verb. */
function verbOf(argv: readonly string[]): LoadVerb {
  const found = VERBS.find(([name]) => argv.slice(0, wordsOf(name)).join(" ") === name);
  return found ?? unknownVerb(argv);
}

function wordsOf(name: string): number {
  return name.split(" ").length;
}

function unknownVerb([noun = "", ...rest]: readonly string[]): never {
  const names = VERBS.map(([name]) => name);
  const below = names.filter((name) => name.startsWith(`${noun} `));
  const words = below.length > 0 && rest[0] !== undefined ? `${noun} ${rest[0]}` : noun;
  const meant = closest(words, names) ?? below[0];
  const fix = meant === undefined ? '"packgate help" lists the verbs' : `did you mean ${meant}?`;
  throw usageFailure(`"${words}" is not a verb; ${fix}`);
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof Failure) return [error.message];
  if (error instanceof ConfigError) return error.message.split("\n");
  // Whatever else an error says, it did not say for people, and it may quote what nobody should see.
  const name = error instanceof Error ? error.name : "no Error";
  return [`stopped by a fault of its own (${name}); please report it, with the command that you gave`];
}
