import { describe, expect, it } from "vitest";
import type { Touched } from "../../src/domain/access.ts";
import { compileAccess, updateAccess } from "../../src/domain/access.ts";
import { hasBit } from "../../src/domain/bits.ts";
import { decide } from "../../src/domain/decide.ts";
import { keepsStatements } from "../../src/domain/memberships.ts";
import type { Rule } from "../../src/domain/policy.ts";
import { bitsOf, setsOf, statementsOf } from "../../src/domain/statements.ts";
import { draw, packageName } from "./facts-builder.ts";
import { rule, rules } from "./policies.ts";
import { asked, heldClaims, viewOf } from "./views.ts";

const numbered = (count: number, prefix: string): string[] =>
  Array.from({ length: count }, (_, number) => `${prefix}${number}`);

describe("sets of statements", () => {
  const patterns = numbered(100_000, "p");
  const read = rule(`deny members r ${patterns.join(",")}`);
  const upload = rule("deny members c *");
  const sets = setsOf(statementsOf([upload, read]));
  const numbersIn = (one: readonly Rule[]): number[] =>
    Array.from({ length: sets.size }, (_, number) => number).filter((number) => hasBit(bitsOf(sets, one), 0, number));

  it("are those of the rules that they come from, of these very rules, and made once", () => {
    const one = [upload];
    expect(numbersIn(one)).toEqual([100_000]);
    expect(numbersIn([upload, read])).toHaveLength(100_001);
    expect(numbersIn([])).toEqual([]);
    expect(numbersIn([rule("deny members c *")])).toEqual([]);
    expect(bitsOf(sets, one)).toBe(bitsOf(sets, one));
  });

  it("never take more than 16 MiB together, and are made anew when they are asked for again", () => {
    const many = Array.from({ length: 5000 }, () => [upload]);
    let most = 0;
    for (const one of many) {
      const { byteLength } = bitsOf(sets, one);
      most = Math.max(most, byteLength * sets.made.size);
    }
    expect(most).toBeGreaterThan(8 * 1024 * 1024);
    expect(most).toBeLessThanOrEqual(16 * 1024 * 1024);
    expect(numbersIn(many[0] ?? [])).toEqual([100_000]);
  });
});

describe("rules that name many", () => {
  const people = numbered(1000, "u");
  const packages = numbered(300, "p");

  it("take what is written of each, until somebody asks", () => {
    const kinds = [people.map((who) => `user:${who}`), packages.map((name) => `workflow:${name}`)].flat();
    const policy = rules(...kinds.map((who) => `allow ${who} c *`));
    const repositories = Object.fromEntries(packages.map((name) => [name, { declares: [name] }]));
    const { view, ask } = asked({ members: people, repositories }, [], policy);
    expect(view.access.rules.users.size + view.access.rules.workflows.size).toBe(1300);
    const { made } = view.access.rules.sets;
    expect(made.size).toBe(0);
    expect(ask("u7", "upload", "p7")).toMatchObject({ outcome: "allow", rule: { line: 8 } });
    expect(ask("run:p7", "upload", "p8")).toMatchObject({ outcome: "allow", rule: { line: 1008 } });
    expect(made.size).toBeLessThan(6);
  });
});

describe("more statements than can be kept with each member", () => {
  const members = numbered(1100, "u");
  const drawn = draw({
    members,
    teams: { all: { members: ["u0"] }, some: { members: ["u1"], parent: "all" } },
    repositories: { core: { declares: ["core"] } },
    base: "write",
  });
  const patterns = numbered(130_000, "p").join(",");
  const view = viewOf(drawn.facts, heldClaims(drawn), rules(`deny members r ${patterns}`, "deny team:all c *"));
  const outcome = (who: string, { access } = view) =>
    decide({ ...view, access }, { kind: "user", id: drawn.user(who) }, "upload", packageName("core")).outcome;

  it("mean the same members, through the teams that they are in", () => {
    expect(keepsStatements(view.access.memberships)).toBe(false);
    for (const _ of [1, 2]) expect(["u0", "u1", "u2"].map((who) => outcome(who))).toEqual(["deny", "deny", "allow"]);
  });

  it("follow who is in which team, and are kept once there are fewer members", () => {
    const { facts } = view;
    const all = facts.teamMembers.keys().next().value ?? 0;
    const touched: Touched = {
      shared: false,
      users: new Set([drawn.user("u0"), drawn.user("u2")]),
      teams: new Set([all]),
      repositories: new Set(),
      names: [],
    };
    const teamMembers = new Map([...facts.teamMembers, [all, { asOf: 1, value: new Set([drawn.user("u2")]) }]]);
    const moved = updateAccess(compileAccess(view), { ...view, facts: { ...facts, teamMembers } }, touched);
    expect(["u0", "u1", "u2"].map((who) => outcome(who, { ...view, access: moved }))).toEqual([
      "allow",
      "deny",
      "deny",
    ]);

    const few = facts.members && { ...facts.members, value: new Map([...facts.members.value].slice(0, 3)) };
    const sources = { ...view, facts: { ...facts, members: few } };
    const gone = new Set(members.slice(3).map((who) => drawn.user(who)));
    const fewer = updateAccess(compileAccess(view), sources, { ...touched, users: gone, teams: new Set() });
    expect(keepsStatements(fewer.memberships)).toBe(true);
    expect(["u0", "u1", "u2"].map((who) => outcome(who, { ...view, access: fewer }))).toEqual([
      "deny",
      "deny",
      "allow",
    ]);
  });
});
