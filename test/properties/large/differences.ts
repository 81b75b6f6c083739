import { isDeepStrictEqual } from "node:util";
import type { View } from "../../../src/domain/decide.ts";
import type { Facts } from "../../../src/domain/facts.ts";
import { spread } from "../../domain/spread.ts";

/** All that a view holds, in rows. */
export function rowsOf({ facts, claims, access }: View) {
  return { ...factsOf(facts), claims, ...spread(access), teamsAsOf: access.teamsAsOf };
}

/** Facts in maps of which none is a patch of another. */
export function factsOf({ teamMembers, repositories, access, ...shared }: Facts) {
  return { ...shared, teamMembers: new Map(teamMembers), declared: new Map(repositories), granted: new Map(access) };
}

/** The keys under which two of a kind differ, and where both have a map there, its keys: to show all would be too much. */
export function differences(one: object, other: object): string[] {
  const others = new Map<string, unknown>(Object.entries(other));
  return Object.entries(one).flatMap(([part, mine]: [string, unknown]) => {
    const theirs = others.get(part);
    if (!(mine instanceof Map) || !(theirs instanceof Map)) return isDeepStrictEqual(mine, theirs) ? [] : [part];
    const keys = [...new Set<unknown>([...mine.keys(), ...theirs.keys()])];
    return keys
      .filter((key) => !isDeepStrictEqual(mine.get(key), theirs.get(key)))
      .map((key) => `${part} ${String(key)}`);
  });
}
