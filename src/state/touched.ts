import type { Touched } from "../domain/access.ts";
import type { Facts, RepositoryId, TeamId, UserId } from "../domain/facts.ts";
import type { Slice } from "./slice.ts";

/** What the facts hold for a slice's key. */
export function valueOf(facts: Facts, slice: Slice): unknown {
  switch (slice.kind) {
    case "organization":
      return facts.organization?.value;
    case "policy":
      return facts.policy?.value;
    case "members":
      return facts.members?.value;
    case "teams":
      return facts.teams?.value;
    case "organization-roles":
      return facts.organizationRoles?.value;
    case "custom-roles":
      return facts.customRoles?.value;
    case "repositories":
      return facts.repositoryList?.value;
    case "team-members":
      return facts.teamMembers.get(slice.id)?.value;
    case "repository":
      return facts.repositories.get(slice.id)?.value;
    case "access":
      return facts.access.get(slice.id)?.value;
  }
}

/**
 * Which rows of compiled access a replacement touches, names apart: those follow from settling.
 *
 * @param slices everything that was replaced: even an unchanged slice has a new confirmation time
 * @param changed those among them whose value differs
 */
export function touchedBy(
  before: Facts,
  after: Facts,
  slices: readonly Slice[],
  changed: readonly Slice[],
): Omit<Touched, "names"> {
  const users = new Set<UserId>();
  const teams = new Set<TeamId>();
  const repositories = new Set<RepositoryId>();
  for (const slice of slices) {
    if (slice.kind === "repository" || slice.kind === "access") repositories.add(slice.id);
  }
  for (const slice of changed) {
    if (slice.kind === "members") {
      const old = before.members?.value;
      const current = after.members?.value;
      for (const id of new Set([...(old?.keys() ?? []), ...(current?.keys() ?? [])])) {
        const a = old?.get(id);
        const b = current?.get(id);
        if (a?.owner !== b?.owner || a?.login !== b?.login) users.add(id);
      }
    }
    if (slice.kind === "team-members") {
      teams.add(slice.id);
      const old = before.teamMembers.get(slice.id)?.value ?? new Set();
      const current = after.teamMembers.get(slice.id)?.value ?? new Set();
      for (const id of [...old, ...current]) if (!old.has(id) || !current.has(id)) users.add(id);
    }
    if (slice.kind === "repositories") {
      for (const id of before.repositories.keys()) if (!slice.value.has(id)) repositories.add(id);
    }
  }
  return { shared: changed.some(isShared), users, teams, repositories };
}

/** Slices that reach every row: teams renumber the bits, roles and base permission change what grants mean. */
function isShared({ kind }: Slice): boolean {
  return kind === "teams" || kind === "organization-roles" || kind === "custom-roles" || kind === "organization";
}
