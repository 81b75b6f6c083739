import * as fc from "fast-check";
import { expect, it } from "vitest";
import type { View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import { groups } from "../../src/http/pypicloud/people.ts";
import { groupPermissions, userPermissions } from "../../src/http/pypicloud/permissions.ts";
import { viewOf } from "../domain/views.ts";
import { anyFacts, NAMES, USERS } from "./arbitraries.ts";
import { checkProperty } from "./check.ts";
import { HELD } from "./decisions.ts";

/** The same facts under names of their own, because pypicloud knows people and teams by name alone. */
function named(facts: Facts): Facts {
  const people = <T extends { readonly login: string }>(of: ReadonlyMap<number, T>): Map<number, T> =>
    new Map([...of].map(([id, person]) => [id, { ...person, login: `u${id}` }]));
  const { members, teams, access } = facts;
  return {
    ...facts,
    members: members && { ...members, value: people(members.value) },
    teams: teams && {
      ...teams,
      value: new Map([...teams.value].map(([id, team]) => [id, { ...team, slug: `t${id}` }])),
    },
    access: new Map(
      [...access].map(([id, { asOf, value }]) => [
        id,
        { asOf, value: { ...value, collaborators: people(value.collaborators) } },
      ]),
    ),
  };
}

const query = (parameters: Record<string, string>): ReadonlyMap<string, string> => new Map(Object.entries(parameters));

/** What pypicloud makes of the answers (`allowed_permissions` and `user_principals` of its access/base.py). */
function pypicloudAllows(view: View, username: string, word: "read" | "write", name: PackageName): boolean {
  const ofUsers = userPermissions(view, query({ package: name }));
  const ofGroups = groupPermissions(view, query({ package: name }));
  const principals = ["everyone", "authenticated", ...groups(view, query({ username }))];
  return (
    ofUsers[username]?.includes(word) === true ||
    principals.some((principal) => ofGroups[principal]?.includes(word) === true)
  );
}

it("what pypicloud makes of its answers is what the decisions say, and groups add nobody", () => {
  const seen = { allow: 0, deny: 0, unknown: 0, byGroup: 0 };
  checkProperty(
    fc.property(anyFacts, (facts) => {
      const view = viewOf(named(facts), HELD);
      for (const name of NAMES) {
        for (const [word, permission] of [
          ["read", "read"],
          ["write", "upload"],
        ] as const) {
          const decisions = USERS.map((id) => decide(view, { kind: "user", id }, permission, name));
          for (const [index, id] of USERS.entries()) {
            const { outcome } = decisions[index] ?? { outcome: "unknown" };
            let allows: boolean;
            try {
              allows = pypicloudAllows(view, `u${id}`, word, name);
            } catch (error) {
              // The whole package is unavailable, because of some of its readers nobody can say.
              expect(error).toMatchObject({ code: "unavailable" });
              seen.unknown += 1;
              continue;
            }
            expect(allows).toBe(outcome === "allow");
            seen[outcome] += 1;
            if (Object.keys(groupPermissions(view, query({ package: name }))).some((key) => key.startsWith("t")))
              seen.byGroup += 1;
          }
        }
      }
    }),
  );
  expect(
    Object.values(seen).every((count) => count > 300),
    JSON.stringify(seen),
  ).toBe(true);
});

it("a name that is claimed never gets two empty answers, and one that is not gets both", () => {
  checkProperty(
    fc.property(anyFacts, (facts) => {
      const claims = new Map([...HELD].slice(1));
      const view = viewOf(named(facts), claims);
      for (const name of NAMES) {
        const sizes = [userPermissions, groupPermissions].map((list) => {
          try {
            return Object.keys(list(view, query({ package: name }))).length;
          } catch (error) {
            expect(error).toMatchObject({ code: "unavailable" });
            return undefined;
          }
        });
        for (const size of sizes) if (size !== undefined) expect(size > 0).toBe(claims.has(name));
      }
    }),
  );
});
