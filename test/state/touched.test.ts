import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { reduce } from "../../src/state/reduce.ts";
import type { Slice } from "../../src/state/slice.ts";
import { touchedBy, valueOf } from "../../src/state/touched.ts";
import { draw, NOW } from "../domain/facts-builder.ts";
import { repositorySlice, slicesOf } from "./slices.ts";

const { facts, user, team, repository } = draw({
  owners: ["olga"],
  members: ["alice", "bob"],
  teams: { platform: { members: ["alice", "bob"] } },
  repositories: { core: { declares: ["acme-core"] }, web: {} },
});
const [OLGA, ALICE, BOB, CAROL] = [user("olga"), user("alice"), user("bob"), user("carol")];
const [CORE, WEB] = [repository("core"), repository("web")];

const touched = (changed: readonly Slice[], before: Facts = facts) =>
  touchedBy(before, reduce(before, changed), changed, changed);
const nothing = { shared: false, users: new Set(), teams: new Set(), repositories: new Set() };
const members = (people: Record<number, { login: string; owner: boolean }>): Slice => ({
  kind: "members",
  asOf: NOW,
  value: new Map(Object.entries(people).map(([id, member]) => [Number(id), member])),
});
const team101 = (...users: number[]): Slice => ({
  kind: "team-members",
  id: team("platform"),
  asOf: NOW,
  value: new Set(users),
});

describe("what a change touches", () => {
  const gone: Slice = { kind: "team-members", id: team("platform"), asOf: NOW, value: undefined };
  const alice = { login: "alice", owner: false };
  const bob = { login: "bob", owner: false };
  const olga = { login: "olga", owner: true };

  it.each<[string, Slice, ReadonlySet<number>]>([
    ["nobody", members({ [OLGA]: olga, [ALICE]: alice, [BOB]: bob }), new Set()],
    ["somebody who left", members({ [OLGA]: olga, [ALICE]: alice }), new Set([BOB])],
    ["somebody who came", members({ [OLGA]: olga, [ALICE]: alice, [BOB]: bob, [CAROL]: alice }), new Set([CAROL])],
    ["a new owner", members({ [OLGA]: olga, [ALICE]: { ...alice, owner: true }, [BOB]: bob }), new Set([ALICE])],
    ["a new login", members({ [OLGA]: olga, [ALICE]: { ...alice, login: "al" }, [BOB]: bob }), new Set([ALICE])],
    ["no team member", team101(ALICE, BOB), new Set()],
    ["a new team member", team101(ALICE, BOB, OLGA), new Set([OLGA])],
    ["a former team member", team101(BOB), new Set([ALICE])],
    ["every member of a team that is gone", gone, new Set([ALICE, BOB])],
  ])("%s", (_, slice, users) => {
    const teams = new Set(slice.kind === "team-members" ? [slice.id] : []);
    expect(touched([slice])).toEqual({ ...nothing, users, teams });
  });

  it("everybody who is read for the first time", () => {
    expect(touched([members({ [ALICE]: alice }), team101(BOB)], NO_FACTS)).toEqual({
      ...nothing,
      users: new Set([ALICE, BOB]),
      teams: new Set([team("platform")]),
    });
  });

  it("nobody, when no members are known before or after", () => {
    expect(touchedBy(NO_FACTS, NO_FACTS, [], [members({})])).toEqual(nothing);
  });

  it("a repository that was read, even if nothing changed: its facts have a new age", () => {
    const slices = [
      repositorySlice(CORE, "core", {}),
      { kind: "access", id: WEB, asOf: NOW, value: undefined } as const,
    ];
    expect(touchedBy(facts, facts, slices, [])).toEqual({ ...nothing, repositories: new Set([CORE, WEB]) });
  });

  it("the repositories that are no longer listed", () => {
    const list: Slice = { kind: "repositories", asOf: NOW, value: new Set([WEB, 2001]) };
    expect(touched([list])).toEqual({ ...nothing, repositories: new Set([CORE]) });
  });

  it.each<Slice>([
    { kind: "organization", asOf: NOW, value: { id: 1, login: "acme", basePermission: "none" } },
    { kind: "teams", asOf: NOW, value: new Map() },
    { kind: "organization-roles", asOf: NOW, value: [] },
    { kind: "custom-roles", asOf: NOW, value: new Map() },
  ])("every row, when $kind changes", (slice) => {
    expect(touchedBy(facts, facts, [slice], [slice])).toEqual({ ...nothing, shared: true });
    expect(touchedBy(facts, facts, [slice], [])).toEqual(nothing);
  });
});

describe("the value behind a key", () => {
  it("is what the facts hold", () => {
    for (const slice of slicesOf(facts)) expect(valueOf(facts, slice)).toBe(slice.value);
  });

  it("is undefined where nothing is known", () => {
    for (const slice of slicesOf(facts)) expect(valueOf(NO_FACTS, slice)).toBeUndefined();
  });
});
