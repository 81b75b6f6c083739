import type { Facts, RepositoryId, TeamId } from "../domain/facts.ts";
import { ancestry } from "../domain/team-tree.ts";
import { concernsPackages } from "./reduce.ts";
import type { SliceKey } from "./slice.ts";

/**
 * The slices that have never been read though others say they exist. Empty: everything is known.
 *
 * @param pinned repositories that have packages whatever they declare
 */
export function missing(facts: Facts, pinned: ReadonlySet<RepositoryId> = NONE): SliceKey[] {
  const keys: SliceKey[] = [];
  if (facts.organization === undefined) keys.push("organization");
  if (facts.policy === undefined) keys.push("policy");
  if (facts.members === undefined) keys.push("members");
  if (facts.teams === undefined) keys.push("teams");
  if (facts.organizationRoles === undefined) keys.push("organization-roles");
  if (facts.customRoles === undefined) keys.push("custom-roles");
  if (facts.repositoryList === undefined) keys.push("repositories");
  for (const id of facts.teams?.value.keys() ?? []) {
    if (!facts.teamMembers.has(id)) keys.push(`team-members/${id}`);
  }
  for (const id of facts.repositoryList?.value ?? []) {
    if (!facts.repositories.has(id)) keys.push(`repository/${id}`);
  }
  for (const [id, { value }] of facts.repositories) {
    if ((concernsPackages(value) || pinned.has(id)) && !facts.access.has(id)) keys.push(`access/${id}`);
  }
  return keys;
}

const NONE: ReadonlySet<RepositoryId> = new Set();

/** What must be read because this slice changed: what it newly names, and what it puts in doubt. */
export function consequences(before: Facts, after: Facts, key: SliceKey): SliceKey[] {
  if (key === "teams") return [...newTeams(after), ...doubtfulAccess(before, after)];
  if (key === "repositories") return missing(after).filter((each) => each.startsWith("repository/"));
  if (!key.startsWith("repository/")) return [];
  const id = Number(key.slice("repository/".length));
  const repository = after.repositories.get(id)?.value;
  const wanted = repository !== undefined && concernsPackages(repository) && !after.access.has(id);
  return wanted ? [`access/${id}`] : [];
}

function newTeams({ teams, teamMembers }: Facts): SliceKey[] {
  return [...(teams?.value.keys() ?? [])].flatMap((id): SliceKey[] =>
    teamMembers.has(id) ? [] : [`team-members/${id}`],
  );
}

/**
 * GitHub reports a team's *effective* role on a repository, so an entry may hold what came from an ancestor:
 * where a team moved or went, the access of every repository that names its family is in doubt.
 */
function doubtfulAccess(before: Facts, after: Facts): SliceKey[] {
  const was = before.teams?.value ?? new Map();
  const is = after.teams?.value ?? new Map();
  const moved = [...was.keys()].filter((id) => !is.has(id) || is.get(id)?.parent !== was.get(id)?.parent);
  if (moved.length === 0) return [];
  const ancestors = new Set(moved.flatMap((id) => [...ancestry(id, was), ...ancestry(id, is)]));
  const related = (team: TeamId): boolean => ancestors.has(team) || ancestry(team, is).some((id) => moved.includes(id));
  return [...after.access].flatMap(([id, { value }]): SliceKey[] =>
    [...value.teams.keys()].some(related) ? [`access/${id}`] : [],
  );
}
