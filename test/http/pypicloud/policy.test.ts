import { describe, expect, it } from "vitest";
import { compileAccess, updateAccess } from "../../../src/domain/access.ts";
import type { View } from "../../../src/domain/decide.ts";
import type { Policy, Rule } from "../../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../../src/domain/policy.ts";
import { groups } from "../../../src/http/pypicloud/proven.ts";
import type { Visitors } from "../../../src/http/pypicloud/visitors.ts";
import { createVisitors } from "../../../src/http/pypicloud/visitors.ts";
import { ACME, BOB, confirmed, NOW, READERS, repository, viewOf } from "../acme.ts";
import { ask, BASIC, during, OTHER_SECRET, serving } from "../helpers.ts";

const rw = ["read", "write"];
const r = ["read"];

/** The organization under a policy, with `core` public. */
function viewUnder(policy: Partial<Policy>, more: Partial<View> = {}): View {
  const repositories = new Map(ACME.repositories);
  repositories.set(100, confirmed(repository("core", { visibility: "public" })));
  const view = viewOf({ ...ACME, repositories }, { policy: { ...DEFAULT_POLICY, ...policy }, ...more });
  return { ...view, access: compileAccess(view) };
}

const get = async (port: number, call: string, headers: Readonly<Record<string, string>> = BASIC): Promise<unknown> =>
  JSON.parse((await ask(port, `/pypicloud/${call}`, { headers })).text);

function rule(more: Partial<Rule>): Rule {
  const when = { visibility: undefined, environment: undefined, ref: undefined };
  return { who: [], packages: ["*"], indexes: undefined, permissions: 3, effect: "deny", when, line: 1, ...more };
}

describe("a policy, as pypicloud hears of it", () => {
  it("opens what everybody may read to everybody, and to nobody without it", async () => {
    await during(serving(viewUnder({})), async ({ port }) => {
      expect(await get(port, "group_permissions?package=acme-core")).toEqual({ platform: rw, readers: r });
    });
    const open = viewUnder({ read: { publicRepositories: "everyone", unclaimed: "nobody" } });
    await during(serving(open), async ({ port }) => {
      const groups = { platform: rw, readers: r, authenticated: r, everyone: r };
      expect(await get(port, "group_permissions?package=acme-core")).toEqual(groups);
      expect(await get(port, "group_permissions?package=acme-old")).toEqual({ backend: r });
      const held = [{ package: "acme-core", permissions: r }];
      expect(await get(port, "group_package_permissions?group=everyone")).toEqual(held);
    });
  });

  it("that reserves a name keeps it from pypicloud's defaults before anybody claims it", async () => {
    const reserved = [{ pattern: "acme-*", repositories: ["core"], line: 1 }];
    const kept = viewUnder({ names: { ...DEFAULT_POLICY.names, reserved } });
    await during(serving(kept), async ({ port }) => {
      expect(await get(port, "user_permissions?package=acme-new")).toEqual({ _claimed: [] });
      expect(await get(port, "group_permissions?package=acme-new")).toEqual({ _claimed: [] });
      expect(await get(port, "user_permissions?package=requests")).toEqual({});
    });
  });

  it("that refuses one of a team leaves the team no group, and the others what they hold", async () => {
    const rules = [rule({ who: [{ kind: "user", name: "bob" }] })];
    const denied = viewUnder({ rules, read: { publicRepositories: "everyone", unclaimed: "nobody" } });
    await during(serving(denied), async ({ port }) => {
      // Nor is it everybody's any more: bob, signed in, is one of everybody.
      expect(await get(port, "group_permissions?package=acme-core")).toEqual({ platform: rw });
      const users = (await get(port, "user_permissions?package=acme-core")) as Record<string, unknown>;
      expect(users).toMatchObject({ alice: rw, olga: rw });
      expect(users).not.toHaveProperty("bob");
    });
  });

  it("for one index is not told to another", async () => {
    const rules = [rule({ who: [{ kind: "user", name: "alice" }], indexes: ["index-b"] })];
    const other = { authorization: `Basic ${Buffer.from(`index-b:${OTHER_SECRET}`).toString("base64")}` };
    await during(serving(viewUnder({ rules })), async ({ port }) => {
      for (const times of [1, 2]) {
        expect([times, await get(port, "user_permissions?package=acme-core")]).toEqual([
          times,
          expect.objectContaining({ alice: rw }),
        ]);
        expect(await get(port, "user_permissions?package=acme-core", other)).not.toHaveProperty("alice");
        expect(await get(port, "group_permissions?package=acme-core", other)).toEqual({ readers: r });
        expect(await get(port, "user_package_permissions?username=alice", other)).toEqual([]);
      }
    });
  });
});

