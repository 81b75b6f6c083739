import type { Facts } from "../domain/facts.ts";
import { ancestry } from "../domain/team-tree.ts";
import { concernsPackages } from "./reduce.ts";
import type { SliceKey } from "./slice.ts";

/** The slices that have never been read though others say they exist. Empty: everything is known. */
export function missing(facts: Facts): SliceKey[] {
  const keys: SliceKey[] = [];
  if (facts.organization === undefined) keys.push("organization");
  if (facts.members === undefined) keys.push("members");
  if (facts.teams === undefined) keys.push("teams");
  if (facts.organizationRoles === undefined) keys.push("organization-roles");
  if (facts.customRoles === undefined) keys.push("custom-roles");
  if (facts.repositoryList === undefined) keys.push("repositories");
  for (const id of facts.teams?.value.keys() ?? []) {
    if (!facts.teamMembers.has(id)) keys.push(`team-members/${id}`);
  }
  for (const id of facts.repositoryList?.value ?? []) {
    if (!facts.repositories.has(id)) keys.push(`repository/${id}`);
  }
  for (const [id, { value }] of facts.repositories) {
    if (concernsPackages(value) && !facts.access.has(id)) keys.push(`access/${id}`);
  }
  return keys;
}

/**
 * What must be read again because a slice changed though nobody said so.
 * GitHub reports a team's *effective* role on a repository, so an entry may hold what came from an ancestor:
 * where a team moved or went, the access of every repository that names its family is in doubt.
 */
export function consequences(before: Facts, after: Facts, key: SliceKey): SliceKey[] {
  if (key !== "teams" || before.teams === undefined || after.teams === undefined) return [];
  const was = before.teams.value;
  const is = after.teams.value;
  const moved = [...was].flatMap(([id, { parent }]) => (is.has(id) && is.get(id)?.parent === parent ? [] : [id]));
  if (moved.length === 0) return [];
  const doubtful = new Set(moved.flatMap((id) => [...ancestry(id, was), ...ancestry(id, is)]));
  const concerned = (team: number): boolean =>
    doubtful.has(team) || moved.some((id) => ancestry(team, was).includes(id) || ancestry(team, is).includes(id));
  return [...after.access].flatMap(([id, { value }]): SliceKey[] =>
    [...value.teams.keys()].some(concerned) ? [`access/${id}`] : [],
  );
}
