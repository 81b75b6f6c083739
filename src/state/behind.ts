import type { View } from "../domain/decide.ts";
import type { Facts, RepositoryId, UserId } from "../domain/facts.ts";
import { descendants } from "../domain/team-tree.ts";
import type { SliceKey } from "./slice.ts";
import { sliceId, sliceKind } from "./slice.ts";

/** The slices that what somebody may do on a repository rests on. @param repository `undefined`: whether there is one */
export function slicesBehind(
  { facts }: View,
  user: UserId | undefined,
  repository: RepositoryId | undefined,
): SliceKey[] {
  const shared: SliceKey[] = ["organization", "policy", "members", "teams", "organization-roles", "custom-roles"];
  if (repository === undefined) return [...shared, "repositories"];
  const own = [...facts.teamMembers].flatMap(([id, { value }]) => (user !== undefined && value.has(user) ? [id] : []));
  const granted = [...(facts.access.get(repository)?.value.teams.keys() ?? [])];
  const everywhere = (facts.organizationRoles?.value ?? []).flatMap((role) =>
    role.base === undefined ? [] : [...role.teams],
  );
  const skeleton = facts.teams?.value ?? new Map();
  // Whoever is in a team below has what the team has.
  const within = [...granted, ...everywhere].flatMap((id) => [...descendants(id, skeleton)]);
  const teams = [...new Set([...own, ...within])].map((id): SliceKey => `team-members/${id}`);
  return [...shared, `repository/${repository}`, `access/${repository}`, ...teams];
}

/** When a slice was last confirmed, in epoch milliseconds; `undefined` for one that is not known. */
export function confirmedAt(facts: Facts, key: SliceKey): number | undefined {
  const id = sliceId(key) ?? 0;
  const kind = sliceKind(key);
  switch (kind) {
    case "organization":
    case "policy":
    case "members":
    case "teams":
      return facts[kind]?.asOf;
    case "organization-roles":
      return facts.organizationRoles?.asOf;
    case "custom-roles":
      return facts.customRoles?.asOf;
    case "repositories":
      return facts.repositoryList?.asOf;
    case "team-members":
      return facts.teamMembers.get(id)?.asOf;
    case "repository":
      return facts.repositories.get(id)?.asOf;
    case "access":
      return facts.access.get(id)?.asOf;
  }
}
