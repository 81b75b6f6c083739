import { closest } from "../text/closest.ts";

/** Set for the command line's questions to a running Packgate; they may stand in the same file. */
const OF_THE_COMMAND_LINE = ["PACKGATE_URL", "PACKGATE_KEY"];

/**
 * Warns of every set `PACKGATE_*` variable that has no effect, because a misspelt one is a setting silently lost.
 * Only names are quoted, never values.
 */
export function unknownVariables(set: readonly string[], known: readonly string[]): string[] {
  const expected = new Set([...known, ...OF_THE_COMMAND_LINE]);
  return set
    .filter((name) => name.toUpperCase().startsWith("PACKGATE_") && !expected.has(name))
    .toSorted()
    .map((name) => {
      const meant = closest(name, known);
      const fix = meant === undefined ? "remove it" : `did you mean ${meant}?`;
      return `${name} is not a variable of this version and has no effect; ${fix}`;
    });
}
