import type { TomlTable } from "smol-toml";
import { TomlDate } from "smol-toml";
import * as z from "zod";
import { list } from "../domain/words.ts";
import { closest } from "../text/closest.ts";
import { quoted } from "../text/excerpt.ts";

/**
 * The shapes that the file is made of. Every message is what follows the name of the key: `must be …, not …; write …`,
 * and is about the value unless the issue says {@link AT_KEY}.
 */

/** Reads a text into what it stands for, or says what is wrong with it. */
export type Read<T> = (text: string) => { readonly value: T } | { readonly fault: string };

/** An issue with these parameters is about the key, not the value. */
export const AT_KEY = { at: "key" } as const;

/** The message for a value of the wrong kind, or for none where there must be one. */
export function expected(what: string, example: string) {
  return {
    error: ({ input }: { readonly input?: unknown }) =>
      input === undefined
        ? `is missing; write ${example}`
        : `must be ${what}, not ${shown(input)}; write ${example}, say`,
  };
}

/**
 * A table with these keys and no others.
 *
 * @param synonym the key that another word stands for
 */
export function table<S extends z.core.$ZodLooseShape>(shape: S, example: string, synonym: Synonym = () => undefined) {
  const words = Object.keys(shape);
  const surplus = z.custom<unknown>(() => false, {
    params: AT_KEY,
    error: ({ path }) => {
      const word = String(path?.at(-1));
      return `is not known here; ${didYouMean(synonym(word) ?? word, words)}`;
    },
  });
  // A date is an object without keys.
  const dateless = (given: unknown) => (given instanceof TomlDate ? given.toISOString() : given);
  return z.preprocess(dateless, z.object(shape, expected("a table", example)).catchall(surplus));
}

type Synonym = (word: string) => string | undefined;

/** A table whose keys are names that somebody chose. */
export function entries<K, V>(readKey: Read<K>, value: z.ZodType<V>, example: string) {
  return tableOfAnything(example).transform((given, context) => {
    const found = new Map<K, { readonly key: string; readonly value: V }>();
    const seen = new Map<K, string>();
    for (const [key, item] of Object.entries(given)) {
      const name = readKey(key);
      const first = "value" in name ? seen.get(name.value) : undefined;
      const fault = first === undefined ? "fault" in name && name.fault : `is ${quoted(first)} again; remove one`;
      if (fault !== false)
        context.addIssue({ code: "custom", message: fault, path: [key], params: AT_KEY, input: item });
      const read = value.safeParse(item);
      passOn(context, read.error?.issues ?? [], [key], item);
      if ("fault" in name) continue;
      seen.set(name.value, key);
      if (read.success) found.set(name.value, { key, value: read.data });
    }
    return found;
  });
}

/** Reports what was found wrong with a part, as of the whole. @param at where the part is */
export function passOn(
  context: z.core.$RefinementCtx,
  issues: readonly z.core.$ZodIssue[],
  at: readonly PropertyKey[],
  input: unknown,
): void {
  for (const { message, path, ...issue } of issues) {
    const params = issue.code === "custom" ? issue.params : undefined;
    context.addIssue({ code: "custom", message, path: [...at, ...path], params, input });
  }
}

function tableOfAnything(example: string) {
  return z.custom<TomlTable>(
    (given) => typeof given === "object" && given !== null && !Array.isArray(given) && !(given instanceof TomlDate),
    expected("a table", example),
  );
}

/** An array with something in it, unless it may be empty. */
export function listOf<T>(item: z.ZodType<T>, example: string, least: 0 | 1 = 1) {
  const some = `has nothing in it; remove it, or write ${example}`;
  return z.array(item, expected("an array", example)).min(least, { error: some });
}

/** A string, read. */
export function textOf<T>(what: string, example: string, read: Read<T>) {
  return z.string(expected(what, example)).transform((text, context) => {
    const found = read(text);
    if ("value" in found) return found.value;
    context.addIssue({ code: "custom", message: found.fault, input: text });
    return z.NEVER;
  });
}

/** One of a few words. */
export function oneOf<const W extends string>(words: readonly [W, ...W[]]) {
  const choice = list(words.map(quoted), "or", words.length);
  return z.enum(words, {
    error: ({ input }) =>
      input === undefined
        ? `is missing; write ${choice}`
        : `must be ${choice}, not ${shown(input)}; ${typeof input === "string" ? didYouMean(input, words, quoted) : `write ${quoted(words[0])}, say`}`,
  });
}

/** What somebody probably meant, or else what there is. */
export function didYouMean(word: string, words: readonly string[], show = (text: string) => text): string {
  const meant = closest(word, words);
  if (meant !== undefined) return `did you mean ${show(meant)}?`;
  return `write ${list(words.map(show), "or", words.length)}`;
}

/** A value of someone else's in a sentence of ours. */
export function shown(value: unknown): string {
  if (typeof value === "string") return quoted(value);
  if (Array.isArray(value)) return "an array";
  if (value instanceof TomlDate) return value.toISOString();
  const isPlain = typeof value === "number" || typeof value === "bigint" || typeof value === "boolean";
  return isPlain ? String(value) : "a table";
}
