import { describe, expect, it } from "vitest";
import type { Access, Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { reduce } from "../../src/state/reduce.ts";
import type { Revocation } from "../../src/state/revoke.ts";
import { revoke } from "../../src/state/revoke.ts";
import type { Sketch } from "../domain/facts-builder.ts";
import { draw, role } from "../domain/facts-builder.ts";
import { untouched } from "./slices.ts";

const ACME: Sketch = {
  owners: ["olga"],
  members: ["alice", "bob"],
  teams: {
    platform: { members: ["bob"] },
    backend: { parent: "platform", members: ["alice", "bob"] },
    search: { parent: "backend", members: ["alice"] },
    design: { members: ["alice"] },
  },
  organizationRoles: { sre: { base: "read", users: ["alice", "olga"], teams: ["design"] }, ci: { users: ["bob"] } },
  customRoles: { deployer: "maintain" },
  repositories: {
    core: {
      declares: ["acme-core"],
      visibility: "public",
      teams: { platform: "write", backend: "admin", search: "read", design: "write" },
      collaborators: { alice: "write", dave: "deployer:maintain" },
    },
    web: { declares: ["acme-web"], teams: { design: "admin" }, collaborators: { dave: "read" } },
    api: { declares: ["acme-api"], teams: { search: "admin" }, archived: true },
  },
};

const { facts, user, team, repository } = draw(ACME);
const [ALICE, BOB, DAVE, EVE] = [user("alice"), user("bob"), user("dave"), user("eve")];
const [PLATFORM, BACKEND, DESIGN] = [team("platform"), team("backend"), team("design")];
const [CORE, WEB, API] = [repository("core"), repository("web"), repository("api")];

/** The facts after a revocation, which must be the given ones with just `sketch` drawn anew. */
function expectCut(revocation: Revocation, expected: Facts): void {
  const slices = untouched(facts, (given) => revoke(given, revocation));
  const after = reduce(facts, slices);
  expect(after).toEqual(expected);
  expect(revoke(after, revocation), "a repeated revocation finds nothing to cut").toEqual([]);
}

/** The facts with other grants on some repositories. */
function granted(change: Readonly<Record<number, Partial<Access>>>): Facts {
  const access = [...facts.access].map(
    ([id, { asOf, value }]) => [id, { asOf, value: { ...value, ...change[id] } }] as const,
  );
  return { ...facts, access: new Map(access) };
}

function keys(revocation: Revocation): string[] {
  return revoke(facts, revocation).map((slice) => ("id" in slice ? `${slice.kind}/${slice.id}` : slice.kind));
}

const roles = (map: Readonly<Record<string, string>>) =>
  new Map(Object.entries(map).map(([slug, text]) => [team(slug), role(text)]));

describe("a person loses", () => {
  it("everything by leaving the organization", () => {
    const { members, organizationRoles } = facts;
    if (members === undefined || organizationRoles === undefined) throw new Error("not sketched");
    const withoutAlice = (users: ReadonlySet<number>) => new Set([...users].filter((id) => id !== ALICE));
    const collaborators = new Map([[DAVE, { login: "dave", role: role("deployer:maintain") }]]);
    expectCut(
      { kind: "member", user: ALICE },
      {
        ...granted({ [CORE]: { collaborators } }),
        members: { ...members, value: new Map([...members.value].filter(([id]) => id !== ALICE)) },
        teamMembers: new Map(
          [...facts.teamMembers].map(([id, fact]) => [id, { ...fact, value: withoutAlice(fact.value) }]),
        ),
        organizationRoles: {
          ...organizationRoles,
          value: organizationRoles.value.map((each) => ({ ...each, users: withoutAlice(each.users) })),
        },
      },
    );
  });

  it.each<[string, Revocation, string[]]>([
    [
      "just what is theirs by leaving",
      { kind: "member", user: BOB },
      ["members", "organization-roles", `team-members/${PLATFORM}`, `team-members/${BACKEND}`],
    ],
    ["direct grants, if they were outside", { kind: "member", user: DAVE }, [`access/${CORE}`, `access/${WEB}`]],
    ["every direct grant by being blocked", { kind: "blocked", user: DAVE }, [`access/${CORE}`, `access/${WEB}`]],
    ["direct grants alone by being blocked", { kind: "blocked", user: ALICE }, [`access/${CORE}`]],
    ["one team", { kind: "team-member", team: BACKEND, user: ALICE }, [`team-members/${BACKEND}`]],
  ])("%s", (_, revocation, expected) => {
    expect(keys(revocation)).toEqual(expected);
  });

  it("one team and keeps its child", () => {
    const members = { asOf: facts.members?.asOf ?? 0, value: new Set([BOB]) };
    expectCut(
      { kind: "team-member", team: BACKEND, user: ALICE },
      { ...facts, teamMembers: new Map([...facts.teamMembers, [BACKEND, members]]) },
    );
  });

  it("a direct grant on one repository", () => {
    const collaborators = new Map([[ALICE, { login: "alice", role: role("write") }]]);
    expectCut({ kind: "collaborator", user: DAVE, repository: CORE }, granted({ [CORE]: { collaborators } }));
  });
});

describe("a direct grant is capped", () => {
  const capped = (user: number, atMost: string): unknown =>
    revoke(facts, { kind: "collaborator", user, repository: CORE, atMost: role(atMost) }).map(({ value }) => value);
  const left = (dave: string): unknown => [
    {
      teams: facts.access.get(CORE)?.value.teams,
      collaborators: new Map([
        [ALICE, { login: "alice", role: role("write") }],
        [DAVE, { login: "dave", role: role(dave) }],
      ]),
    },
  ];

  it.each([
    ["read", left("read")],
    ["write", left("write")],
    // The same strength under another name: the newer name is right.
    ["maintain", left("maintain")],
    ["admin", []],
    ["auditor:read", left("auditor:read")],
    // Decisions go by the definition, so the cap does, too: this role is no less than what is held.
    ["deployer:read", left("deployer:read")],
  ])("at %s", (atMost, expected) => {
    expect(capped(DAVE, atMost)).toEqual(expected);
  });

  it("but a cap gives nothing to somebody without a grant", () => {
    expect(capped(EVE, "admin")).toEqual([]);
    expect(capped(BOB, "admin")).toEqual([]);
  });

  it("by flags where no definition is known", () => {
    const plain = { ...facts, customRoles: undefined };
    const atMost = role("deployer:read");
    const [slice] = revoke(plain, { kind: "collaborator", user: ALICE, repository: CORE, atMost });
    expect(
      reduce(plain, slice === undefined ? [] : [slice])
        .access.get(CORE)
        ?.value.collaborators.get(ALICE)?.role,
    ).toEqual(atMost);
  });
});

describe("a team loses", () => {
  it("its grant, with every child's entry, which may hold what it inherits", () => {
    expectCut(
      { kind: "team-grant", team: PLATFORM, repository: CORE },
      granted({ [CORE]: { teams: roles({ design: "write" }) } }),
    );
    expectCut(
      { kind: "team-grant", team: BACKEND, repository: CORE },
      granted({ [CORE]: { teams: roles({ platform: "write", design: "write" }) } }),
    );
  });

  it("part of its grant, and its children no more than that", () => {
    expectCut(
      { kind: "team-grant", team: PLATFORM, repository: CORE, atMost: role("triage") },
      granted({ [CORE]: { teams: roles({ platform: "triage", backend: "triage", search: "read", design: "write" }) } }),
    );
  });

  it("nothing by a cap above what it has", () => {
    expect(keys({ kind: "team-grant", team: DESIGN, repository: CORE, atMost: role("admin") })).toEqual([]);
  });

  it("everything by being deleted, and its children with it", () => {
    const { teams } = facts;
    if (teams === undefined) throw new Error("not sketched");
    const gone = new Set([BACKEND, team("search")]);
    expectCut(
      { kind: "team", team: BACKEND },
      {
        ...granted({
          [CORE]: { teams: roles({ platform: "write", design: "write" }) },
          [API]: { teams: new Map() },
        }),
        teams: { ...teams, value: new Map([...teams.value].filter(([id]) => !gone.has(id))) },
        teamMembers: new Map([...facts.teamMembers].filter(([id]) => !gone.has(id))),
      },
    );
  });

  it("everything, while repositories that it never reached are left alone", () => {
    expect(keys({ kind: "team", team: BACKEND })).toEqual(["teams", `access/${CORE}`, `access/${API}`]);
  });
});

describe("a repository", () => {
  it("goes, with who was given what", () => {
    const rest = <T>(map: ReadonlyMap<number, T>) => new Map([...map].filter(([id]) => id !== CORE));
    expectCut(
      { kind: "repository", repository: CORE },
      {
        ...facts,
        repositoryList: { asOf: facts.repositoryList?.asOf ?? 0, value: new Set([WEB, API]) },
        repositories: rest(facts.repositories),
        access: rest(facts.access),
      },
    );
  });

  const patched = (change: object): Facts => ({
    ...facts,
    repositories: new Map(
      [...facts.repositories].map(([id, { asOf, value }]) => [
        id,
        { asOf, value: id === CORE ? { ...value, ...change } : value },
      ]),
    ),
  });

  it("is archived", () => {
    expectCut({ kind: "archived", repository: CORE }, patched({ archived: true }));
  });

  it("becomes private", () => {
    expectCut({ kind: "private", repository: CORE }, patched({ visibility: "private" }));
  });
});

describe("nothing is cut", () => {
  const everyKind: readonly Revocation[] = [
    { kind: "member", user: 999 },
    { kind: "team-member", team: 999, user: ALICE },
    { kind: "team-member", team: DESIGN, user: 999 },
    { kind: "team", team: 999 },
    { kind: "team-grant", team: 999, repository: CORE },
    { kind: "team-grant", team: PLATFORM, repository: WEB },
    { kind: "team-grant", team: PLATFORM, repository: 999 },
    { kind: "collaborator", user: 999, repository: CORE },
    { kind: "collaborator", user: DAVE, repository: 999 },
    { kind: "blocked", user: 999 },
    { kind: "repository", repository: 999 },
    { kind: "archived", repository: 999 },
    { kind: "archived", repository: API },
    { kind: "private", repository: 999 },
    { kind: "private", repository: WEB },
  ];

  it.each(everyKind)("from those who hold nothing: %j", (revocation) => {
    expect(revoke(facts, revocation)).toEqual([]);
  });

  it.each(everyKind)("before anything has been read: %j", (revocation) => {
    expect(revoke(NO_FACTS, revocation)).toEqual([]);
  });

  it("but the grants of a team that is not listed", () => {
    const unlisted = { ...facts, teams: undefined };
    expect(revoke(unlisted, { kind: "team-grant", team: DESIGN, repository: WEB }).map(({ value }) => value)).toEqual([
      { ...facts.access.get(WEB)?.value, teams: new Map() },
    ]);
  });
});
