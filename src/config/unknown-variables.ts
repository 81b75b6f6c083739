/**
 * Warns of every set `PACKGATE_*` variable that has no effect, because a misspelt one is a setting silently lost.
 * Only names are quoted, never values.
 */
export function unknownVariables(set: readonly string[], known: readonly string[]): string[] {
  return set
    .filter((name) => name.toUpperCase().startsWith("PACKGATE_") && !known.includes(name))
    .toSorted()
    .map((name) => {
      const meant = closest(name.toUpperCase(), known);
      const fix = meant === undefined ? "remove it" : `did you mean ${meant}?`;
      return `${name} is not a variable of this version and has no effect; ${fix}`;
    });
}

// Further away than this, a guess confuses more than it helps.
const MOST_EDITS = 3;

function closest(name: string, known: readonly string[]): string | undefined {
  return known.find((candidate) => editDistance(name, candidate) <= MOST_EDITS);
}

/** Levenshtein's distance, one row of the matrix at a time. */
function editDistance(a: string, b: string): number {
  let distance = b.length;
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (const [i, letter] of a.split("").entries()) {
    let diagonal = i;
    let left = i + 1;
    const rest = row.slice(1).map((above, j) => {
      left = Math.min(diagonal + (letter === b.charAt(j) ? 0 : 1), above + 1, left + 1);
      diagonal = above;
      return left;
    });
    row = [i + 1, ...rest];
    distance = left;
  }
  return distance;
}
