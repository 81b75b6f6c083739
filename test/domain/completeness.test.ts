import { describe, expect, it } from "vitest";
import { completenessOf } from "../../src/domain/completeness.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { growTree } from "../../src/domain/team-tree.ts";
import type { Sketch } from "./facts-builder.ts";
import { draw, NOW } from "./facts-builder.ts";

function completeness(facts: Facts): ReturnType<typeof completenessOf> {
  return completenessOf(facts, growTree(facts.teams?.value ?? new Map()));
}

describe("what is known of shared facts", () => {
  const teams: Sketch["teams"] = { top: {}, middle: { parent: "top" }, low: { parent: "middle" }, other: {} };

  it("is complete when everything has been read", () => {
    expect(completeness(draw({ teams }).facts)).toEqual({
      everywhereKnown: true,
      unread: new Set(),
      asOf: NOW,
      teamsAsOf: new Float64Array([NOW, NOW, NOW, NOW]),
    });
  });

  it("is nothing before anything has been read", () => {
    expect(completeness(NO_FACTS)).toEqual({
      everywhereKnown: false,
      unread: new Set(),
      asOf: 0,
      teamsAsOf: new Float64Array(),
    });
  });

  it("has an unread team and all its ancestors in doubt", () => {
    const { facts } = draw({ teams: { ...teams, middle: { parent: "top", members: "unread" } } });
    expect(completeness(facts).unread).toEqual(new Set([0, 1]));
  });

  it("has an unlisted parent in doubt like every unlisted team", () => {
    const { facts } = draw({ teams: { low: { parent: "unheard-of", members: "unread" } } });
    expect(completeness(facts).unread).toEqual(new Set([0]));
  });

  it.each(["organization", "members", "teams", "organizationRoles", "customRoles"] as const)(
    "is as old as the %s",
    (slice) => {
      const { facts } = draw({ teams });
      expect(completeness({ ...facts, [slice]: { ...facts[slice], asOf: 7 } }).asOf).toBe(7);
      expect(completeness({ ...facts, [slice]: undefined }).asOf).toBe(0);
    },
  );

  it("has a team as old as the oldest team below it, and nothing else for that", () => {
    const { facts, team } = draw({ teams });
    const old = { asOf: 7, value: new Set<number>() };
    const found = completeness({ ...facts, teamMembers: new Map([...facts.teamMembers, [team("middle"), old]]) });
    expect([...found.teamsAsOf]).toEqual([7, 7, NOW, NOW]);
    expect(found.asOf).toBe(NOW);
  });

  it("is as old as the oldest team with an organization role that reaches repositories", () => {
    const roles = { all: { base: "write", teams: ["top"] }, ci: { teams: ["other"] } };
    const { facts, team } = draw({ teams, organizationRoles: roles });
    const aged = (name: string, asOf: number): Facts => ({
      ...facts,
      teamMembers: new Map([...facts.teamMembers, [team(name), { asOf, value: new Set<number>() }]]),
    });
    expect(completeness(aged("low", 7)).asOf).toBe(7);
    expect(completeness(aged("other", 7)).asOf).toBe(NOW);
  });
});

describe("what was found", () => {
  const { facts } = draw({ teams: { top: {} }, repositories: { core: { declares: ["core"] } } });
  const tree = growTree(facts.teams?.value ?? new Map());

  it("is found once for as long as changes are of single repositories", () => {
    const first = completenessOf(facts, tree);
    expect(completenessOf({ ...facts, access: new Map(), repositories: new Map() }, tree)).toBe(first);
  });

  it.each(["organization", "members", "teams", "organizationRoles", "customRoles", "teamMembers"] as const)(
    "is found anew when %s is another",
    (source) => {
      const first = completenessOf(facts, tree);
      const other = { ...facts, [source]: source === "teamMembers" ? new Map() : { ...facts[source], asOf: 7 } };
      expect(completenessOf(other, tree)).not.toEqual(first);
    },
  );
});
