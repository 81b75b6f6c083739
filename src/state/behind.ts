import type { View } from "../domain/decide.ts";
import type { Facts, RepositoryId, Team, TeamId, UserId } from "../domain/facts.ts";
import type { Policy } from "../domain/policy.ts";
import { descendants } from "../domain/team-tree.ts";
import type { SliceKey } from "./slice.ts";
import { sliceId, sliceKind } from "./slice.ts";

/** The slices that what somebody may do on a repository rests on. @param repository `undefined`: whether there is one */
export function slicesBehind(
  { facts, policy }: View,
  user: UserId | undefined,
  repository: RepositoryId | undefined,
): SliceKey[] {
  const shared: SliceKey[] = ["organization", "policy", "members", "teams", "organization-roles", "custom-roles"];
  const skeleton = facts.teams?.value ?? new Map<TeamId, Team>();
  // Whoever is in a team below has what the team has, and is who a rule means that names the team.
  const below = (ids: readonly TeamId[]): TeamId[] => ids.flatMap((id) => [...descendants(id, skeleton)]);
  const named = below(teamsInRules(policy, skeleton));
  if (repository === undefined) return [...shared, "repositories", ...keysOf(named)];
  const own = [...facts.teamMembers].flatMap(([id, { value }]) => (user !== undefined && value.has(user) ? [id] : []));
  const granted = [...(facts.access.get(repository)?.value.teams.keys() ?? [])];
  const everywhere = (facts.organizationRoles?.value ?? []).flatMap((role) =>
    role.base === undefined ? [] : [...role.teams],
  );
  const teams = keysOf([...own, ...below([...granted, ...everywhere]), ...named]);
  return [...shared, `repository/${repository}`, `access/${repository}`, ...teams];
}

function keysOf(teams: readonly TeamId[]): SliceKey[] {
  return Array.from(new Set(teams), (id): SliceKey => `team-members/${id}`);
}

function teamsInRules({ rules }: Policy, teams: ReadonlyMap<TeamId, Team>): TeamId[] {
  const slugs = new Set(
    rules.flatMap(({ who }) => who.flatMap((one) => (one.kind === "team" ? [one.name.toLowerCase()] : []))),
  );
  return [...teams].flatMap(([id, { slug }]) => (slugs.has(slug.toLowerCase()) ? [id] : []));
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
