import type { Bits } from "./bits.ts";
import { hasBit, setBit, word, wordsFor } from "./bits.ts";
import type { UserId } from "./facts.ts";
import type { Strength } from "./grant-book.ts";
import { forQuestion, heavier, NOTHING } from "./grant-book.ts";
import type { Question } from "./questions.ts";
import { bitAsked, QUESTION_COUNT } from "./questions.ts";

/** The members by number: all that decisions need of one lies together in a row of words. */
export interface Memberships {
  readonly numbers: Map<UserId, number>;
  /**
   * By number, a row: for each question the strongest grant that reaches every repository; then a bit for each team the
   * member is in, ancestors included; then a bit for each of the rules' statements that names one of these teams, or all
   * members.
   */
  rows: Bits;
  /** Words in a row. */
  readonly width: number;
  /** Where in a row the statements' bits begin. */
  readonly statementsAt: number;
  /** By number, the teams where bits would cost too much, and no bits are kept. */
  readonly sets: ReadonlySet<number>[] | undefined;
  /** How many numbers there are, and those among them that nobody has any more. */
  count: number;
  readonly free: number[];
}

/** Above this many bytes of bits for the whole organization, teams become sets, and statements are not kept. */
export const MAX_BITSET_BYTES = 16 * 1024 * 1024;

export function bitsFit(members: number, bits: number): boolean {
  return members * wordsFor(bits) * 4 <= MAX_BITSET_BYTES;
}

/**
 * @param size how many members there is room for before rows have to be moved
 * @param statements how many statements the rules make
 */
export function noMemberships(
  size: number,
  teams: number,
  statements: number,
  bits = bitsFit(size, teams),
): Memberships {
  const statementsAt = QUESTION_COUNT + (bits ? wordsFor(teams) : 0);
  const width = statementsAt + wordsFor(statements);
  const rows = new Uint32Array(size * width);
  return { numbers: new Map(), rows, width, statementsAt, sets: bits ? undefined : [], count: 0, free: [] };
}

/** What is written of one member. */
interface Membership {
  /** The numbers of the member's teams and all their ancestors. */
  readonly within: ReadonlySet<number>;
  /** The grants that reach every repository, the first of equally heavy ones first. */
  readonly everywhere: readonly Strength[];
  /** The statements of rules that mean the member, whoever it is, where they are kept. */
  readonly statements: Bits;
}

export function writeMember(
  memberships: Memberships,
  user: UserId,
  { within, everywhere, statements }: Membership,
): void {
  const { numbers, width, statementsAt, sets } = memberships;
  const number = numbers.get(user) ?? memberships.free.pop() ?? memberships.count++;
  const row = number * width;
  if (row >= memberships.rows.length) grow(memberships, 2 * (number + 1));
  numbers.set(user, number);
  const { rows } = memberships;
  rows.fill(0, row, row + width);
  for (let question = 0; question < QUESTION_COUNT; question += 1) {
    const bit = bitAsked(question);
    rows[row + question] = everywhere.map((strength) => forQuestion(strength, bit)).reduce(heavier, NOTHING);
  }
  if (sets === undefined) for (const team of within) setBit(rows, team, teamsAt(row));
  else sets[number] = within;
  rows.set(statements, row + statementsAt);
}

/** Whether it is kept which statements mean a member. */
export function keepsStatements({ width, statementsAt }: Memberships): boolean {
  return width > statementsAt;
}

export function dropMember({ numbers, free }: Memberships, user: UserId): void {
  const number = numbers.get(user);
  if (number === undefined) return;
  numbers.delete(user);
  free.push(number);
}

/** The strongest grant that reaches every repository, marked if it suffices. */
export function everywhereOf({ rows, width }: Memberships, member: number, question: Question): Strength {
  return word(rows, member * width + question);
}

/** @param team the number of a team that is listed */
export function inTeam({ rows, width, sets }: Memberships, member: number, team: number): boolean {
  return sets === undefined ? hasBit(rows, teamsAt(member * width), team) : sets[member]?.has(team) === true;
}

function teamsAt(row: number): number {
  return row + QUESTION_COUNT;
}

function grow(memberships: Memberships, size: number): void {
  const { rows, width } = memberships;
  memberships.rows = new Uint32Array(size * width);
  memberships.rows.set(rows);
}
