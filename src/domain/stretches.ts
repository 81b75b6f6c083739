import type { RepositoryRow } from "./access.ts";
import type { RepositoryId } from "./facts.ts";
import type { Strength } from "./grant-book.ts";

/** The repositories with their grants: all that a decision needs of one is a stretch of one array. */
export interface Stretches {
  /** Where each one's stretch begins. */
  readonly places: Map<RepositoryId, number>;
  /** For each a header (see {@link HEADER}), then pairs of a team's number or collaborator's id and a strength. */
  words: Float64Array;
  /** By the number in the header. */
  readonly rows: RepositoryRow[];
  /** Where the next stretch goes. */
  end: number;
  /** How many words belong to no repository any more. */
  wasted: number;
}

/** What is where in a stretch. */
export const HEADER = { row: 0, asOf: 1, archived: 2, visible: 3, collaborators: 4, end: 5, length: 6 } as const;

/** Who holds a grant, a team by number or a collaborator by id, and its strength. */
export type Given = readonly [holder: number, strength: Strength];

const FIRST_SIZE = 1024;

export function noStretches(): Stretches {
  return { places: new Map(), words: new Float64Array(FIRST_SIZE), rows: [], end: 0, wasted: 0 };
}

/**
 * Writes a stretch over the old one if it fits there, or else behind all others.
 *
 * @param visible what every member holds because of the repository's visibility
 */
export function writeStretch(
  stretches: Stretches,
  row: RepositoryRow,
  visible: Strength,
  teams: readonly Given[],
  collaborators: readonly Given[],
): void {
  const { places, rows } = stretches;
  const number = numberOfRow(stretches, row.id) ?? rows.length;
  const size = HEADER.length + 2 * (teams.length + collaborators.length);
  const place = reserve(stretches, row.id, size);
  const { words } = stretches;
  const collaboratorsAt = place + HEADER.length + 2 * teams.length;
  words.set([number, row.asOf, Number(row.archived), visible, collaboratorsAt, place + size], place);
  words.set([...teams, ...collaborators].flat(), place + HEADER.length);
  rows[number] = row;
  places.set(row.id, place);
}

export function dropStretch(stretches: Stretches, id: RepositoryId): void {
  stretches.wasted += lengthOf(stretches, id);
  stretches.places.delete(id);
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

function reserve(stretches: Stretches, id: RepositoryId, size: number): number {
  const room = lengthOf(stretches, id);
  const old = stretches.places.get(id);
  if (old !== undefined && size <= room) {
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

function lengthOf({ places, words }: Stretches, id: RepositoryId): number {
  const place = places.get(id);
  return place === undefined ? 0 : integerAt(words, place + HEADER.end) - place;
}

function numberOfRow({ places, words }: Stretches, id: RepositoryId): number | undefined {
  const place = places.get(id);
  return place === undefined ? undefined : integerAt(words, place + HEADER.row);
}
