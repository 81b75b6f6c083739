import type { View } from "../../domain/decide.ts";
import type { Team, TeamId, UserId } from "../../domain/facts.ts";
import { madeOnce } from "../../domain/made-once.ts";
import { perRevision } from "../../domain/per-revision.ts";
import { membersOf, teamsOf } from "../../domain/team-search.ts";

/** What pypicloud calls everybody, also without credentials, and everybody who has signed in. */
export const EVERYONE = "everyone";
export const AUTHENTICATED = "authenticated";

/**
 * Names that mean something else to pypicloud (its access/base.py). GitHub lets a team be called so, but what such a
 * team holds would be everybody's: it is no group, and its members' rights reach them one by one.
 */
const RESERVED: ReadonlySet<string> = new Set([EVERYONE, AUTHENTICATED, "admin"]);

export function allGroups(view: View): string[] {
  return [...groupNames(view).values()].toSorted();
}

/** A team, and what it is called as a group. */
export interface Group {
  readonly team: TeamId;
  readonly name: string;
}

const groupsByUser = perRevision(() => new Map<UserId, readonly Group[]>());

/** Those of somebody by name, inherited ones included: a child team's members have what its parents are given. */
export function groupsOfUser(view: View, user: UserId): readonly Group[] {
  return madeOnce(groupsByUser(view), user, () =>
    groupsOf(view, teamsOf(view, user)).toSorted((a, b) => (a.name < b.name ? -1 : 1)),
  );
}

/** The groups that teams are; not every team is one. */
export function groupsOf(view: View, teams: readonly TeamId[]): Group[] {
  const names = groupNames(view);
  return teams.flatMap((team) => {
    const name = names.get(team);
    return name === undefined ? [] : [{ team, name }];
  });
}

export function namesOf(groups: readonly Group[]): string[] {
  return groups.map(({ name }) => name);
}

export function membersOfGroup(view: View, group: string): string[] {
  const team = teamNamed(view, group);
  if (team === undefined) return [];
  return membersOf(view, team)
    .flatMap((id) => view.access.members.get(id)?.login ?? [])
    .toSorted();
}

/** The team that a group is. */
export function teamNamed(view: View, group: string): TeamId | undefined {
  return [...groupNames(view)].find(([, name]) => name === group)?.[0];
}

// A list of teams is never changed, so its names are those of the object.
const namesByTeams = new WeakMap<object, ReadonlyMap<TeamId, string>>();
const NO_TEAMS: ReadonlyMap<TeamId, Team> = new Map();

function groupNames({ facts }: View): ReadonlyMap<TeamId, string> {
  const teams = facts.teams?.value ?? NO_TEAMS;
  const known = namesByTeams.get(teams);
  if (known !== undefined) return known;
  const names = readNames(teams);
  namesByTeams.set(teams, names);
  return names;
}

/** Slugs are labels that change hands. One that two teams carry while they are renamed names neither. */
function readNames(teams: ReadonlyMap<TeamId, Team>): ReadonlyMap<TeamId, string> {
  const times = new Map<string, number>();
  for (const { slug } of teams.values()) times.set(slug, (times.get(slug) ?? 0) + 1);
  const groups = [...teams].filter(([, { slug }]) => times.get(slug) === 1 && !RESERVED.has(slug));
  return new Map(groups.map(([id, { slug }]) => [id, slug]));
}
