import type { Organization, Simulator } from "../../test/simulator/index.ts";
import { generateOrganization } from "../../test/simulator/index.ts";

/** The organization that figures refer to: as large as few are. */
export const REFERENCE = {
  seed: 20,
  login: "reference",
  repositories: 10_000,
  packages: 3_000,
  members: 5_000,
  teams: 1_000,
  depth: 3,
  owners: 5,
  outsideCollaborators: 50,
  customRoles: 3,
  basePermission: "none",
} as const;

/** The reference organization with a few organization roles besides, so that every kind of grant occurs. */
export function referenceOrganization(github: Simulator): Organization {
  const organization = generateOrganization(github, REFERENCE);
  const { edit, world } = github;
  const members = [...organization.members.keys()].flatMap((id) => world.users.get(id) ?? []);
  const teams = [...organization.teams.values()];
  for (const level of ["read", "maintain"] as const) {
    const role = edit.defineOrganizationRole(organization, `everything-${level}`, level);
    for (const user of members.splice(-3)) edit.assignOrganizationRole(role, { user });
    for (const team of teams.splice(-2)) edit.assignOrganizationRole(role, { team });
  }
  return organization;
}
