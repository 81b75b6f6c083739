import { RETIREMENT_MS } from "./claims.ts";
import type { Decision, DenyReason, View } from "./decide.ts";
import { grantsFor, viaTeams } from "./decide.ts";
import type { RepositoryId, TeamId, UserId } from "./facts.ts";
import type { Grant } from "./grants.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";
import { rolesWith } from "./roles.ts";

/** One path on which a role reaches somebody, as data. Teams are slugs. */
export interface Evidence {
  readonly kind: Grant["kind"];
  /** The organization role's name, for `organization-role`. */
  readonly name?: string;
  /** The team the role was given to. */
  readonly team?: string;
  /** The teams through which the person is in `team`; empty for a plain membership in `team` itself. */
  readonly via?: readonly string[];
  /** How many more teams there are than `via` lists. */
  readonly viaOmitted?: number;
  readonly role: string;
}

export interface EvidenceList {
  readonly evidence: readonly Evidence[];
  /** How many more paths there are than listed. */
  readonly omitted: number;
}

/** What was asked, in the words of the answer. `who` is a label, and `user` undefined for somebody we do not know. */
export interface Question {
  readonly who: string;
  readonly user: UserId | undefined;
  readonly permission: Permission;
  readonly name: PackageName;
}

const MAX_EVIDENCE = 50;
const MAX_VIA = 10;
/** How many names a sentence lists before it counts the rest. */
const MAX_NAMES = 3;

/** The decision as a sentence: what is so and why; for a refusal, also what can be done about it in GitHub. */
export function explain(view: View, question: Question, decision: Decision): string {
  const { who, permission, name } = question;
  switch (decision.outcome) {
    case "allow":
      return `${who} may ${permission} ${name}: ${because(view, question, decision.grant, fullName(view, decision.repository.id))}`;
    case "deny":
      return decision.reason === "missing-credentials"
        ? `no credentials were given: sign in with a GitHub login and a token to ${permission} ${name}`
        : `${who} may not ${permission} ${name}: ${refusal(view, question, decision, decision.reason)}`;
    case "unknown":
      return `it is not known yet whether ${who} may ${permission} ${name}: not everything has been read from GitHub; try again shortly`;
  }
}

/** Every path that grants the permission, strongest first; empty unless allowed. */
export function evidenceOf(view: View, { user, permission }: Question, decision: Decision): EvidenceList {
  if (decision.outcome !== "allow" || user === undefined) return { evidence: [], omitted: 0 };
  const grants = grantsFor(view, user, permission, decision.repository);
  const evidence = grants.slice(0, MAX_EVIDENCE).map((grant) => evidenceFor(view, user, grant));
  return { evidence, omitted: grants.length - evidence.length };
}

function evidenceFor(view: View, user: UserId, { kind, title, team, role }: Grant): Evidence {
  const name = title === undefined ? {} : { name: title };
  if (team === undefined) return { kind, ...name, role: role.name };
  const via = through(view, user, team);
  const listed = via.slice(0, MAX_VIA);
  const omitted = via.length > listed.length ? { viaOmitted: via.length - listed.length } : {};
  return { kind, ...name, team: slugOf(view, team), via: listed, ...omitted, role: role.name };
}

function because(view: View, { who, user }: Question, grant: Grant, repository: string): string {
  const role = grant.role.name;
  switch (grant.kind) {
    case "owner":
      return `${who} is an owner of ${view.organization.login}`;
    case "organization-role": {
      const holder = grant.team === undefined ? "" : `, held by ${teamPhrase(view, user, grant.team)},`;
      return `organization role ${grant.title ?? ""}${holder} gives ${role} on ${repository}`;
    }
    case "team":
      return `${teamPhrase(view, user, grant.team)} has ${role} on ${repository}`;
    case "collaborator":
      return `${who} is a collaborator on ${repository} with ${role}`;
    case "base":
      return `every member of ${view.organization.login} has ${role} on every repository`;
    case "public":
      return `every member of ${view.organization.login} can see ${repository}`;
  }
}

