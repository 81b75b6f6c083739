import type { Claim } from "./claims.ts";
import type { Decision, DenyReason, UnknownReason, View } from "./decide.ts";
import { grantsFor, viaTeams } from "./decide.ts";
import type { RepositoryId, TeamId, UserId } from "./facts.ts";
import type { Grant } from "./grants.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";
import { rolesWith } from "./roles.ts";
import { day, list } from "./words.ts";

/** What was asked, in the words of the answer. */
export interface Question {
  /** A login, or what else to call the subject. */
  readonly who: string;
  /** `undefined` for somebody we do not know. */
  readonly user: UserId | undefined;
  readonly permission: Permission;
  readonly name: PackageName;
}

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

const MAX_EVIDENCE = 50;
const MAX_VIA = 10;

/** The decision as a sentence: what is so and why; for a refusal, also what can be done about it in GitHub. */
export function explain(view: View, question: Question, decision: Decision): string {
  const { who, permission, name } = question;
  if (decision.outcome === "unknown") {
    const [yet, why] = UNKNOWN[decision.reason];
    return `it is not known ${yet} whether ${who} may ${permission} ${name}: ${why}`;
  }
  if (decision.reason === "missing-credentials") {
    return `no credentials were given: sign in with a GitHub login and a token to ${permission} ${name}`;
  }
  if (decision.outcome === "deny") {
    return `${who} may not ${permission} ${name}: ${REFUSED[decision.reason](view, question, decision)}`;
  }
  const { grant } = decision;
  return `${who} may ${permission} ${name}: ${GRANTED[grant.kind](view, question, grant, placeOf(view, decision))}`;
}

const UNKNOWN = {
  "not-synced": ["yet", "not everything has been read from GitHub; try again shortly"],
  stale: ["any more", "GitHub has not confirmed it for too long; /readyz says what keeps Packgate from asking"],
} as const satisfies Record<UnknownReason, readonly string[]>;

/** Every path that grants the permission, strongest first, and how many more there are; none unless allowed. */
export function evidenceOf(
  view: View,
  { user, permission }: Question,
  decision: Decision,
): { readonly evidence: readonly Evidence[]; readonly omitted: number } {
  if (decision.outcome !== "allow" || user === undefined) return { evidence: [], omitted: 0 };
  const grants = grantsFor(view, user, permission, decision.repository);
  const evidence = grants.slice(0, MAX_EVIDENCE).map((grant) => evidenceFor(view, user, grant));
  return { evidence, omitted: grants.length - evidence.length };
}

function evidenceFor(view: View, user: UserId, { kind, title, team, role }: Grant): Evidence {
  const name = title === undefined ? {} : { name: title };
  if (team === undefined) return { kind, ...name, role: role.name };
  const via = through(view, user, team);
  const omitted = via.length > MAX_VIA ? { viaOmitted: via.length - MAX_VIA } : {};
  return { kind, ...name, team: slugOf(view, team), via: via.slice(0, MAX_VIA), ...omitted, role: role.name };
}

/** Why somebody may, for each way in which GitHub can give a role. */
const GRANTED: Record<Grant["kind"], (view: View, question: Question, grant: Grant, repository: string) => string> = {
  owner: ({ organization }, { who }) => `${who} is an owner of ${organization.login}`,
  "organization-role": (view, { user }, grant, repository) =>
    `${organizationRole(view, user, grant)} gives ${grant.role.name} on ${repository}`,
  team: (view, { user }, { team, role }, repository) =>
    `${teamPhrase(view, user, team)} has ${role.name} on ${repository}`,
  collaborator: (_, { who }, { role }, repository) => `${who} is a collaborator on ${repository} with ${role.name}`,
  base: ({ organization }, _, { role }) => `every member of ${organization.login} has ${role.name} on every repository`,
  public: ({ organization }, _question, _grant, repository) =>
    `every member of ${organization.login} can see ${repository}`,
};

/** Why somebody may not, and what changes it. */
const REFUSED: Record<
  Exclude<DenyReason, "missing-credentials">,
  (view: View, question: Question, decision: Decision) => string
