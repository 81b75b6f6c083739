import type { SliceKey } from "../state/slice.ts";
import type { Doubts } from "./doubts.ts";
import { GitHubFailure } from "./failure.ts";
import type { DoubtKey, Retries } from "./retries.ts";

export interface GapOptions {
  /** What has never been read. */
  readonly missing: readonly SliceKey[];
  readonly doubts: Doubts<DoubtKey>;
  readonly retries: Retries;
  readonly hint: (keys: readonly SliceKey[]) => void;
}

/**
 * GitHub may name a thing and then not show it. That is no failure of any one request, yet nothing is known of it:
 * tells of what is missing though nothing is left to be read, and has it read again later.
 */
export function reportGaps({ missing, doubts, retries, hint }: GapOptions): void {
  const gaps = missing.filter((key) => !doubts.has(key));
  const [first] = gaps;
  if (first === undefined) return;
  const sentence = `GitHub names ${gaps.length} things that it does not show, such as ${first}: check the App's permissions.`;
  retries.fail(
    { what: first, left: () => gaps, again: (wanted) => hint(gaps.filter((key) => wanted.has(key))) },
    new GitHubFailure("gone", sentence),
  );
}
