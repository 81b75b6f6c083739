import type { Team, TeamId } from "./facts.ts";

/** The organization's teams, numbered densely, each with all its ancestors. */
export interface TeamTree {
  /** A team's number, from 0. */
  readonly indexOf: ReadonlyMap<TeamId, number>;
  /** By number: the team itself and every ancestor, whose repositories it inherits. */
  readonly lineage: readonly (readonly number[])[];
}

/** The number of every team that is not listed: a grant that is newer than the list can name one. */
export const UNLISTED = -1;

export function numberOf({ indexOf }: TeamTree, team: TeamId): number {
  return indexOf.get(team) ?? UNLISTED;
}

export function growTree(teams: ReadonlyMap<TeamId, Team>): TeamTree {
  const indexOf = new Map([...teams.keys()].map((id, index) => [id, index]));
  const lineage = [...teams.keys()].map((id) => ancestry(id, teams).flatMap((team) => indexOf.get(team) ?? []));
  return { indexOf, lineage };
}

/**
 * A team and all its ancestors, nearest first. Child teams inherit their parents' access
 * (GitHub docs, "About teams"). Ends at a parent that is not listed, and at a cycle, which a
 * list read while teams were being moved can contain.
 */
export function ancestry(team: TeamId, teams: ReadonlyMap<TeamId, Team>): readonly TeamId[] {
  const line = new Set<TeamId>();
  for (let id: TeamId | undefined = team; id !== undefined && !line.has(id); id = teams.get(id)?.parent) line.add(id);
  return [...line];
}

/** A team and everything below it. */
export function descendants(team: TeamId, teams: ReadonlyMap<TeamId, Team>): ReadonlySet<TeamId> {
  return new Set([team, ...[...teams.keys()].filter((id) => ancestry(id, teams).includes(team))]);
}

/** Which teams a user is in, ancestors included: one bit per team, or a set where bits would cost too much. */
export interface TeamRow {
  readonly bits: Uint32Array | undefined;
  readonly set: ReadonlySet<number> | undefined;
}

/** Above this many bytes of bits for the whole organization, rows become sets. */
export const MAX_BITSET_BYTES = 16 * 1024 * 1024;

/** Decides once per compilation how rows are kept. */
export function rowsFit(users: number, teams: number): boolean {
  return users * Math.ceil(teams / 32) * 4 <= MAX_BITSET_BYTES;
}

/** @param direct the teams the user is an immediate member of */
export function teamRow(tree: TeamTree, direct: Iterable<TeamId>, packed: boolean): TeamRow {
  const members = new Set<number>();
  for (const team of direct) {
    for (const index of tree.lineage[numberOf(tree, team)] ?? []) members.add(index);
  }
  if (!packed) return { bits: undefined, set: members };
  const bits = new Uint32Array(Math.ceil(tree.lineage.length / 32));
  for (const index of members) bits[index >>> 5] = wordOf(bits, index) | bitOf(index);
  return { bits, set: undefined };
}

export function inTeam({ bits, set }: TeamRow, index: number): boolean {
  if (bits !== undefined) return (wordOf(bits, index) & bitOf(index)) !== 0;
  return set?.has(index) ?? false;
}

/** The word that holds a team's bit; empty for {@link UNLISTED}, which lies outside. */
function wordOf(bits: Uint32Array, index: number): number {
  return bits[index >>> 5] ?? 0;
}

function bitOf(index: number): number {
  return 1 << (index & 31);
}
