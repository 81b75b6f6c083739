import type { Facts } from "../domain/facts.ts";
import type { SliceKey } from "./slice.ts";

/**
 * The slices that were last confirmed before a moment, or will be in the future: what the resync has to read, and what
 * was read by a clock that has been set back since. The list of repositories is read
 * with every repository in it, so where it is due they come along.
 *
 * @param before epoch milliseconds
 * @param now epoch milliseconds
 */
export function confirmedBefore(facts: Facts, before: number, now = Infinity): SliceKey[] {
  const isDue = (fact: { readonly asOf: number } | undefined): boolean =>
    fact !== undefined && (fact.asOf < before || fact.asOf > now);
  const listIsDue = isDue(facts.repositoryList);
  return [
    ...(isDue(facts.organization) ? ["organization" as const] : []),
    ...(isDue(facts.policy) ? ["policy" as const] : []),
    ...(isDue(facts.members) ? ["members" as const] : []),
    ...(isDue(facts.teams) ? ["teams" as const] : []),
    ...(isDue(facts.organizationRoles) ? ["organization-roles" as const] : []),
    ...(isDue(facts.customRoles) ? ["custom-roles" as const] : []),
    ...(listIsDue ? ["repositories" as const] : []),
    ...keysOf("team-members", facts.teamMembers),
    ...(listIsDue ? [] : keysOf("repository", facts.repositories)),
    ...keysOf("access", facts.access),
  ];

  function keysOf(
    kind: "team-members" | "repository" | "access",
    confirmed: ReadonlyMap<number, { readonly asOf: number }>,
  ): SliceKey[] {
    return [...confirmed].flatMap(([id, fact]): SliceKey[] => (isDue(fact) ? [`${kind}/${id}`] : []));
  }
}
