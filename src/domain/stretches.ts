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
  /** For each a header (see {@link HEADER}), then pairs of a team's number or collaborator's id and a strength. */
  words: Float64Array;
  /** By number. */
  readonly rows: (RepositoryRow | undefined)[];
  /** Where the next stretch goes. */
  end: number;
  /** How many words belong to no repository any more. */
  wasted: number;
}

/** What is where in a stretch. */
export const HEADER = { asOf: 0, permitted: 1, visible: 2, open: 3, collaborators: 4, end: 5, length: 6 } as const;

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
  readonly teams: readonly Given[];
  readonly collaborators: readonly Given[];
}

const FIRST_SIZE = 1024;

export function noStretches(): Stretches {
  return { numbers: new Map(), places: [], words: new Float64Array(FIRST_SIZE), rows: [], end: 0, wasted: 0 };
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
  { permitted, visible, open, teams, collaborators }: Grants,
): void {
  const number = numberOfRepository(stretches, row.id);
  const size = HEADER.length + 2 * (teams.length + collaborators.length);
  const place = reserve(stretches, number, size);
  const { words } = stretches;
  const collaboratorsAt = place + HEADER.length + 2 * teams.length;
  words.set([row.asOf, permitted, visible, open, collaboratorsAt, place + size], place);
  words.set([...teams, ...collaborators].flat(), place + HEADER.length);
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

/** A word that is a small integer, as all but ids and times are; nothing is outside. */
export function integerAt(words: Float64Array, index: number): number {
  return wordAt(words, index) | 0;
}

export function wordAt(words: Float64Array, index: number): number {
  return words[index] ?? 0;
}

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
    stretches.words = new Float64Array(2 * stretches.end);
    stretches.words.set(words);
  }
  return place;
}

function lengthOf(stretches: Stretches, number: number): number {
  const place = placeOf(stretches, number);
  return place === NOWHERE ? 0 : integerAt(stretches.words, place + HEADER.end) - place;
}
