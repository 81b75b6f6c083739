import type { Facts } from "../domain/facts.ts";
import { missing } from "../state/missing.ts";
import type { SliceKey } from "../state/slice.ts";
import type { Doubts } from "./doubts.ts";
import { GitHubFailure } from "./failure.ts";
import type { DoubtKey, Retries } from "./retries.ts";

export interface GapOptions {
  readonly facts: Facts;
  readonly doubts: Doubts<DoubtKey>;
  readonly retries: Retries;
  readonly hint: (keys: readonly SliceKey[]) => void;
}

/**
 * GitHub may name a thing and then not show it. That is no failure of any one request, yet nothing is known of it:
 * tells of what is missing though nothing is left to be read, and has it read again later.
 */
export function reportGaps({ facts, doubts, retries, hint }: GapOptions): void {
  const gaps = missing(facts).filter((key) => !doubts.has(key));
  const [first] = gaps;
  if (first === undefined) return;
  const sentence = `GitHub names ${gaps.length} things that it does not show, such as ${first}: check the App's permissions.`;
  retries.fail(
    { what: first, left: () => gaps, again: (wanted) => hint(gaps.filter((key) => wanted.has(key))) },
    new GitHubFailure("gone", sentence),
  );
}
