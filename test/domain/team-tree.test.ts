import { describe, expect, it } from "vitest";
import type { Team } from "../../src/domain/facts.ts";
import type { TeamTree } from "../../src/domain/team-tree.ts";
import {
  ancestry,
  descendants,
  growTree,
  inTeam,
  MAX_BITSET_BYTES,
  numberOf,
  rowsFit,
  teamRow,
  UNLISTED,
} from "../../src/domain/team-tree.ts";

/** Teams by their parents' ids. */
function listed(parents: Readonly<Record<number, number | undefined>>): Map<number, Team> {
  return new Map(
    Object.entries(parents).map(([id, parent]) => [Number(id), { nodeId: `T${id}`, slug: `team-${id}`, parent }]),
  );
}

const FAMILY = listed({ 1: undefined, 2: 1, 3: 2, 4: 1, 5: undefined });
const ROUND = listed({ 1: 3, 2: 1, 3: 2 });
const ORPHAN = listed({ 2: 99 });

describe("ancestry", () => {
  it.each([
    ["a root", FAMILY, 1, [1]],
    ["a grandchild, nearest first", FAMILY, 3, [3, 2, 1]],
    ["a cycle, once round", ROUND, 2, [2, 1, 3]],
    ["a parent that is not listed", ORPHAN, 2, [2, 99]],
    ["a team that is not listed", FAMILY, 99, [99]],
  ])("of %s", (_, teams, team, line) => {
    expect(ancestry(team, teams)).toEqual(line);
  });
});

describe("descendants", () => {
  it.each([
    ["a root", FAMILY, 1, [1, 2, 3, 4]],
    ["a leaf", FAMILY, 3, [3]],
    ["everybody in a cycle", ROUND, 1, [1, 2, 3]],
    ["a parent that is not listed", ORPHAN, 99, [99, 2]],
  ])("of %s", (_, teams, team, family) => {
    expect(descendants(team, teams)).toEqual(new Set(family));
  });
});

describe("the tree", () => {
  it("numbers teams densely and knows each one's line", () => {
    expect(growTree(FAMILY)).toEqual({
      indexOf: new Map([
        [1, 0],
        [2, 1],
        [3, 2],
        [4, 3],
        [5, 4],
      ]),
      lineage: [[0], [1, 0], [2, 1, 0], [3, 0], [4]],
    });
  });

  it("leaves out a parent that is not listed", () => {
    expect(growTree(ORPHAN).lineage).toEqual([[0]]);
  });

  it("numbers every unlisted team alike", () => {
    const tree = growTree(FAMILY);
    expect([numberOf(tree, 5), numberOf(tree, 99), numberOf(tree, 0)]).toEqual([4, UNLISTED, UNLISTED]);
  });
});

describe("a row", () => {
  // 70 teams in a chain of two each: numbers on both sides of the word borders 32 and 64.
  const many = growTree(
    listed(Object.fromEntries(Array.from({ length: 70 }, (_, id) => [id, id % 2 ? id - 1 : undefined]))),
  );
  const within = (tree: TeamTree, direct: readonly number[], packed: boolean): number[] => {
    const row = teamRow(tree, direct, packed);
    return tree.lineage.flatMap((_, index) => (inTeam(row, index) ? [index] : []));
  };

  it.each([
    [[], []],
    [[0], [0]],
    [[31], [30, 31]],
    [[32], [32]],
    [
      [33, 63, 69],
      [32, 33, 62, 63, 68, 69],
    ],
    [[99], []],
  ])("of the direct teams %j holds %j in both forms", (direct, expected) => {
    expect(within(many, direct, true)).toEqual(expected);
    expect(within(many, direct, false)).toEqual(expected);
  });

  it("takes one bit per team, or a set", () => {
    expect(teamRow(many, [33, 64], true)).toEqual({ bits: Uint32Array.of(0, 3, 1), set: undefined });
    expect(teamRow(many, [33, 64], false)).toEqual({ bits: undefined, set: new Set([33, 32, 64]) });
  });

  it.each([true, false])("never holds an unlisted team (packed: %j)", (packed) => {
    const row = teamRow(
      many,
      Array.from({ length: 71 }, (_, id) => id),
      packed,
    );
    expect(inTeam(row, 69)).toBe(true);
    expect(inTeam(row, UNLISTED)).toBe(false);
  });

  it("without any form holds nothing", () => {
    expect(inTeam({ bits: undefined, set: undefined }, 0)).toBe(false);
  });
});

describe("bits fit", () => {
  it.each([
    [0, 0, true],
    [MAX_BITSET_BYTES / 4, 32, true],
    [MAX_BITSET_BYTES / 4 + 1, 32, false],
    [MAX_BITSET_BYTES / 4, 33, false],
    [5_000, 1_000, true],
    [100_000, 2_000, false],
  ])("for %i users in %i teams: %j", (users, teams, fit) => {
    expect(rowsFit(users, teams)).toBe(fit);
  });

  it("up to 16 MiB", () => {
    expect(MAX_BITSET_BYTES).toBe(16_777_216);
  });
});