describe("what pypicloud was told before", () => {
  const core = "user_permissions?package=acme-core";

  it("is told again only while nothing has changed that it rests on", async () => {
    let view = viewUnder({});
    const organizations = () => [{ id: 1, login: "acme", view: () => view, confirm: () => Promise.resolve() }];
    await during({ organizations }, async ({ port }) => {
      const first = await get(port, core);
      expect(first).toMatchObject({ alice: rw });
      expect(await get(port, core)).toEqual(first);
      // Only reads are known.
      view = { ...view, readsOnly: true };
      expect(await get(port, core)).toMatchObject({ alice: r });
      view = { ...view, readsOnly: false };
      expect(await get(port, core)).toEqual(first);
      // A fact is too old.
      view = { ...view, freshSince: NOW + 1 };
      expect(await get(port, core)).toMatchObject({ error: "unavailable" });
      view = { ...view, freshSince: NOW };
      expect(await get(port, core)).toEqual(first);
      // A name changed hands, and what was read is the same object.
      view.access.names.clear();
      view = { ...view, revision: view.revision + 1, claims: new Map() };
      expect(await get(port, core)).toEqual({});
      // Something was read.
      view = viewUnder({}, { revision: view.revision });
      expect(await get(port, core)).toEqual(first);
    });
  });

  it("is not told of a group once somebody has left the team", async () => {
    let view = viewUnder({});
    const organizations = () => [{ id: 1, login: "acme", view: () => view, confirm: () => Promise.resolve() }];
    await during({ organizations }, async ({ port }) => {
      expect(await get(port, "group_members?group=readers")).toEqual(["bob"]);
      // As the store does it: the compiled members stay one object.
      const teamMembers = new Map([...ACME.teamMembers, [READERS, confirmed(new Set<number>())]]);
      const later = { ...view, facts: { ...view.facts, teamMembers }, revision: view.revision + 1 };
      const touched = {
        shared: false,
        users: new Set([BOB]),
        teams: new Set([READERS]),
        repositories: new Set<number>(),
        names: [],
      };
      view = { ...later, access: updateAccess(view.access, later, touched) };
      expect(await get(port, "group_members?group=readers")).toEqual([]);
      expect(await get(port, "group_permissions?package=acme-core")).toEqual({ platform: rw });
    });
  });

  it("is not told when only this package has become too old", async () => {
    const access = new Map(ACME.access);
    const granted = access.get(100);
    if (granted !== undefined) access.set(100, { ...granted, asOf: NOW - 10 });
    let view = viewOf({ ...ACME, access }, { freshSince: NOW - 10 });
    const organizations = () => [{ id: 1, login: "acme", view: () => view, confirm: () => Promise.resolve() }];
    await during({ organizations }, async ({ port }) => {
      expect(await get(port, core)).toMatchObject({ alice: rw });
      view = { ...view, freshSince: NOW - 9 };
      expect(await get(port, core)).toMatchObject({ error: "unavailable" });
    });
  });
});

it("a group that gives something at one index is left out there alone, when its member's token is in doubt", () => {
  const uploads = rule({ who: [{ kind: "team", name: "platform" }], permissions: 2, indexes: ["index-b"] });
  const view = viewUnder({ rules: [uploads] });
  const doubting: Visitors = { ...createVisitors(() => NOW), isDoubted: () => true };
  const groupsAt = (index: string): string => groups(view, new Map([["username", "alice"]]), { index }, doubting);
  expect(["index-a", "index-b", "index-a"].map(groupsAt)).toEqual([
    '["backend"]',
    '["backend","platform"]',
    '["backend"]',
  ]);
});
