import type * as z from "zod";
import { ServiceError } from "../errors.ts";
import { textOf } from "./body.ts";

/** Reads a JSON body, or throws `invalid_request` with the path of the fault. */
export function parseJson<T>(body: Buffer, schema: z.ZodType<T>): T {
  const result = schema.safeParse(jsonOf(body));
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const path = issue?.path.join(".") ?? "";
  const message = (issue?.message ?? "invalid").replace(/^Invalid input: /, "");
  throw new ServiceError("invalid_request", `${path === "" ? "body" : path}: ${message}`);
}

function jsonOf(body: Buffer): unknown {
  const text = textOf(body);
  if (text === undefined) throw new ServiceError("invalid_request", "The body is not UTF-8.");
  try {
    return JSON.parse(text);
  } catch {
    // The parser's own message quotes the body, and the body holds secrets.
    throw new ServiceError("invalid_request", "The body is not JSON.");
  }
}
