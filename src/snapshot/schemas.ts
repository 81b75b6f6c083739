import * as z from "zod";
import { GITHUB_ROLES } from "../domain/facts.ts";
import { parsePackageName } from "../domain/package-name.ts";

/** What JSON makes of the types that the schemas below read back. */
export function toJson(value: unknown): string {
  return JSON.stringify(value, (_, each: unknown) => {
    if (each instanceof Map || each instanceof Set) return [...each];
    // JSON drops what is undefined, and a fact without the key would differ from the same fact read from GitHub.
    return each === undefined ? null : each;
  });
}

export const id = z.int();
/** Epoch milliseconds. */
export const moment = z.number();

export function mapOf<K, V>(key: z.ZodType<K>, value: z.ZodType<V>): z.ZodType<ReadonlyMap<K, V>> {
  return z.array(z.tuple([key, value])).transform((entries) => new Map(entries));
}

/** Looked at all at once: there are tens of thousands, and a server that starts waits for them. */
export const ids: z.ZodType<ReadonlySet<number>> = z
  .custom<readonly number[]>((value) => Array.isArray(value) && value.every((each) => Number.isSafeInteger(each)))
  .transform((items) => new Set(items));

export function orUndefined<T>(schema: z.ZodType<T>): z.ZodType<T | undefined> {
  return schema.nullable().transform((value) => value ?? undefined);
}

export const packageName = z.string().transform((text, context) => {
  const name = parsePackageName(text);
  if (name !== undefined) return name;
  context.addIssue("not a package name");
  return z.NEVER;
});

export const gitHubRole = z.enum(GITHUB_ROLES);
export const role = z.strictObject({ name: z.string(), level: gitHubRole });
