import { distance } from "fastest-levenshtein";

// Further away than this, a guess confuses more than it helps.
const MOST_EDITS = 3;

/** The word somebody probably meant, letter case aside; `undefined` when none is near. */
export function closest(word: string, words: readonly string[]): string | undefined {
  const [best] = words
    .map((candidate) => ({ candidate, edits: distance(word.toLowerCase(), candidate.toLowerCase()) }))
    .filter(({ candidate, edits }) => edits <= Math.min(MOST_EDITS, candidate.length / 2))
    .toSorted((a, b) => a.edits - b.edits);
  return best?.candidate;
}
