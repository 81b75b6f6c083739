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
  const children = childrenIn(teams);
  const below = new Set([team]);
  // What is added while it is gone through is gone through, too.
  for (const id of below) for (const child of children.get(id) ?? []) below.add(child);
  return below;
}

/** Every webhook about a team asks this, of one and the same list. */
const found = new WeakMap<ReadonlyMap<TeamId, Team>, ReadonlyMap<TeamId, readonly TeamId[]>>();

function childrenIn(teams: ReadonlyMap<TeamId, Team>): ReadonlyMap<TeamId, readonly TeamId[]> {
  const known = found.get(teams);
  if (known !== undefined) return known;
  const children = new Map<TeamId, TeamId[]>();
  for (const [id, { parent }] of teams) {
    if (parent === undefined) continue;
    const siblings = children.get(parent);
    if (siblings === undefined) children.set(parent, [id]);
    else siblings.push(id);
  }
  found.set(teams, children);
  return children;
}

/** The numbers of some teams and all their ancestors. */
export function withAncestors(tree: TeamTree, teams: Iterable<TeamId>): ReadonlySet<number> {
  const numbers = new Set<number>();
  for (const team of teams) {
    for (const number of tree.lineage[numberOf(tree, team)] ?? []) numbers.add(number);
  }
  return numbers;
}
