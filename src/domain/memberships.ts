import type { UserId } from "./facts.ts";
import type { Strength } from "./grant-book.ts";
import { forQuestion, heavier, NOTHING } from "./grant-book.ts";
import { PERMISSION_BIT, PERMISSIONS } from "./roles.ts";

/** The members by number: all that decisions need of them lies together in a few arrays. */
export interface Memberships {
  readonly numbers: Map<UserId, number>;
  /**
   * By number and question, the strongest grant that reaches every repository: one for each permission, in the order
   * of {@link PERMISSIONS}, and then whatever it gives.
   */
  everywhere: Int32Array;
  readonly teams: MemberTeams;
  /** How many numbers there are, and those among them that nobody has any more. */
  count: number;
  readonly free: number[];
}

/** Which teams each member is in, ancestors included: a row of one bit per team, or a set where bits would cost too much. */
export interface MemberTeams {
  bits: Uint32Array | undefined;
  /** Words in a row of bits. */
  readonly width: number;
  readonly sets: ReadonlySet<number>[];
}

const QUESTIONS = [...PERMISSIONS.map((permission) => PERMISSION_BIT[permission]), 0];

/** Above this many bytes of bits for the whole organization, rows become sets. */
export const MAX_BITSET_BYTES = 16 * 1024 * 1024;

export function bitsFit(members: number, teams: number): boolean {
  return members * Math.ceil(teams / 32) * 4 <= MAX_BITSET_BYTES;
}

/** @param size how many members there is room for before arrays have to grow */
export function noMemberships(size: number, teams: number, bits = bitsFit(size, teams)): Memberships {
  const width = Math.ceil(teams / 32);
  return {
    numbers: new Map(),
    everywhere: new Int32Array(size * QUESTIONS.length),
    teams: { bits: bits ? new Uint32Array(size * width) : undefined, width, sets: [] },
    count: 0,
    free: [],
  };
}

/**
 * @param within the numbers of the member's teams and all their ancestors
 * @param everywhere the grants that reach every repository, the first of equally heavy ones first
 */
export function writeMember(
  memberships: Memberships,
  user: UserId,
  within: ReadonlySet<number>,
  everywhere: readonly Strength[],
): void {
  const number = memberships.numbers.get(user) ?? memberships.free.pop() ?? memberships.count++;
  if (number * QUESTIONS.length >= memberships.everywhere.length) grow(memberships, 2 * (number + 1));
  memberships.numbers.set(user, number);
  const strongest = QUESTIONS.map((bit) =>
    everywhere.map((strength) => forQuestion(strength, bit)).reduce(heavier, NOTHING),
  );
  memberships.everywhere.set(strongest, number * QUESTIONS.length);
  setTeams(memberships.teams, number, within);
}

export function dropMember({ numbers, free }: Memberships, user: UserId): void {
  const number = numbers.get(user);
  if (number === undefined) return;
  numbers.delete(user);
  free.push(number);
}

/**
 * The strongest grant that reaches every repository, marked if it suffices.
 *
 * @param question a permission's place among all; after the last, whatever is held
 */
export function everywhereOf({ everywhere }: Memberships, member: number, question: number): Strength {
  return everywhere[member * QUESTIONS.length + question] ?? NOTHING;
}

export function inTeam({ bits, width, sets }: MemberTeams, member: number, team: number): boolean {
  if (bits === undefined) return sets[member]?.has(team) === true;
  return (wordOf(bits, member * width, team) & bitOf(team)) !== 0;
}

function setTeams({ bits, width, sets }: MemberTeams, member: number, teams: ReadonlySet<number>): void {
  if (bits === undefined) {
    sets[member] = teams;
    return;
  }
  const row = member * width;
  bits.fill(0, row, row + width);
  for (const team of teams) bits[row + (team >>> 5)] = wordOf(bits, row, team) | bitOf(team);
}

function grow(memberships: Memberships, size: number): void {
  const { everywhere, teams } = memberships;
  memberships.everywhere = new Int32Array(size * QUESTIONS.length);
  memberships.everywhere.set(everywhere);
  if (teams.bits === undefined) return;
  const bits = new Uint32Array(size * teams.width);
  bits.set(teams.bits);
  teams.bits = bits;
}

/** The word that holds a team's bit; empty for a team that is not listed, which lies far outside. */
function wordOf(bits: Uint32Array, row: number, team: number): number {
  return bits[row + (team >>> 5)] ?? 0;
}

function bitOf(team: number): number {
  return 1 << (team & 31);
}
