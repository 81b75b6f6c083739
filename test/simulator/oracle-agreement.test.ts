import { array, assert as assertProperty, constantFrom, nat, property, tuple } from "fast-check";
import { describe, expect, it } from "vitest";
import { effectiveRole, levelOf } from "./access.ts";
import { acmeOrganization } from "./acme.ts";
import { truth } from "./oracle.ts";
import { createSimulator } from "./simulator.ts";
import { lineage } from "./world.ts";

function at<T>(items: Iterable<T>, n: number): T {
  const list = [...items];
  const item = list[n % list.length];
  if (item === undefined) throw new Error("nothing to choose from");
  return item;
}

describe("the oracle and GitHub's own answer", () => {
  it("agree on every pair, after any edits", () => {
    const level = constantFrom("read", "triage", "write", "maintain", "admin", "custom");
    const index = nat(99);
    const step = tuple(nat(11), index, index, index, level);
    assertProperty(
      property(array(step, { maxLength: 25 }), (steps) => {
        const github = createSimulator({ webhookSecret: "a-secret-of-the-tests" });
        const acme = acmeOrganization(github);
        const { edit } = github;
        const { organization } = acme;
        edit.defineRepositoryRole(organization, "custom", "write");
        const orgRole = edit.defineOrganizationRole(organization, "all_repo_maintain", "maintain");
        for (const [kind, a, b, c, role] of steps) {
          const user = at(Object.values(acme.users), a);
          const team = at(organization.teams.values(), b);
          const repository = at(Object.values(acme.repositories), c);
          const otherTeam = at(organization.teams.values(), c);
          const isMember = organization.members.has(user.id);
          if (kind === 0 && !isMember && !organization.blocked.has(user.id)) edit.addMember(organization, user);
          if (kind === 1 && isMember) edit.removeMember(organization, user);
          if (kind === 2 && isMember) edit.convertToOutsideCollaborator(organization, user);
          if (kind === 3 && isMember) edit.addTeamMember(team, user);
          if (kind === 4) edit.setTeamRepository(team, repository, role);
          if (kind === 5 && !organization.blocked.has(user.id)) edit.setCollaborator(repository, user, role);
          if (kind === 6) edit.setBasePermission(organization, at(["none", "read", "write", "admin"] as const, c));
          if (kind === 7) edit.assignOrganizationRole(orgRole, b % 2 === 0 ? { user } : { team });
          if (kind === 8 && !isMember) edit.blockUser(organization, user);
          if (kind === 9 && isMember) edit.setOwner(organization, user);
          if (kind === 10 && !lineage(organization, otherTeam).includes(team)) edit.setTeamParent(team, otherTeam);
          if (kind === 11) (c % 2 === 0 ? edit.suspendUser : edit.unsuspendUser)(user);
        }
        for (const [name, repository] of [
          ["acme-core", acme.repositories.core],
          ["acme-utils", acme.repositories.utils],
          ["acme-tools", acme.repositories.tools],
        ] as const) {
          for (const user of Object.values(acme.users)) {
            const { permissions } = truth(
              { users: new Map([[user.id, user]]), organizations: new Map() },
              organization,
              user.id,
              name,
              0,
            );
            const role = effectiveRole(organization, repository, user);
            const expected =
              role === undefined
                ? 0
                : { read: 1, triage: 1, write: 2, maintain: 3, admin: 5 }[levelOf(organization, role)];
            expect(permissions.size).toBe(expected);
          }
        }
      }),
      { numRuns: 60, seed: 7 },
    );
  });
});
