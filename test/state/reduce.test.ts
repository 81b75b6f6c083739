import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { concernsPackages, reduce } from "../../src/state/reduce.ts";
import type { Slice } from "../../src/state/slice.ts";
import { draw, NOW, repositoryOf, role } from "../domain/facts-builder.ts";
import { repositorySlice, slicesOf, untouched } from "./slices.ts";

const LATER = NOW + 1000;
const { facts, user, team, repository } = draw({
  members: ["alice"],
  teams: { platform: { members: ["alice"] }, backend: { parent: "platform" } },
  repositories: {
    core: { declares: ["acme-core"], teams: { platform: "write" } },
    web: { declares: ["acme-web"] },
    notes: { access: "unread" },
  },
});
const [CORE, WEB, NOTES] = [repository("core"), repository("web"), repository("notes")];
const NEW = 2001;

function after(...slices: Slice[]): Facts {
  return untouched(facts, (given) => reduce(given, slices));
}

function without<T>(map: ReadonlyMap<number, T>, ...ids: number[]): ReadonlyMap<number, T> {
  return new Map([...map].filter(([id]) => !ids.includes(id)));
}

describe("replacing slices", () => {
  it("builds the facts from nothing", () => {
    expect(untouched(NO_FACTS, (given) => reduce(given, slicesOf(facts)))).toEqual(facts);
  });

  it("of nothing gives the same maps", () => {
    const same = reduce(facts, []);
    expect(same).toEqual(facts);
    for (const key of ["teamMembers", "repositories", "access", "repositoryList"] as const) {
      expect(same[key]).toBe(facts[key]);
    }
  });

  it("copies only the maps it changes", () => {
    const next = after({ kind: "team-members", id: team("backend"), asOf: LATER, value: new Set([user("alice")]) });
    expect(next.teamMembers).not.toBe(facts.teamMembers);
    expect(next.access).toBe(facts.access);
    expect(next.repositories).toBe(facts.repositories);
  });

  const organization = { id: 1, login: "acme-2", basePermission: "read" } as const;
  const members = new Map([[user("alice"), { login: "alice", owner: true }]]);
  const organizationRoles = [{ name: "sre", base: role("read"), users: new Set<number>(), teams: new Set<number>() }];
  const customRoles = new Map([["deployer", "write" as const]]);

  it.each<[Slice, Partial<Facts>]>([
    [
      { kind: "organization", asOf: LATER, value: organization },
      { organization: { asOf: LATER, value: organization } },
    ],
    [{ kind: "members", asOf: LATER, value: members }, { members: { asOf: LATER, value: members } }],
    [
      { kind: "organization-roles", asOf: LATER, value: organizationRoles },
      { organizationRoles: { asOf: LATER, value: organizationRoles } },
    ],
    [{ kind: "custom-roles", asOf: LATER, value: customRoles }, { customRoles: { asOf: LATER, value: customRoles } }],
  ])("replaces $kind whole and leaves the rest", (slice, change) => {
    expect(after(slice)).toEqual({ ...facts, ...change });
  });

  it("takes the last of several for one key", () => {
    const backend = (asOf: number, ...users: number[]): Slice => ({
      kind: "team-members",
      id: team("backend"),
      asOf,
      value: new Set(users),
    });
    expect(after(backend(LATER, 1), backend(NOW, 2)).teamMembers.get(team("backend"))).toEqual({
      asOf: NOW,
      value: new Set([2]),
    });
  });
});

describe("teams", () => {
  it("take their members with them when they go", () => {
    const value = new Map([...(facts.teams?.value ?? [])].filter(([id]) => id === team("backend")));
    expect(after({ kind: "teams", asOf: LATER, value })).toEqual({
      ...facts,
      teams: { asOf: LATER, value },
      teamMembers: without(facts.teamMembers, team("platform")),
    });
  });

  it("that GitHub no longer has lose their members", () => {
    const gone: Slice = { kind: "team-members", id: team("backend"), asOf: LATER, value: undefined };
    expect(after(gone)).toEqual({ ...facts, teamMembers: without(facts.teamMembers, team("backend")) });
  });

  it("that were never known change nothing by going", () => {
    expect(after({ kind: "team-members", id: 999, asOf: LATER, value: undefined }).teamMembers).toBe(facts.teamMembers);
  });
});

