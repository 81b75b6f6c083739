import type { RepositoryRow } from "./access.ts";
import type { RepositoryId } from "./facts.ts";
import type { Strength } from "./grant-book.ts";
import type { PermissionMask } from "./roles.ts";

/** The repositories with their grants: all that a decision needs of one is a stretch of one array. */
export interface Stretches {
  /** Every repository that has or had grants or a name; a number is never given twice. */
  readonly numbers: Map<RepositoryId, number>;
  /** By number, where the stretch begins; {@link NOWHERE} for a repository whose grants are not known. */
  readonly places: number[];
  /**
   * For each a header (see {@link HEADER}), then for each team its number and a strength, then for each collaborator an
   * id, in two halves, and a strength.
   */
  words: Int32Array;
  /** By number. */
  readonly rows: (RepositoryRow | undefined)[];
  /** Where the next stretch goes. */
  end: number;
  /** How many words belong to no repository any more. */
  wasted: number;
}

/** What is where in a stretch; a time takes two words, as ids do. */
export const HEADER = {
  asOf: 0,
  permitted: 2,
  visible: 3,
  open: 4,
  unlisted: 5,
  collaborators: 6,
  end: 7,
  length: 8,
} as const;

/** How many words a team takes, and how many a collaborator. */
export const TEAM_WORDS = 2;
export const COLLABORATOR_WORDS = 3;

export const NOWHERE = -1;

/** Who holds a grant, a team by number or a collaborator by id, and its strength. */
export type Given = readonly [holder: number, strength: Strength];

/** What is written of one repository. */
interface Grants {
  /** What may be done at all; less than everything where the repository is archived. */
  readonly permitted: PermissionMask;
  /** What every member holds because of the repository's visibility. */
  readonly visible: Strength;
  /** What everybody holds, members or not. */
  readonly open: Strength;
  /** Whether a team has a grant that is not listed: nobody knows who is in it. */
  readonly unlisted: boolean;
  readonly teams: readonly Given[];
  readonly collaborators: readonly Given[];
}

const FIRST_SIZE = 1024;

export function noStretches(): Stretches {
  return { numbers: new Map(), places: [], words: new Int32Array(FIRST_SIZE), rows: [], end: 0, wasted: 0 };
}

/** A repository's number, from 0, by which it can be referred to before anything is known of it. */
export function numberOfRepository({ numbers, places, rows }: Stretches, id: RepositoryId): number {
  const known = numbers.get(id);
  if (known !== undefined) return known;
  numbers.set(id, places.length);
  rows.push(undefined);
  return places.push(NOWHERE) - 1;
}

export function placeOf({ places }: Stretches, repository: number): number {
  return places[repository] ?? NOWHERE;
}

/** Writes a stretch over the old one if it fits there, or else behind all others. */
export function writeStretch(
  stretches: Stretches,
  row: RepositoryRow,
  { permitted, visible, open, unlisted, teams, collaborators }: Grants,
): void {
  const number = numberOfRepository(stretches, row.id);
  const teamWords = TEAM_WORDS * teams.length;
  const size = HEADER.length + teamWords + COLLABORATOR_WORDS * collaborators.length;
  const place = reserve(stretches, number, size);
  const { words } = stretches;
  const collaboratorsAt = place + HEADER.length + teamWords;
  words.set([...halves(row.asOf), permitted, visible, open, Number(unlisted), collaboratorsAt, place + size], place);
  words.set(teams.flat(), place + HEADER.length);
  words.set(
    collaborators.flatMap(([id, strength]) => [...halves(id), strength]),
    collaboratorsAt,
  );
  stretches.rows[number] = row;
  stretches.places[number] = place;
}

export function dropStretch(stretches: Stretches, id: RepositoryId): void {
  const number = stretches.numbers.get(id);
  if (number === undefined) return;
  stretches.wasted += lengthOf(stretches, number);
  stretches.places[number] = NOWHERE;
  stretches.rows[number] = undefined;
}

/** Nothing is outside. */
export function wordAt(words: Int32Array, index: number): number {
  return words[index] ?? 0;
}

/** The lower 32 bits of a whole number that may be longer, such as an id or a time, as a word holds them. */
export function lowHalf(number: number): number {
  return number | 0;
}

export function highHalf(number: number): number {
  return Math.floor(number / HALF);
}

/** The whole number of which the two halves lie here. */
export function wholeAt(words: Int32Array, index: number): number {
  return wordAt(words, index + 1) * HALF + (wordAt(words, index) >>> 0);
}

function halves(number: number): [number, number] {
  return [lowHalf(number), highHalf(number)];
}

const HALF = 2 ** 32;

/** Whether it is time to write everything anew: seldom enough that each change pays but a little of it. */
export function isWasteful({ end, wasted }: Stretches): boolean {
  return wasted > FIRST_SIZE + end / 2;
}

function reserve(stretches: Stretches, number: number, size: number): number {
  const room = lengthOf(stretches, number);
  const old = placeOf(stretches, number);
  if (old !== NOWHERE && size <= room) {
    stretches.wasted += room - size;
    return old;
  }
  stretches.wasted += room;
  const place = stretches.end;
  stretches.end += size;
  if (stretches.end > stretches.words.length) {
    const { words } = stretches;
    stretches.words = new Int32Array(2 * stretches.end);
    stretches.words.set(words);
  }
  return place;
}

function lengthOf(stretches: Stretches, number: number): number {
  const place = placeOf(stretches, number);
  return place === NOWHERE ? 0 : wordAt(stretches.words, place + HEADER.end) - place;
}
