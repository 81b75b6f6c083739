import type { Facts, UserId } from "../../src/domain/facts.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import type { PermissionMask } from "../../src/domain/roles.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { catalogRow, githubRole, PERMISSION_BIT } from "../../src/domain/roles.ts";
import { descendants } from "../../src/domain/team-tree.ts";

/** The obvious structure: every user with everything they may do, multiplied out. */
export type Materialised = ReadonlyMap<UserId, ReadonlyMap<PackageName, PermissionMask>>;

/** Knows no base permission and no visible repositories: both would multiply every member by every package. */
export function materialise(facts: Facts): Materialised {
  const teams = facts.teams?.value ?? new Map();
  const custom = facts.customRoles?.value ?? new Map();
  const peopleIn = new Map<number, Set<UserId>>();
  for (const team of teams.keys()) {
    const within = [...descendants(team, teams)].map((id) => [...(facts.teamMembers.get(id)?.value ?? [])]);
    peopleIn.set(team, new Set(within.flat()));
  }

  const everything = new Map<UserId, PermissionMask>();
  for (const [user, { owner }] of facts.members?.value ?? []) if (owner) everything.set(user, githubRole("admin").mask);
  for (const { base, users, teams: holders } of facts.organizationRoles?.value ?? []) {
    if (base === undefined) continue;
    const { mask } = catalogRow(base, custom, DEFAULT_POLICY.roles);
    for (const user of [...users, ...[...holders].flatMap((team) => [...(peopleIn.get(team) ?? [])])]) {
      everything.set(user, (everything.get(user) ?? 0) | mask);
    }
  }

  const rights = new Map<UserId, Map<PackageName, PermissionMask>>();
  for (const [id, { value: repository }] of facts.repositories) {
    const allowed = repository.archived ? PERMISSION_BIT.read : -1;
    const granted = facts.access.get(id)?.value;
    for (const { name } of repository.declarations) {
      const give = (user: UserId, mask: PermissionMask): void => {
        const packages = rights.get(user) ?? new Map<PackageName, PermissionMask>();
        rights.set(user, packages.set(name, (packages.get(name) ?? 0) | (mask & allowed)));
      };
      for (const [user, mask] of everything) give(user, mask);
      for (const [user, { role }] of granted?.collaborators ?? [])
        give(user, catalogRow(role, custom, DEFAULT_POLICY.roles).mask);
      for (const [team, role] of granted?.teams ?? []) {
        for (const user of peopleIn.get(team) ?? []) give(user, catalogRow(role, custom, DEFAULT_POLICY.roles).mask);
      }
    }
  }
  return rights;
}
