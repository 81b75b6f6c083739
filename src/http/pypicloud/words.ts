import type { Permission } from "../../domain/roles.ts";
import type { PypicloudPermission } from "../contract/pypicloud.ts";

/** pypicloud's words for what may be done, and ours. */
export const WORDS = [
  ["read", "read"],
  ["write", "upload"],
] as const satisfies readonly (readonly [PypicloudPermission, Permission])[];

/** Several of them, a bit each by their places in {@link WORDS}. */
export type Words = number;

export const NO_WORDS: Words = 0;
/** Who stands in a map without a word, so that no map is emptied: of an empty one pypicloud thinks that nobody claims the name. */
export const NAMED: Words = 1 << WORDS.length;

export function wordsIn(words: Words): PypicloudPermission[] {
  return WORDS.filter((_, place) => words & (1 << place)).map(([word]) => word);
}
