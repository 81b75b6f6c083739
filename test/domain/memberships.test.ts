import { describe, expect, it } from "vitest";
import { bitsFor, hasBit, setBit } from "../../src/domain/bits.ts";
import { NOTHING, weightOf } from "../../src/domain/grant-book.ts";
import type { Memberships } from "../../src/domain/memberships.ts";
import {
  bitsFit,
  dropMember,
  everywhereOf,
  inTeam,
  MAX_BITSET_BYTES,
  noMemberships,
  writeMember,
} from "../../src/domain/memberships.ts";

const TEAMS = 70;
const STATEMENTS = 40;

/** A strength of this weight. */
const strength = (weight: number): number => weight << 24;

function write(memberships: Memberships, user: number, teams: readonly number[]): void {
  const statements = bitsFor(STATEMENTS);
  setBit(statements, user);
  writeMember(memberships, user, { within: new Set(teams), everywhere: [strength(user)], statements });
}

/** A member's teams and strength, read back. */
function read(memberships: Memberships, user: number): [number[], number] | undefined {
  const member = memberships.numbers.get(user);
  if (member === undefined) return undefined;
  const teams = Array.from({ length: TEAMS }, (_, team) => team);
  return [teams.filter((team) => inTeam(memberships, member, team)), weightOf(everywhereOf(memberships, member, 0))];
}

describe.each([
  ["bits", true],
  ["sets", false],
])("memberships as %s", (_, bits) => {
  const written = (...members: readonly (readonly [number, readonly number[]])[]): Memberships => {
    const memberships = noMemberships(1, TEAMS, STATEMENTS, bits);
    for (const [user, teams] of members) write(memberships, user, teams);
    return memberships;
  };

  it.each([[[]], [[0]], [[31, 32]], [[33, 63, 64, 69]]])("hold the teams %j", (teams) => {
    expect(read(written([7, teams]), 7)).toEqual([teams, 7]);
  });

  it("keep members apart, also when there are more of them than expected", () => {
    const memberships = written([7, [0, 69]], [8, [1]], [9, [69]], [10, []]);
    expect([7, 8, 9, 10].map((user) => read(memberships, user))).toEqual([
      [[0, 69], 7],
      [[1], 8],
      [[69], 9],
      [[], 10],
    ]);
  });

  it("forget the old teams of a member, and of whoever had the number before", () => {
    const memberships = written([7, [0, 69]], [8, [1]], [7, [5]]);
    expect(read(memberships, 7)).toEqual([[5], 7]);
    dropMember(memberships, 7);
    dropMember(memberships, 99);
    expect(read(memberships, 7)).toBeUndefined();
    write(memberships, 9, [33]);
    expect(read(memberships, 9)).toEqual([[33], 9]);
    expect([memberships.numbers.get(9), memberships.count]).toEqual([0, 2]);
  });

  it("hold the statements of rules that mean each", () => {
    const memberships = written([7, [0, 69]], [8, []], [9, [69]]);
    const statementsOf = (member: number): number[] =>
      Array.from({ length: STATEMENTS }, (_, number) => number).filter((number) =>
        hasBit(memberships.rows, member * memberships.width + memberships.statementsAt, number),
      );
    expect([0, 1, 2].map(statementsOf)).toEqual([[7], [8], [9]]);
  });

  it("say nothing of a number that nobody has", () => {
    const memberships = written();
    expect([everywhereOf(memberships, 99, 0), inTeam(memberships, 99, 0)]).toEqual([NOTHING, false]);
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
  ])("for %i members in %i teams: %j", (members, teams, fit) => {
    expect(bitsFit(members, teams)).toBe(fit);
  });

  it("up to 16 MiB", () => {
    expect(MAX_BITSET_BYTES).toBe(16_777_216);
  });
});
