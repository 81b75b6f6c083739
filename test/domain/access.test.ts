import { describe, expect, it } from "vitest";
import type { CompiledAccess, Touched } from "../../src/domain/access.ts";
import { compileAccess, updateAccess } from "../../src/domain/access.ts";
import type { Confirmed, Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import type { Grant } from "../../src/domain/grants.ts";
import { makeGrant } from "../../src/domain/grants.ts";
import { inTeam } from "../../src/domain/memberships.ts";
import { githubRole } from "../../src/domain/roles.ts";
import { growTree } from "../../src/domain/team-tree.ts";
import { draw, NOW } from "./facts-builder.ts";
import { spread } from "./spread.ts";
import { sourcesOf } from "./views.ts";

const { facts, user, team, repository } = draw({
  base: "read",
  owners: ["olga"],
  members: ["alice"],
  teams: { platform: {}, backend: { parent: "platform", members: ["alice"] } },
  organizationRoles: { sre: { base: "write", users: ["olga"], teams: ["platform"] } },
  repositories: {
    core: {
      declares: ["acme-core"],
      visibility: "internal",
      archived: true,
      teams: { backend: "deployer:maintain", unheard: "read" },
      collaborators: { dave: "write" },
    },
    draft: { access: "unread" },
  },
});

const confirmed = <T>(value: T): Confirmed<T> => ({ asOf: NOW, value });

const compile = (given: Facts): CompiledAccess => compileAccess(sourcesOf(given));
const update = (access: CompiledAccess, given: Facts, what: Touched): CompiledAccess =>
  updateAccess(access, sourcesOf(given), what);

const NO_RULES = spread(compileAccess(sourcesOf(NO_FACTS))).rules;

const touched = (part: Partial<Touched>): Touched => ({
  shared: false,
  users: new Set(),
  repositories: new Set(),
  names: [],
  ...part,
});

/** What is held everywhere for each question: of the first permissions it is enough, and of any it is all there is. */
const everywhere = (grant: Grant, enough: number) => [0, 1, 2, 3, 4, 5].map((question) => [grant, question < enough]);

describe("compiled access", () => {
  it("has a row for each member and each repository whose grants are known", () => {
    const sre = githubRole("write");
    const core = { id: repository("core"), name: "core", visibility: "internal", archived: true, asOf: NOW } as const;
    const expected: ReturnType<typeof spread> = {
      tree: growTree(facts.teams?.value ?? new Map()),
      members: new Map([
        [
          user("olga"),
          {
            login: "olga",
            direct: [],
            everywhere: [
              makeGrant("owner", githubRole("admin")),
              makeGrant("organization-role", sre, undefined, "sre"),
            ],
          },
        ],
        [
          user("alice"),
          {
            login: "alice",
            direct: [team("backend")],
            everywhere: [makeGrant("organization-role", sre, team("platform"), "sre")],
          },
        ],
      ]),
      repositories: new Map([[core.id, core]]),
      memberships: new Map([
        [
          user("olga"),
          { everywhere: everywhere(makeGrant("owner", githubRole("admin")), 5), teams: [], statements: [] },
        ],
        [
          user("alice"),
          {
            everywhere: everywhere(makeGrant("organization-role", sre, team("platform"), "sre"), 2),
            teams: [0, 1],
            statements: [],
          },
        ],
      ]),
      stretches: new Map([
        [
          core.id,
          {
            row: core,
            asOf: NOW,
            permitted: 1,
            visible: makeGrant("public", githubRole("read")),
            open: undefined,
            unlisted: 1,
            teams: [
              [
                1,
                makeGrant("team", { ...githubRole("maintain"), name: "deployer", label: "deployer" }, team("backend")),
              ],
            ],
            collaborators: [[user("dave"), makeGrant("collaborator", githubRole("write"))]],
          },
        ],
      ]),
      names: new Map(),
      rules: NO_RULES,
      servesEveryone: false,
      base: makeGrant("base", githubRole("read")),
      everywhereKnown: true,
      unread: new Set(),
      asOf: NOW,
    };
    expect(spread(compile(facts))).toEqual(expected);
  });

  it("keeps a member's own teams in the order of the list, whatever was read first, and no unlisted one", () => {
    const members = (...slugs: string[]) =>
      new Map(slugs.map((slug) => [team(slug), confirmed(new Set([user("alice")]))]));
    const teamMembers = members("unheard", "backend", "platform");
    const { members: rows } = compile({ ...facts, teamMembers });
    expect(rows.get(user("alice"))?.direct).toEqual([team("platform"), team("backend")]);
  });

  it("of nothing is nothing", () => {
    expect(spread(compile(NO_FACTS))).toEqual({
      tree: { indexOf: new Map(), lineage: [] },
      members: new Map(),
      repositories: new Map(),
      memberships: new Map(),
      stretches: new Map(),
      names: new Map(),
      rules: NO_RULES,
      servesEveryone: false,
      base: undefined,
      everywhereKnown: false,
      unread: new Set(),
      asOf: 0,
    });
  });

  it("falls back to GitHub's flags while no custom role has been read", () => {
    const { stretches } = spread(compile({ ...facts, customRoles: undefined }));
    const [[, grant] = []] = stretches.get(repository("core"))?.teams ?? [];
    expect(grant?.role).toEqual({ ...githubRole("maintain"), name: "deployer", label: "deployer" });
  });

  it("turns rows into sets where bits would cost too much", () => {
    // A row of 16,384 teams takes 2 KiB, so 8,192 members still fit.
    const names = Array.from({ length: 16_384 }, (_, index) => `team-${index}`);
    const drawn = draw({ members: ["alice"], teams: Object.fromEntries(names.map((name) => [name, {}])) });
    const alice = drawn.user("alice");
    const teamMembers = new Map([...drawn.facts.teamMembers, [drawn.team("team-99"), confirmed(new Set([alice]))]]);
    const crowd = (size: number): Facts => {
      const others = Array.from(
        { length: size - 1 },
        (_, id) => [id + 1000, { login: `u${id}`, owner: false }] as const,
      );
      const members = confirmed(new Map([...others, [alice, { login: "alice", owner: false }]]));
      return { ...drawn.facts, members, teamMembers };
    };

    const form = (after: number, before: number): string => {
      const access = update(compile(crowd(before)), crowd(after), touched({ users: new Set([alice]) }));
      const { memberships } = access;
      const has = (number: number): boolean => inTeam(memberships, memberships.numbers.get(alice) ?? -1, number);
      expect([has(98), has(99), has(100)]).toEqual([false, true, false]);
      return memberships.sets === undefined ? "bits" : "sets";
    };
    expect([form(1, 1), form(8192, 1), form(8193, 1), form(8193, 8193), form(8192, 8193)]).toEqual([
      "bits",
      "bits",
      "sets",
      "sets",
      "bits",
    ]);
  });
});

describe("bringing access up to date", () => {
  const changed = draw({ members: ["alice"], repositories: { draft: { collaborators: { alice: "write" } } } }).facts;

  it("leaves rows alone that are not touched", () => {
    const before = compile(facts);
    const rows = [...before.members, ...before.repositories];
    const after = update(before, changed, touched({}));
    expect([...after.members, ...after.repositories]).toEqual(rows);
    expect(after.tree).toBe(before.tree);
  });

  it("begins anew when every row may be touched", () => {
    expect(update(compile(facts), changed, touched({ shared: true }))).toEqual(compile(changed));
  });

  it("replaces and drops the rows that are touched", () => {
    const { facts: after } = draw({
      base: "read",
      members: ["alice"],
      repositories: { core: { declares: ["acme-core"] } },
    });
    const merged: Facts = { ...facts, members: after.members, repositories: after.repositories, access: after.access };
    const all = touched({
      users: new Set([user("olga"), user("alice")]),
      repositories: new Set([repository("core"), repository("draft"), 1001]),
    });
    expect(spread(update(compile(facts), merged, all))).toEqual(spread(compile(merged)));
  });

  it("writes everything anew once too much room is wasted", () => {
    const names = Array.from({ length: 600 }, (_, index) => `team-${index}`);
    const crowd = draw({
      teams: Object.fromEntries(names.map((name) => [name, {}])),
      repositories: { core: { teams: Object.fromEntries(names.map((name) => [name, "read" as const])) } },
    });
    const some = crowd.facts;
    const none = {
      ...some,
      access: new Map([[crowd.repository("core"), confirmed({ teams: new Map(), collaborators: new Map() })]]),
    };
    const all = touched({ repositories: new Set([crowd.repository("core")]) });
    const compiled = compile(some);
    const emptied = update(compiled, none, all);
    expect([emptied.stretches.words, emptied.stretches.wasted]).toEqual([compiled.stretches.words, 1200]);
    const filled = update(emptied, some, all);
    expect(filled.stretches.wasted).toBe(1208);
    const again = update(update(filled, none, all), some, all);
    expect(again.stretches.wasted).toBe(0);
    expect(spread(again)).toEqual(spread(compile(some)));
  });

  it("drops a touched repository that is gone, or whose grants are", () => {
    const all = touched({ repositories: new Set([repository("core")]) });
    for (const gone of [{ repositories: new Map() }, { access: new Map() }]) {
      const after = spread(update(compile(facts), { ...facts, ...gone }, all));
      expect([after.repositories, after.stretches]).toEqual([new Map(), new Map()]);
    }
  });

  it("drops every touched member while no members are known", () => {
    const { members, memberships } = update(compile(facts), NO_FACTS, touched({ users: new Set([user("olga")]) }));
    expect([[...members.keys()], [...memberships.numbers.keys()]]).toEqual([[user("alice")], [user("alice")]]);
  });

  it("knows at once what is unread and how old everything is", () => {
    const teamMembers = new Map([[team("backend"), { asOf: 7, value: new Set([user("alice")]) }]]);
    const after = update(compile(facts), { ...facts, teamMembers }, touched({}));
    expect(after).toMatchObject({ unread: new Set([0]), everywhereKnown: false, asOf: 7 });
  });
});
