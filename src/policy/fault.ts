import type * as z from "zod";
import type { ManifestProblem } from "../domain/facts.ts";
import { excerpt, quoted } from "../text/excerpt.ts";
import type { Position } from "../text/position.ts";
import { NEWLINE, positionsIn } from "../text/position.ts";
import type { Place } from "../text/toml-places.ts";
import { nearest } from "../text/toml-places.ts";

/** Something wrong with a policy: where, and one sentence with what to do. */
export type PolicyFault = Required<ManifestProblem>;

/** More than anybody mends at once; it bounds what a hostile file costs. */
const MAX_FAULTS = 100;

interface Found {
  readonly offset: number;
  readonly message: string;
}

/** The issues in the order of the file. */
export function faultsOf(path: string, text: string, root: Place, issues: readonly z.core.$ZodIssue[]): PolicyFault[] {
  const found = issues
    .map((issue): Found => ({
      offset: offsetOf(root, issue),
      message: `${label(issue.path)} ${issue.message}${/[.?]$/.test(issue.message) ? "" : "."}`,
    }))
    .toSorted((a, b) => a.offset - b.offset);
  const positionOf = positionsIn(text);
  const lines = text.split(NEWLINE);
  const faults = found
    .slice(0, MAX_FAULTS)
    .map(({ offset, message }) => faultAt(path, lines, positionOf(offset), message));
  const next = found[MAX_FAULTS];
  if (next === undefined) return faults;
  const more = `${found.length - MAX_FAULTS} more faults follow; mend those above first.`;
  return [...faults, faultAt(path, lines, positionOf(next.offset), more)];
}

/** A fault with the lines that it is about. */
export function faultAt(
  path: string,
  lines: readonly string[],
  { line, column }: Position,
  message: string,
): PolicyFault {
  return { path, message, line, column, codeblock: excerpt(lines, { line, column }) };
}

function offsetOf(root: Place, issue: z.core.$ZodIssue): number {
  const place = nearest(root, issue.path);
  const isOfKey = issue.code === "custom" && issue.params?.["at"] === "key";
  // What is missing has no place: the table has, by its key.
  const isThere = place === nearest(root, issue.path.slice(0, -1)) ? issue.path.length === 0 : true;
  return isOfKey || !isThere ? place.key : place.value;
}

/** The key as somebody would look for it: `rules.who`, without the numbers of elements. */
function label(path: readonly PropertyKey[]): string {
  const keys = path.filter((part) => typeof part === "string");
  return keys.map((key) => (/^[\w-]{1,60}$/.test(key) ? key : quoted(key))).join(".");
}
