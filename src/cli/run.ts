import { ConfigError } from "../config.ts";
import { parseArguments } from "./arguments.ts";
import { check } from "./check.ts";
import { claims } from "./claims.ts";
import { closest } from "../text/closest.ts";
import { type Diagnosis, doctorVerb } from "./doctor.ts";
import { explain } from "./explain.ts";
import { Failure, usageFailure } from "./failure.ts";
import { describe, overview } from "./help.ts";
import { EXIT, type Io } from "./io.ts";
import { remark } from "./print.ts";
import { setup } from "./setup.ts";
import { status } from "./status.ts";
import type { Verb } from "./verb.ts";
import { whatCan } from "./what-can.ts";
import { whoCan } from "./who-can.ts";

/** What the process supplies: the parts of Packgate that are more than a command. */
export interface Commands extends Diagnosis {
  readonly version: string;
  /** Serves until told to stop. */
  readonly serve: () => Promise<number>;
}

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

async function dispatch([word, ...rest]: readonly string[], io: Io, commands: Commands): Promise<number> {
  const verbs = [
    serveVerb(commands.serve),
    setup,
    doctorVerb(commands),
    check,
    explain,
    whoCan,
    whatCan,
    claims,
    status,
  ];
  const find = (name: string) => verbs.find((verb) => verb.name === name) ?? unknownVerb(name, verbs);
  const show = (text: string) => {
    io.stdout.write(text);
    return EXIT.ok;
  };

  if (word === undefined) throw usageFailure('say what to do; "packgate help" lists the verbs');
  if (word === "--version") return show(`${commands.version}\n`);
  if (word === "help" || word === "--help" || word === "-h") {
    return show(rest[0] === undefined ? overview(verbs) : describe(find(rest[0])));
  }
  const verb = find(word);
  if (rest.includes("--help") || rest.includes("-h")) return show(describe(verb));
  return verb.run(parseArguments(verb, rest), io);
}

function serveVerb(serve: () => Promise<number>): Verb {
  return {
    name: "serve",
    summary: "serve decisions for the organization that the environment names",
    operands: [],
    options: {},
    run: async () => serve(),
  };
}

function unknownVerb(word: string, verbs: readonly Verb[]): never {
  const meant = closest(
    word,
    verbs.map(({ name }) => name),
  );
  const fix = meant === undefined ? '"packgate help" lists the verbs' : `did you mean ${meant}?`;
  throw usageFailure(`"${word}" is not a verb; ${fix}`);
}

function linesOf(error: unknown): readonly string[] {
  if (error instanceof Failure) return [error.message];
  if (error instanceof ConfigError) return error.message.split("\n");
  // Whatever else an error says, it did not say for people, and it may quote what nobody should see.
  const name = error instanceof Error ? error.name : "no Error";
  return [`stopped by a fault of its own (${name}); please report it, with the command that you gave`];
}
