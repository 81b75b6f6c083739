import type { CompiledAccess } from "./access.ts";
import { timeAt } from "./completeness.ts";
import { HEADER, TEAM_WORDS, wholeAt, wordAt } from "./stretches.ts";

/**
 * The oldest confirmation among the facts that a decision about a repository rests on, in epoch milliseconds.
 *
 * @param member the member's number; `undefined` for somebody who is none, and so in no team
 * @param place where the repository's words begin
 */
export function oldestFact(
  { asOf, teamsAsOf, stretches: { words } }: Pick<CompiledAccess, "asOf" | "teamsAsOf" | "stretches">,
  member: number | undefined,
  place: number,
): number {
  let oldest = Math.min(asOf, wholeAt(words, place + HEADER.asOf));
  if (member === undefined) return oldest;
  const teamsEnd = wordAt(words, place + HEADER.collaborators);
  for (let at = place + HEADER.length; at < teamsEnd; at += TEAM_WORDS) {
    oldest = Math.min(oldest, timeAt(teamsAsOf, wordAt(words, at)));
  }
  return oldest;
}