describe("repositories", () => {
  it("that the list no longer names go, with their access", () => {
    expect(after({ kind: "repositories", asOf: LATER, value: new Set([WEB, NEW]) })).toEqual({
      ...facts,
      repositoryList: { asOf: LATER, value: new Set([WEB, NEW]) },
      repositories: without(facts.repositories, CORE, NOTES),
      access: without(facts.access, CORE),
    });
  });

  it("that are gone leave the list and lose their access, and the list keeps its age", () => {
    expect(after(repositorySlice(CORE, "core", undefined, LATER))).toEqual({
      ...facts,
      repositoryList: { asOf: NOW, value: new Set([WEB, NOTES]) },
      repositories: without(facts.repositories, CORE),
      access: without(facts.access, CORE),
    });
  });

  it("that are gone and were never known change nothing", () => {
    const next = after(repositorySlice(NEW, "new", undefined));
    expect(next).toEqual(facts);
    expect(next.repositoryList).toBe(facts.repositoryList);
  });

  it("that are new join the list, and the list keeps its age", () => {
    const next = after(repositorySlice(NEW, "new", {}, LATER));
    expect(next.repositoryList).toEqual({ asOf: NOW, value: new Set([CORE, WEB, NOTES, NEW]) });
    expect(next.repositories.get(NEW)).toEqual({ asOf: LATER, value: repositoryOf("new") });
  });

  it("do not make a list where none was read", () => {
    expect(reduce(NO_FACTS, [repositorySlice(NEW, "new", {})]).repositoryList).toBeUndefined();
    expect(reduce(NO_FACTS, [repositorySlice(NEW, "new", undefined)])).toEqual(NO_FACTS);
  });

  it.each([
    ["declares nothing any more", {}],
    ["became a fork", { declares: ["acme-core"], fork: true }],
  ])("lose their access when one %s", (_, sketch) => {
    const next = after(repositorySlice(CORE, "core", sketch, LATER));
    expect(next.access).toEqual(without(facts.access, CORE));
    expect(next.repositories.get(CORE)).toEqual({ asOf: LATER, value: repositoryOf("core", sketch) });
  });

  it("keep their access while a broken manifest may still hold a name", () => {
    expect(after(repositorySlice(CORE, "core", { broken: ["acme-core"] })).access).toBe(facts.access);
  });

  it.each([
    [{}, false],
    [{ declares: ["a"] }, true],
    [{ broken: ["a"] }, true],
    [{ declares: ["a"], fork: true }, false],
    [{ broken: ["a"], fork: true }, false],
  ])("concern packages when they are %j: %j", (sketch, expected) => {
    expect(concernsPackages(repositoryOf("any", sketch))).toBe(expected);
  });

  it("can lose the access that was read", () => {
    expect(after({ kind: "access", id: CORE, asOf: LATER, value: undefined })).toEqual({
      ...facts,
      access: without(facts.access, CORE),
    });
  });
});

describe("several slices at once", () => {
  const list = (...ids: number[]): Slice => ({ kind: "repositories", asOf: LATER, value: new Set(ids) });
  const here = repositorySlice(NEW, "new", { declares: ["acme-new"] });
  const gone = repositorySlice(NEW, "new", undefined);

  it.each<[string, Slice[]]>([
    ["a newcomer before a list without it", [here, list(CORE)]],
    ["a newcomer after a list without it", [list(CORE), here]],
    ["a newcomer that is gone again", [here, gone]],
    ["a repository that is gone and comes back", [gone, here]],
    ["a listed newcomer that is gone again", [list(CORE, NEW), here, gone]],
    ["a list that drops what it then reads", [list(WEB), repositorySlice(CORE, "core", { declares: ["acme-core"] })]],
    [
      "teams that go before their members are read",
      [{ kind: "teams", asOf: NOW, value: new Map() }, ...slicesOf(facts)],
    ],
  ])("are the same as one after another: %s", (_, slices) => {
    expect(after(...slices)).toEqual(slices.reduce((each, slice) => reduce(each, [slice]), facts));
  });
});
