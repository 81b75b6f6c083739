import type { Policy } from "../domain/policy.ts";
import { TextFault } from "../text/fault.ts";
import { NEWLINE, positionsIn } from "../text/position.ts";
import { parseToml } from "../text/toml.ts";
import { nearest, placesOf } from "../text/toml-places.ts";
import { buildPolicy } from "./build.ts";
import type { PolicyFault } from "./fault.ts";
import { faultAt, faultsOf } from "./fault.ts";
import { POLICY_FILE } from "./schema.ts";

/** Far more than any policy that people review; it bounds the time a hostile one can take. */
const MAX_BYTES = 1_048_576;

const UNFORESEEN = "This file could not be read; simplify it, and please report it to the maintainers of Packgate.";

const START = { line: 1, column: 1 };

export type ParsedPolicy = { readonly policy: Policy } | { readonly faults: readonly PolicyFault[] };

/**
 * Reads a policy file. All that is wrong comes at once, in the order of the file; a policy with a fault is none.
 * Never throws.
 *
 * @param path how the file is called where it comes from
 */
export function parsePolicy(text: string, path: string): ParsedPolicy {
  const lines = text.slice(0, MAX_BYTES).split(NEWLINE);
  const size = Buffer.byteLength(text);
  if (size > MAX_BYTES) {
    const message = `The file has ${size} bytes and only ${MAX_BYTES} are read; make it smaller.`;
    return { faults: [faultAt(path, lines, START, message)] };
  }
  try {
    const read = POLICY_FILE.safeParse(parseToml(text));
    const places = placesOf(text);
    if (!read.success) return { faults: faultsOf(path, text, places, read.error.issues) };
    const positionOf = positionsIn(text);
    return { policy: buildPolicy(read.data, (where) => positionOf(nearest(places, where).key).line) };
  } catch (error) {
    // A file of nothing but faults is too much for the stack of the validator.
    const { message, at } = error instanceof TextFault ? error : new TextFault(UNFORESEEN);
    return { faults: [faultAt(path, lines, at ?? START, message)] };
  }
}