function refusal(view: View, question: Question, decision: Decision, reason: DenyReason): string {
  const { organization, claims } = view;
  const claim = claims.get(question.name);
  const repository = claim === undefined ? "its repository" : fullName(view, claim.repository);
  switch (reason) {
    case "unclaimed":
      return `no repository of ${organization.login} declares this name; declare it in a manifest on the default branch`;
    case "retired":
      return claim?.status === "retired"
        ? `${repository} no longer declares it, and the name rests until ${day(claim.since + RETIREMENT_MS)}; only ${repository} may take it back before`
        : "the repository that declared it no longer does";
    case "contested": {
      const rivals = claim?.status === "contested" ? claim.rivals.map((rival) => fullName(view, rival.repository)) : [];
      return `${list([repository, ...rivals])} all declare it; remove it from all but one, until then it can only be read`;
    }
    case "archived":
      return `${repository} is archived, so it can only be read; an admin of the repository can unarchive it`;
    case "not-a-member":
      return `${question.who} is not a member of ${organization.login}; an owner can invite people in the organization's settings`;
    default:
      return noGrant(view, question, decision.grant, repository);
  }
}

function noGrant(view: View, question: Question, grant: Grant | undefined, repository: string): string {
  const { permission } = question;
  const held =
    grant === undefined
      ? `no role on ${repository}`
      : `the strongest role on ${repository} is ${grant.role.name} (${shortly(view, question.user, grant)})`;
  const needed = list(rolesWith(permission), "or");
  return `${held}; ${permission} needs ${needed}, which an admin of the repository can give to a team or a person`;
}

/** Where a grant comes from, in a few words. */
function shortly(view: View, user: UserId | undefined, { kind, team, title }: Grant): string {
  switch (kind) {
    case "team":
      return teamPhrase(view, user, team);
    case "organization-role":
      return `organization role ${title ?? ""}`;
    case "base":
      return "base permission of the organization";
    case "public":
      return "visible to every member";
    default:
      return kind;
  }
}

function teamPhrase(view: View, user: UserId | undefined, team: TeamId | undefined): string {
  if (team === undefined || user === undefined) return "a team";
  const slug = slugOf(view, team);
  return isDirect(view, user, team) ? `team ${slug}` : `team ${slug} (through ${list(through(view, user, team))})`;
}

/** Slugs of the teams through which a user is in `team`; empty when it is by membership in `team` alone. */
function through(view: View, user: UserId, team: TeamId): readonly string[] {
  const via = viaTeams(view, user, team);
  return via.length === 1 && via[0] === team ? [] : via.map((id) => slugOf(view, id));
}

function isDirect({ facts }: View, user: UserId, team: TeamId): boolean {
  return facts.teamMembers.get(team)?.value.has(user) === true;
}

function slugOf({ facts }: View, team: TeamId): string {
  return facts.teams?.value.get(team)?.slug ?? `number ${team}`;
}

/** `owner/name` of a repository; its number when it is gone. */
export function fullName(view: View, id: RepositoryId): string {
  const name = view.access.repositories.get(id)?.name ?? view.facts.repositories.get(id)?.value.name;
  return name === undefined ? `repository number ${id}` : `${view.organization.login}/${name}`;
}

/** `a, b and c`; beyond {@link MAX_NAMES} names `a, b, c and 4 more`. */
function list(names: readonly string[], word = "and"): string {
  const more = names.length - MAX_NAMES;
  const parts = more > 0 ? [...names.slice(0, MAX_NAMES), `${more} more`] : [...names];
  const last = parts.pop() ?? "";
  return parts.length === 0 ? last : `${parts.join(", ")} ${word} ${last}`;
}

function day(time: number): string {
  return new Date(time).toISOString().slice(0, 10);
}
