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
import { keyring } from "./keyring.ts";
import { login } from "./login.ts";
import { logout } from "./logout.ts";
import { policyCheckVerb } from "./policy-check.ts";
import { remark } from "./print.ts";
import { type ReadExample, recipeVerb } from "./recipe.ts";
import { roles } from "./roles.ts";
import { setup } from "./setup.ts";
import { status } from "./status.ts";
import { token } from "./token.ts";
import type { Verb } from "./verb.ts";
import { whatCan } from "./what-can.ts";
import { whoCan } from "./who-can.ts";

/** What the process supplies: the parts of Packgate that are more than a command. */
export interface Commands extends Diagnosis {
  readonly version: string;
  /** Where the recipes come from. */
  readonly readExample: ReadExample;
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

async function dispatch(argv: readonly string[], io: Io, commands: Commands): Promise<number> {
  const verbs = [
    serveVerb(commands.serve),
    setup,
    doctorVerb(commands),
    check,
    explain,
    whoCan,
    whatCan,
    claims,
    roles,
    status,
    recipeVerb(commands.readExample),
    policyCheckVerb(commands.readFile),
    login,
    token,
    logout,
    keyring,
  ];
  const show = (text: string) => {
    io.stdout.write(text);
    return EXIT.ok;
  };

  const [word] = argv;
  if (word === undefined) throw usageFailure('say what to do; "packgate help" lists the verbs');
  if (word === "--version") return show(`${commands.version}\n`);
  if (word === "help" || word === "--help" || word === "-h") {
    return show(argv[1] === undefined ? overview(verbs) : describe(verbOf(argv.slice(1), verbs)));
  }
  const verb = verbOf(argv, verbs);
  const rest = argv.slice(wordsOf(verb));
  if (rest.includes("--help") || rest.includes("-h")) return show(describe(verb));
  return verb.run(parseArguments(verb, rest), io);
}

/** The verb that a command line begins with; some are a noun and a verb. */
function verbOf(argv: readonly string[], verbs: readonly Verb[]): Verb {
  const found = verbs.find((verb) => argv.slice(0, wordsOf(verb)).join(" ") === verb.name);
  return found ?? unknownVerb(argv, verbs);
}

function wordsOf({ name }: Verb): number {
  return name.split(" ").length;
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

function unknownVerb([noun = "", ...rest]: readonly string[], verbs: readonly Verb[]): never {
  const names = verbs.map(({ name }) => name);
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