> = {
  unclaimed: ({ organization }) =>
    `no repository of ${organization.login} declares this name; declare it in a manifest on the default branch`,
  retired: (view, { name }) => {
    const claim = view.claims.get(name);
    if (claim?.status === "unbound") {
      const pin = `${view.organization.login}/${claim.pin}`;
      return `the policy pins it to ${pin}, which does not exist; an owner can mend the pin in packgate.toml`;
    }
    const repository = claimant(view, claim);
    const end = claim === undefined ? "the name is free" : day(claim.since + view.policy.names.retirementMs);
    return `${repository} no longer declares it; until ${end} only ${repository} may take it back`;
  },
  contested: (view, { name }) => {
    const claim = view.claims.get(name);
    const rivals = claim?.status === "contested" ? claim.rivals.map((rival) => fullName(view, rival.repository)) : [];
    return `${list([claimant(view, claim), ...rivals])} declare it; until all but one remove it, it can only be read`;
  },
  archived: (view, _, decision) =>
    `${placeOf(view, decision)} is archived, so it can only be read; an admin of the repository can unarchive it`,
  "not-a-member": ({ organization }, { who }) =>
    `${who} is not a member of ${organization.login}; an owner can send an invitation on GitHub`,
  "no-grant": (view, { user, permission }, decision) =>
    `${held(view, user, decision)}; ${permission} needs ${NEEDED[permission]}, which an admin of the repository can give to a team or a person`,
};

/** The roles that suffice, in words. */
const NEEDED: Readonly<Record<Permission, string>> = {
  read: needed("read"),
  upload: needed("upload"),
  yank: needed("yank"),
  delete: needed("delete"),
  manage: needed("manage"),
};

function needed(permission: Permission): string {
  return list(rolesWith(permission), "or", Infinity);
}

function held(view: View, user: UserId | undefined, decision: Decision): string {
  const repository = placeOf(view, decision);
  return decision.grant === undefined
    ? `no role on ${repository}`
    : `the strongest role on ${repository} is ${decision.grant.role.name} (${source(view, user, decision.grant)})`;
}

/** The repository that has a claim. */
function claimant(view: View, claim: Claim | undefined): string {
  return claim?.repository === undefined ? UNNAMED : fullName(view, claim.repository);
}

/** The repository that a decision is about. */
function placeOf(view: View, decision: Decision): string {
  return repositoryOf(view, decision) ?? UNNAMED;
}

const UNNAMED = "its repository";

/** Where a grant comes from, in a few words. */
function source(view: View, user: UserId | undefined, grant: Grant): string {
  if (grant.kind === "team") return teamPhrase(view, user, grant.team);
  if (grant.kind === "organization-role") return organizationRole(view, user, grant);
  if (grant.kind === "base") return "the organization's base permission";
  return grant.kind === "public" ? "every member can see it" : grant.kind;
}

function organizationRole(view: View, user: UserId | undefined, { title, team }: Grant): string {
  const role = `organization role ${title ?? "of an unknown name"}`;
  return team === undefined ? role : `${role} of ${teamPhrase(view, user, team)}`;
}

function teamPhrase(view: View, user: UserId | undefined, team: TeamId | undefined): string {
  if (team === undefined || user === undefined) return "a team";
  const slug = slugOf(view, team);
  const direct = view.facts.teamMembers.get(team)?.value.has(user) === true;
  return direct ? `team ${slug}` : `team ${slug} (through ${list(through(view, user, team))})`;
}

/** Slugs of the teams through which a user is in `team`; empty when it is by membership in `team` alone. */
function through(view: View, user: UserId, team: TeamId): readonly string[] {
  const via = viaTeams(view, user, team);
  return via.length === 1 && via[0] === team ? [] : via.map((id) => slugOf(view, id));
}

function slugOf({ facts }: View, team: TeamId): string {
  return facts.teams?.value.get(team)?.slug ?? `number ${team}`;
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
