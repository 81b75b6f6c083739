import { describe, expect, it } from "vitest";
import type { Facts, Team } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { consequences, missing } from "../../src/state/missing.ts";
import { reduce } from "../../src/state/reduce.ts";
import type { Slice, SliceKey } from "../../src/state/slice.ts";
import { sliceKey } from "../../src/state/slice.ts";
import { draw, NOW } from "../domain/facts-builder.ts";
import { repositorySlice } from "./slices.ts";

const { facts, team, repository } = draw({
  teams: { platform: {}, backend: { parent: "platform" }, search: { parent: "backend" }, design: {} },
  repositories: {
    core: { declares: ["acme-core"], teams: { search: "write" } },
    web: { declares: ["acme-web"], teams: { design: "write" } },
    api: { broken: ["acme-api"], teams: { platform: "write" } },
    notes: { access: "unread" },
    copy: { declares: ["acme-core"], fork: true, access: "unread" },
  },
});
const [CORE, WEB, API] = [repository("core"), repository("web"), repository("api")];

function drop<T>(map: ReadonlyMap<number, T>, id: number): ReadonlyMap<number, T> {
  return new Map([...map].filter(([each]) => each !== id));
}

describe("what is missing", () => {
  it("is every list, at the start", () => {
    expect(missing(NO_FACTS)).toEqual([
      "organization",
      "policy",
      "members",
      "teams",
      "organization-roles",
      "custom-roles",
      "repositories",
    ]);
  });

  it("is nothing once all has been read; what declares nothing and forks need no access", () => {
    expect(missing(facts)).toEqual([]);
  });

  it.each<[SliceKey, Facts]>([
    ["organization", { ...facts, organization: undefined }],
    ["members", { ...facts, members: undefined }],
    ["teams", { ...facts, teams: undefined }],
    ["organization-roles", { ...facts, organizationRoles: undefined }],
    ["custom-roles", { ...facts, customRoles: undefined }],
    ["repositories", { ...facts, repositoryList: undefined }],
    [`team-members/${team("design")}`, { ...facts, teamMembers: drop(facts.teamMembers, team("design")) }],
    [`repository/${WEB}`, { ...facts, repositories: drop(facts.repositories, WEB) }],
    [`access/${CORE}`, { ...facts, access: drop(facts.access, CORE) }],
    [`access/${API}`, { ...facts, access: drop(facts.access, API) }],
  ])("is %s alone", (key, without) => {
    expect(missing(without)).toEqual([key]);
  });
});

describe("what must be read because of a change", () => {
  const next = (slice: Slice, before: Facts = facts): readonly SliceKey[] =>
    consequences(before, reduce(before, [slice]), sliceKey(slice));

  it.each<[string, Slice, readonly string[]]>([
    [
      "a repository that begins to declare",
      repositorySlice(repository("notes"), "notes", { declares: ["n"] }),
      ["access/1004"],
    ],
    [
      "a repository whose first manifest is broken",
      repositorySlice(repository("notes"), "notes", { broken: ["n"] }),
      ["access/1004"],
    ],
    ["a fork that declares", repositorySlice(repository("copy"), "copy", { declares: ["n"], fork: true }), []],
    ["a repository that declares something else", repositorySlice(CORE, "core", { declares: ["acme-new"] }), []],
    ["a repository that declares nothing any more", repositorySlice(CORE, "core", {}), []],
    ["a repository that is gone", repositorySlice(CORE, "core", undefined), []],
    ["a list with a newcomer", { kind: "repositories", asOf: NOW, value: new Set([CORE, 2001]) }, ["repository/2001"]],
    ["a list without newcomers", { kind: "repositories", asOf: NOW, value: new Set([CORE]) }, []],
    ["members", { kind: "members", asOf: NOW, value: new Map() }, []],
    ["a team's members", { kind: "team-members", id: team("design"), asOf: NOW, value: new Set([9]) }, []],
  ])("%s", (_, slice, expected) => {
    expect(next(slice)).toEqual(expected);
  });

  it("asks for nothing else than repositories because of their list", () => {
    const incomplete = { ...facts, members: undefined, access: drop(facts.access, CORE) };
    expect(next({ kind: "repositories", asOf: NOW, value: new Set([CORE, 2001]) }, incomplete)).toEqual([
      "repository/2001",
    ]);
  });
});

describe("what must be read because teams changed", () => {
  const listed = facts.teams?.value ?? new Map<number, Team>();
  const teams = (change: (teams: Map<number, Team>) => void, before: Facts = facts): readonly SliceKey[] => {
    const value = new Map(listed);
    change(value);
    return consequences(before, reduce(before, [{ kind: "teams", asOf: NOW, value }]), "teams");
  };
  const move = (slug: string, parent: string | undefined) => (value: Map<number, Team>) => {
    value.set(team(slug), { nodeId: `T_${slug}`, slug, parent: parent === undefined ? undefined : team(parent) });
  };

  it.each<[string, (teams: Map<number, Team>) => void, readonly string[]]>([
    ["nothing changed", () => undefined, []],
    ["one got another slug", (value) => value.set(team("design"), { nodeId: "T", slug: "ux", parent: undefined }), []],
    [
      "one is new: who is in it",
      (value) => value.set(777, { nodeId: "T", slug: "new", parent: undefined }),
      ["team-members/777"],
    ],
    // search's entry on core may hold what it inherited through backend; platform is backend's former parent.
    ["one moved to the top: its family's access", move("backend", undefined), [`access/${CORE}`, `access/${API}`]],
    [
      "one moved below another: both families' access",
      move("backend", "design"),
      [`access/${CORE}`, `access/${WEB}`, `access/${API}`],
    ],
    ["a leaf moved to the top", move("search", undefined), [`access/${CORE}`, `access/${API}`]],
    [
      "one moved below a leaf: every ancestor's access",
      move("design", "search"),
      [`access/${CORE}`, `access/${WEB}`, `access/${API}`],
    ],
    ["one is gone", (value) => value.delete(team("design")), [`access/${WEB}`]],
    ["a parent is gone", (value) => value.delete(team("backend")), [`access/${CORE}`, `access/${API}`]],
  ])("%s", (_, change, expected) => {
    expect(teams(change)).toEqual(expected);
  });

  it("is everybody's membership at the first reading, and no access", () => {
    const before = { ...facts, teams: undefined, teamMembers: new Map() };
    expect(teams(() => undefined, before)).toEqual([...listed.keys()].map((id) => `team-members/${id}`));
  });

  it("is nothing while no teams are known", () => {
    expect(consequences(facts, { ...facts, teams: undefined, access: new Map() }, "teams")).toEqual([]);
    expect(consequences(NO_FACTS, NO_FACTS, "teams")).toEqual([]);
  });
});
