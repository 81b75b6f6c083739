import * as z from "zod";
import { EVENTS, FOREIGN_EVENTS } from "../domain/events.ts";
import type { Publisher } from "../domain/policy.ts";
import { closest } from "../text/closest.ts";
import { quoted } from "../text/excerpt.ts";
import { readEnvironment, readRefGlob, readRepositoryGlob } from "./globs.ts";
import type { Read } from "./shapes.ts";
import { entries, listOf, passOn, shown, table, textOf } from "./shapes.ts";

/** The section `[publishers]`: `NAME = { workflow = […], event = […], environment = […], ref = […] }`, or a word. */

const EXAMPLE = 'core = { workflow = ["release.yml"] }';
/** No run publishes; or as without the section, where a wider key says otherwise. */
const WORDS = ["refuse", "default"] as const;
const A_FILE = 'a workflow is meant by its file in .github/workflows; write "release.yml", say';

/** GitHub tells repositories apart without regard to letter case, so two spellings are one key. */
const readKey: Read<string> = (text) => {
  if (text.startsWith("!")) return { fault: 'begins with "!", and a glob cannot take away; write NAME = "default"' };
  const glob = readRepositoryGlob(text);
  return "value" in glob ? { value: glob.value.toLowerCase() } : glob;
};

/** A glob on the name of a workflow's file, of `*` and `?`. */
const readWorkflowGlob: Read<string> = (text) => {
  const file = /^(?:.*\/)?([^/@]+\.ya?ml)(?:@.*)?$/s.exec(text)?.[1];
  if (/[[\]]/.test(text)) return { fault: `has ${quoted(text)}, which has a bracket; write ? or * for what differs` };
  if (text === file || /^[^/@]*\*$/.test(text)) return { value: text };
  if (file !== undefined)
    return { fault: `has ${quoted(text)}, and folder and ref are left out; write ${quoted(file)}` };
  return { fault: `has ${quoted(text)}, and ${A_FILE}` };
};

/** An event by which runs publish at all, exactly as GitHub names it. */
const readEvent: Read<string> = (text) => {
  if (EVENTS.includes(text)) return { value: text };
  if (FOREIGN_EVENTS.includes(text))
    return { fault: `has ${quoted(text)}, by which no run ever publishes; leave it out` };
  if (text === "workflow_call")
    return { fault: `has ${quoted(text)}, and a workflow that is called runs by its caller's event; write that one` };
  const meant = closest(text, EVENTS);
  const fix = meant === undefined ? 'write "push", say' : `did you mean ${quoted(meant)}?`;
  return { fault: `has ${quoted(text)}, which is no event that sets off a run; ${fix}` };
};

const some = (example: string, read: Read<string>) => listOf(textOf("a string", example, read), example);

const conditions = table(
  {
    workflow: some('workflow = ["release.yml"]', readWorkflowGlob).optional(),
    event: some('event = ["push", "release"]', readEvent).optional(),
    environment: some('environment = ["release"]', readEnvironment).optional(),
    ref: some('ref = ["refs/tags/*"]', readRefGlob).optional(),
  },
  EXAMPLE,
).refine((given) => Object.values(given).some((condition) => condition !== undefined), {
  error: 'has nothing in it; write workflow, event, environment or ref, or the word "default"',
});

const publisher = z.unknown().transform((given, context): Publisher["when"] => {
  if (given === "refuse") return undefined;
  if (given === "default") return ANYTHING;
  if (typeof given === "string") {
    const meant = closest(given, WORDS);
    const fix = meant === undefined ? `write ${EXAMPLE}, say` : `did you mean ${quoted(meant)}?`;
    const message = `must be a table, "refuse" or "default", not ${shown(given)}; ${fix}`;
    context.addIssue({ code: "custom", message, input: given });
    return z.NEVER;
  }
  const read = conditions.safeParse(given);
  if (read.success) return { ...ANYTHING, ...read.data };
  passOn(context, read.error.issues, [], given);
  return z.NEVER;
});

const ANYTHING = { workflow: undefined, event: undefined, environment: undefined, ref: undefined } as const;

export const publishers = entries(readKey, publisher, "[publishers]");
