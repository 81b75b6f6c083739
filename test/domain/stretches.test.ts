import { describe, expect, it } from "vitest";
import type { RepositoryRow } from "../../src/domain/access.ts";
import type { Stretches } from "../../src/domain/stretches.ts";
import {
  dropStretch,
  HEADER,
  highHalf,
  isWasteful,
  lowHalf,
  NOWHERE,
  noStretches,
  numberOfRepository,
  placeOf,
  wholeAt,
  wordAt,
  writeStretch,
} from "../../src/domain/stretches.ts";

const row = (id: number): RepositoryRow => ({
  id,
  name: `r${id}`,
  visibility: "private",
  archived: id % 2 === 1,
  asOf: id,
});

/** Writes a repository that `teams` teams have a grant on. */
function write(stretches: Stretches, id: number, teams: number): void {
  const given = Array.from({ length: teams }, (_, index) => [index, id] as const);
  writeStretch(stretches, row(id), {
    permitted: 31,
    visible: 0,
    open: 0,
    unlisted: false,
    teams: given,
    collaborators: [[id, 5]],
  });
}

function read(stretches: Stretches, id: number): { row: unknown; words: number[] } {
  const { words, rows } = stretches;
  const number = numberOfRepository(stretches, id);
  const place = placeOf(stretches, number);
  const end = wordAt(words, place + HEADER.end);
  return {
    row: rows[number],
    words: Array.from(words.subarray(place + HEADER.length, end)),
  };
}

describe("stretches", () => {
  it("hold each repository's grants, teams first", () => {
    const stretches = noStretches();
    write(stretches, 1, 2);
    write(stretches, 2, 0);
    expect(read(stretches, 1)).toEqual({ row: row(1), words: [0, 1, 1, 1, 1, 0, 5] });
    expect(read(stretches, 2)).toEqual({ row: row(2), words: [2, 0, 5] });
    expect(stretches).toMatchObject({ end: 26, wasted: 0 });
  });

  it("are written over where the new one fits, and moved where it does not", () => {
    const stretches = noStretches();
    write(stretches, 1, 2);
    write(stretches, 2, 1);
    write(stretches, 1, 1);
    expect(stretches).toMatchObject({ end: 28, wasted: 2 });
    write(stretches, 1, 3);
    expect(stretches).toMatchObject({ end: 45, wasted: 15 });
    expect(read(stretches, 1).words).toEqual([0, 1, 1, 1, 2, 1, 1, 0, 5]);
    expect(read(stretches, 2)).toEqual({ row: row(2), words: [0, 2, 2, 0, 5] });
    expect(stretches.rows).toEqual([row(1), row(2)]);
  });

  it("are gone when they are dropped, though nobody moves into their place", () => {
    const stretches = noStretches();
    write(stretches, 1, 1);
    dropStretch(stretches, 1);
    dropStretch(stretches, 99);
    expect([stretches.places, stretches.rows]).toEqual([[NOWHERE], [undefined]]);
    expect(stretches).toMatchObject({ end: 13, wasted: 13 });
  });

  it("keep a repository's number wherever they are, from before there was one until after", () => {
    const stretches = noStretches();
    const number = numberOfRepository(stretches, 7);
    expect(placeOf(stretches, number)).toBe(NOWHERE);
    write(stretches, 1, 2);
    write(stretches, 7, 1);
    const first = placeOf(stretches, number);
    write(stretches, 7, 2);
    expect(placeOf(stretches, number)).not.toBe(first);
    dropStretch(stretches, 7);
    expect(placeOf(stretches, number)).toBe(NOWHERE);
    expect(placeOf(stretches, 99)).toBe(NOWHERE);
    expect(numberOfRepository(stretches, 7)).toBe(number);
  });

  it("outgrow the array", () => {
    const stretches = noStretches();
    for (let id = 1; id <= 200; id++) write(stretches, id, 3);
    expect(read(stretches, 1).words).toEqual([0, 1, 1, 1, 2, 1, 1, 0, 5]);
    expect(read(stretches, 200).words).toEqual([0, 200, 1, 200, 2, 200, 200, 0, 5]);
    expect(wordAt(stretches.words, stretches.words.length)).toBe(0);
  });

  it("hold ids that fit into no 32 bits", () => {
    const stretches = noStretches();
    write(stretches, 2 ** 33 + 7, 0);
    expect(read(stretches, 2 ** 33 + 7).words).toEqual([7, 2, 5]);
  });

  it.each([0, 1, 2 ** 31, 2 ** 32 - 1, 2 ** 32, 2 ** 53 - 1])("take %d apart and put it together", (number) => {
    expect(wholeAt(Int32Array.of(9, lowHalf(number), highHalf(number)), 1)).toBe(number);
  });

  it("are wasteful once half of them is waste, and more than a little", () => {
    expect(isWasteful({ ...noStretches(), end: 1024, wasted: 1024 })).toBe(false);
    expect(isWasteful({ ...noStretches(), end: 4096, wasted: 3072 })).toBe(false);
    expect(isWasteful({ ...noStretches(), end: 4096, wasted: 3073 })).toBe(true);
  });
});
