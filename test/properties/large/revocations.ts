import type { Facts } from "../../../src/domain/facts.ts";
import type { Revocation } from "../../../src/state/revoke.ts";
import type { Random } from "../../simulator/random.ts";
import { anyRole, pick } from "./edits.ts";

/** Takes something away that somebody has, most of the time. */
export function anyRevocation(
  { members, teamMembers, teams, repositories, access }: Facts,
  random: Random,
): Revocation {
  const [user] = pick(random, members?.value ?? new Map());
  const [repository, { value: granted }] = pick(random, access);
  const [team, { value: within }] = pick(random, teamMembers);
  const [holder = team] = granted.teams.keys();
  const [collaborator = user] = granted.collaborators.keys();
  const [member = user] = within;
  const atMost = random.below(2) === 0 ? { atMost: anyRole(random) } : {};
  const [any] = pick(random, repositories);
  return random.pick<Revocation>([
    { kind: "member", user },
    { kind: "team-member", team, user: member },
    { kind: "team-grant", team: holder, repository, ...atMost },
    { kind: "team-grant", team: teams?.value.get(holder)?.parent ?? holder, repository, ...atMost },
    { kind: "collaborator", user: collaborator, repository, ...atMost },
    { kind: "blocked", user: collaborator },
    { kind: "repository", repository: any },
    { kind: "archived", repository },
    { kind: "private", repository },
    // Whole families go with it, so it is rarer than the rest.
    random.below(4) === 0 ? { kind: "team", team } : { kind: "archived", repository: any },
  ]);
}
