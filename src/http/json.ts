import type { ZodType } from "zod";
import { ServiceError } from "../errors.ts";
import { textOf } from "./body.ts";

/** Reads a JSON body of a certain form, or throws `invalid_request` with the path of the fault. */
export function parseJson<T>(schema: ZodType<T>, body: Buffer): T {
  const text = textOf(body);
  if (text === undefined) throw new ServiceError("invalid_request", "The body is not UTF-8.");
  return checked(schema, jsonOf(text));
}

/** @returns what was given, with what the schema does not know left out */
export function checked<T>(schema: ZodType<T>, value: unknown): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join(".") ?? "";
  const message = (issue?.message ?? "invalid").replace(/^Invalid input: /, "");
  throw new ServiceError("invalid_request", `${path === "" ? "body" : path}: ${message}`);
}

function jsonOf(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, and the body holds secrets.
    throw new ServiceError("invalid_request", "The body is not JSON.");
  }
}
