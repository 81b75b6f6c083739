import type { Diagnosis } from "./doctor.ts";
import type { ReadExample } from "./recipe.ts";
import type { Verb } from "./verb.ts";

/** What the process supplies: the parts of Packgate that are more than a command. */
export interface Commands extends Diagnosis {
  readonly version: string;
  /** Where the recipes come from. */
  readonly readExample: ReadExample;
  /** Serves until told to stop. */
  readonly serve: () => Promise<number>;
}

/** One or two words, and what they stand for: loaded when it is wanted, because each verb has need of much that no other has. */
export type LoadVerb = readonly [name: string, load: (commands: Commands) => Promise<Verb>];

/** In the order of `packgate help`. */
export const VERBS: readonly LoadVerb[] = [
  ["serve", ({ serve }) => Promise.resolve(serveVerb(serve))],
  ["setup", async () => (await import("./setup.ts")).setup],
  ["doctor", async (commands) => (await import("./doctor.ts")).doctorVerb(commands)],
  ["check", async () => (await import("./check.ts")).check],
  ["explain", async () => (await import("./explain.ts")).explain],
  ["who-can", async () => (await import("./who-can.ts")).whoCan],
  ["what-can", async () => (await import("./what-can.ts")).whatCan],
  ["claims", async () => (await import("./claims.ts")).claims],
  ["roles", async () => (await import("./roles.ts")).roles],
  ["status", async () => (await import("./status.ts")).status],
  ["recipe", async ({ readExample }) => (await import("./recipe.ts")).recipeVerb(readExample)],
  ["policy check", async ({ readFile }) => (await import("./policy-check.ts")).policyCheckVerb(readFile)],
  ["login", async () => (await import("./login.ts")).login],
  ["token", async () => (await import("./token.ts")).token],
  ["logout", async () => (await import("./logout.ts")).logout],
  ["keyring", async () => (await import("./keyring.ts")).keyring],
];

function serveVerb(serve: () => Promise<number>): Verb {
  return {
    name: "serve",
    summary: "serve decisions for the organization that the environment names",
    operands: [],
    options: {},
    run: async () => serve(),
  };
}
