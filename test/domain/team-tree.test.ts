import { describe, expect, it } from "vitest";
import type { Team } from "../../src/domain/facts.ts";
import { ancestry, descendants, growTree, numberOf, UNLISTED, withAncestors } from "../../src/domain/team-tree.ts";

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

describe("teams with their ancestors", () => {
  it("are found by number, each once", () => {
    expect(withAncestors(growTree(FAMILY), [3, 2, 5])).toEqual(new Set([2, 1, 0, 4]));
  });

  it("leave out what is not listed", () => {
    expect(withAncestors(growTree(FAMILY), [99])).toEqual(new Set());
  });
});
