import type { IncomingMessage } from "node:http";
import { ServiceError } from "../errors.ts";

/**
 * Reads form-encoded text, of a body or of a query; `undefined` stands for bytes that are no text. A parameter given twice is refused (RFC 6749, section 3.2):
 * two readers could pick differently.
 */
export function parseForm(text: string | undefined): ReadonlyMap<string, string> {
  if (text === undefined) throw new ServiceError("invalid_request", "The body is not UTF-8.");
  const parameters = new Map<string, string>();
  for (const [name, value] of new URLSearchParams(text)) {
    if (parameters.has(name)) throw new ServiceError("invalid_request", "A parameter is given more than once.");
    parameters.set(name, value);
  }
  return parameters;
}

/** The parameters of a request's query. */
export function parseQuery({ url = "" }: Pick<IncomingMessage, "url">): ReadonlyMap<string, string> {
  const mark = url.indexOf("?");
  return parseForm(mark < 0 ? "" : url.slice(mark + 1));
}

/** A parameter that must be there and not be empty. */
export function parameter(parameters: ReadonlyMap<string, string>, name: string): string {
  const value = parameters.get(name);
  if (value === undefined || value === "") throw new ServiceError("invalid_request", `${name}: missing`);
  return value;
}
