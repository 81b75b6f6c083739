import type { PackageName } from "./package-name.ts";

/** What a pattern for names means: all of them, one, or one with everything below it (PEP 752: `acme-*` covers `acme`). */
export const ALL = "*";
const BELOW = "-*";

/** Every pattern that covers a name, the most specific first: the name itself, longer prefixes, `*`. */
export function patternsCovering(name: PackageName): string[] {
  const prefixes = [`${name}${BELOW}`];
  for (let dash = name.lastIndexOf("-"); dash > 0; dash = name.lastIndexOf("-", dash - 1)) {
    prefixes.push(`${name.slice(0, dash)}${BELOW}`);
  }
  return [name, ...prefixes, ALL];
}

export function covers(pattern: string, name: PackageName): boolean {
  if (pattern === ALL || pattern === name) return true;
  if (!pattern.endsWith(BELOW)) return false;
  const prefix = pattern.slice(0, -BELOW.length);
  return name === prefix || name.startsWith(`${prefix}-`);
}

/** For sorting: the more specific pattern first, equal ones together. */
export function bySpecificity(a: string, b: string): number {
  const [first, second] = [lengthOf(a), lengthOf(b)];
  if (first !== second) return first > second ? -1 : 1;
  return a < b ? -1 : Number(a > b);
}

/** One name counts as longer than any prefix, `*` as shorter. */
function lengthOf(pattern: string): number {
  if (pattern === ALL) return 0;
  return pattern.endsWith(BELOW) ? pattern.length : Infinity;
}
