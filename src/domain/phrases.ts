import type { Decision, View } from "./decide.ts";
import type { RepositoryId, TeamId, UserId } from "./facts.ts";
import type { Grant } from "./grants.ts";
import { viaTeams } from "./held.ts";
import type { Limit } from "./publishers.ts";
import { list } from "./words.ts";

/** Teams, repositories and where a grant comes from, as sentences name them. */

/** Where a grant comes from, in a few words. */
export function source(view: View, user: UserId | undefined, grant: Grant): string {
  if (grant.kind === "team") return teamPhrase(view, user, grant.team);
  if (grant.kind === "organization-role") return organizationRole(view, user, grant);
  if (grant.kind === "base") return "the organization's base permission";
  return grant.kind === "public" ? "every member can see it" : grant.kind;
}

export function organizationRole(view: View, user: UserId | undefined, { title, team }: Grant): string {
  const role = `organization role ${title ?? "of an unknown name"}`;
  return team === undefined ? role : `${role} of ${teamPhrase(view, user, team)}`;
}

export function teamPhrase(view: View, user: UserId | undefined, team: TeamId | undefined): string {
  if (team === undefined || user === undefined) return "a team";
  const slug = slugOf(view, team);
  const direct = view.facts.teamMembers.get(team)?.value.has(user) === true;
  return direct ? `team ${slug}` : `team ${slug} (through ${list(through(view, user, team))})`;
}

/** Slugs of the teams through which a user is in `team`; empty when it is by membership in `team` alone. */
export function through(view: View, user: UserId, team: TeamId): readonly string[] {
  const via = viaTeams(view, user, team);
  return via.length === 1 && via[0] === team ? [] : via.map((id) => slugOf(view, id));
}

export function slugOf({ facts }: View, team: TeamId): string {
  return facts.teams?.value.get(team)?.slug ?? `number ${team}`;
}

/** What a limit on publishers does, and what changes it: what follows its place in the policy. */
export function limitPhrase({ unmet }: Limit): string {
  if (unmet === undefined) return "lets no workflow of its repository publish; an owner can change that line";
  const among = list(unmet.globs, "or");
  switch (unmet.kind) {
    case "workflow":
      return `lets only ${among} of its repository's workflows publish; start the run from there, or have that line changed`;
    case "event":
      return `lets only runs set off by ${among} publish; set it off so, or have that line changed`;
    case "environment":
      return `lets only runs in the environment ${among} publish; name it in the job, or have that line changed`;
    case "ref":
      return `lets only runs on ${among} publish; run it there, or have that line changed`;
  }
}

/** `owner/name` of the repository that a decision rests on, if it came to one. */
export function repositoryOf({ organization }: View, { repository }: Decision): string | undefined {
  return repository === undefined ? undefined : `${organization.login}/${repository.name}`;
}

/** `owner/name` of a repository; its number when it is gone. */
export function fullName({ access, facts, organization }: View, id: RepositoryId): string {
  const name = access.repositories.get(id)?.name ?? facts.repositories.get(id)?.value.name;
  return name === undefined ? `repository number ${id}` : `${organization.login}/${name}`;
}
