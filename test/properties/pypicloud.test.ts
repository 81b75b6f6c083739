import * as fc from "fast-check";
import { expect, it } from "vitest";
import * as z from "zod";
import type { View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import { ServiceError } from "../../src/errors.ts";
import { PermissionMap } from "../../src/http/contract/pypicloud.ts";
import * as permissions from "../../src/http/pypicloud/permissions.ts";
import * as proven from "../../src/http/pypicloud/proven.ts";
import { createVisitors } from "../../src/http/pypicloud/visitors.ts";
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

const parsed = (json: string | Buffer): PermissionMap => PermissionMap.parse(JSON.parse(json.toString()));
const userPermissions = (view: View, asked: ReadonlyMap<string, string>): PermissionMap =>
  parsed(permissions.userPermissions(view, asked, {}).json([]));
const groupPermissions = (view: View, asked: ReadonlyMap<string, string>): PermissionMap =>
  parsed(permissions.groupPermissions(view, asked, {}));
/** Nobody is here whose token could be asked about. */
const visitors = createVisitors(() => 0);
const groups = (view: View, asked: ReadonlyMap<string, string>): string[] =>
  z.array(z.string()).parse(JSON.parse(proven.groups(view, asked, { index: "index" }, visitors)));

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
            // The whole package is unavailable when of one of its readers nobody can say.
            const allows = unlessUnavailable(() => pypicloudAllows(view, `u${id}`, word, name));
            expect(allows === undefined || allows === (outcome === "allow")).toBe(true);
            seen[allows === undefined ? "unknown" : outcome] += 1;
            if (allows === undefined) continue;
            if (Object.keys(groupPermissions(view, query({ package: name }))).some((key) => key.startsWith("t")))
              seen.byGroup += 1;
          }
        }
      }
    }),
  );
  // A comparison that never met a case says nothing about it.
  expect(Object.entries(seen).filter(([, count]) => count < 300)).toEqual([]);
});

it("a name that is claimed never gets two empty answers, and one that is not gets both", () => {
  let counted = 0;
  checkProperty(
    fc.property(anyFacts, (facts) => {
      const claims = new Map([...HELD].slice(1));
      const view = viewOf(named(facts), claims);
      for (const name of NAMES) {
        const sizes = [userPermissions, groupPermissions].flatMap((list) => {
          const map = unlessUnavailable(() => list(view, query({ package: name })));
          return map === undefined ? [] : [Object.keys(map).length > 0];
        });
        expect(sizes).toEqual(sizes.map(() => claims.has(name)));
        counted += sizes.length;
      }
    }),
  );
  expect(counted).toBeGreaterThan(1000);
});

it("a map without what some have not proven is the map of all but for that, and it names them still", () => {
  const counted = { less: 0, same: 0 };
  checkProperty(
    fc.property(anyFacts, fc.subarray([...USERS]), (facts, unproven) => {
      const view = viewOf(named(facts), HELD);
      for (const name of NAMES) {
        const reply = unlessUnavailable(() => permissions.userPermissions(view, query({ package: name }), {}));
        if (reply === undefined) continue;
        const whole = parsed(reply.json([]));
        const takesProof = [...reply.needs.keys()];
        expect(reply.needs.size).toBe(takesProof.length);
        expect(USERS.filter((id) => reply.needs.get(id) !== undefined)).toEqual(takesProof.toSorted((a, b) => a - b));
        const logins = new Set(unproven.map((id) => `u${id}`));
        // Unless a policy says otherwise, an upload takes proof and a read does not.
        const expected = Object.entries(whole).map(([login, words]) => [
          login,
          logins.has(login) ? words.filter((word) => word === "read") : words,
        ]);
        expect(parsed(reply.json(unproven))).toEqual(Object.fromEntries(expected));
        const writers = Object.entries(whole).filter(([, words]) => words.includes("write"));
        expect(takesProof.map((id) => `u${id}`).toSorted()).toEqual(writers.map(([login]) => login).toSorted());
        counted[writers.some(([login]) => logins.has(login)) ? "less" : "same"] += 1;
      }
    }),
  );
  expect(Math.min(...Object.values(counted))).toBeGreaterThan(300);
});

function unlessUnavailable<T>(answer: () => T): T | undefined {
  try {
    return answer();
  } catch (error) {
    if (error instanceof ServiceError && error.code === "unavailable") return undefined;
    throw error;
  }
}
