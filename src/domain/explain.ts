import type { Claim } from "./claims.ts";
import type { AllowReason, Decision, DenyReason, UnknownReason, View } from "./decide.ts";
import type { UserId } from "./facts.ts";
import { keptBy } from "./kept-names.ts";
import type { PackageName } from "./package-name.ts";
import { fullName, limitPhrase, organizationRole, repositoryOf, source, teamPhrase } from "./phrases.ts";
import type { Policy, Rule } from "./policy.ts";
import type { Permission } from "./roles.ts";
import { shownRole } from "./roles.ts";
import { policyPlace, rolesWith } from "./roles-in-force.ts";
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
  return `${who} may ${permission} ${name}: ${GRANTED[decision.reason](view, question, decision)}`;
}

const UNKNOWN = {
  "not-synced": ["yet", "not everything has been read from GitHub; try again shortly"],
  stale: ["any more", "GitHub has not confirmed it for too long; /readyz says what keeps Packgate from asking"],
} as const satisfies Record<UnknownReason, readonly string[]>;

/** Why somebody may, for each way in which that can come about. */
const GRANTED: Record<AllowReason, (view: View, question: Question, decision: Decision) => string> = {
  owner: ({ organization }, { who }) => `${who} is an owner of ${organization.login}`,
  "organization-role": (view, { user }, decision) => {
    const role = decision.grant === undefined ? "an organization role" : organizationRole(view, user, decision.grant);
    return `${role} gives ${roleIn(decision)} on ${placeOf(view, decision)}`;
  },
  team: (view, { user }, decision) =>
    `${teamPhrase(view, user, decision.grant?.team)} has ${roleIn(decision)} on ${placeOf(view, decision)}`,
  collaborator: (view, { who }, decision) =>
    `${who} is a collaborator on ${placeOf(view, decision)} with ${roleIn(decision)}`,
  base: ({ organization }, _, decision) =>
    `every member of ${organization.login} has ${roleIn(decision)} on every repository`,
  rule: (_view, _question, { rule }) => `the rule at ${ruleAt(rule)} allows it`,
  public: (view, { user }, decision) => {
    const { organization, policy, access } = view;
    if (decision.repository === undefined) {
      const who = policy.read.unclaimed === "everyone" ? "everybody" : `every member of ${organization.login}`;
      return `no repository of ${organization.login} declares this name, and ${who} may read such names`;
    }
    const isMember = user !== undefined && access.members.has(user);
    const who = isMember ? `every member of ${organization.login}` : "everybody";
    return `${who} can see ${placeOf(view, decision)}`;
  },
  workflow: ({ organization }) =>
    `a workflow's run may upload and read what its own repository holds, and read what every member of ${organization.login} can see`,
};

/** Why somebody may not, and what changes it. */
const REFUSED: Record<
  Exclude<DenyReason, "missing-credentials">,
  (view: View, question: Question, decision: Decision) => string
> = {
  unclaimed: (view, { name }) => {
    const kept = keptBy(view, name);
    if (kept === "reserved")
      return "nobody claims this name, which packgate.toml reserves; declare it in a repository that it is reserved for";
    if (kept === "not-pinned") return "packgate.toml does not pin it; an owner can add it under [packages] there";
    return `no repository of ${view.organization.login} declares this name; declare it in a manifest on the default branch`;
  },
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
  archived: (view, _, decision) => {
    const isReadable = view.policy.repositories.archived === "read";
    const rest = isReadable ? "it can only be read" : "nothing can be done with its packages";
    return `${placeOf(view, decision)} is archived, so ${rest}; an admin of the repository can unarchive it`;
  },
  rule: (_view, _question, { rule }) =>
    rule !== undefined && "unmet" in rule
      ? `${policyPlace(rule.line)} ${limitPhrase(rule)}`
      : `the rule at ${ruleAt(rule)} denies it, whatever the role`,
  "not-a-member": ({ organization }, { who }) =>
    `${who} is not a member of ${organization.login}; an owner can send an invitation on GitHub`,
  "no-grant": (view, { user, permission }, decision) => `${held(view, user, decision)}; ${needed(view, permission)}`,
};

// Most refusals end with the same words, and to find them costs more than to decide. Neither a policy nor a list of
// roles is ever changed.
const advice = new WeakMap<Policy, { readonly custom: unknown; readonly byPermission: Map<Permission, string> }>();

/** The roles that suffice, and who can give them. */
function needed(view: View, permission: Permission): string {
  const custom = view.facts.customRoles?.value;
  let known = advice.get(view.policy);
  if (known === undefined || known.custom !== custom) {
    advice.set(view.policy, (known = { custom, byPermission: new Map<Permission, string>() }));
  }
  const sentence = known.byPermission.get(permission) ?? adviceOn(view, permission);
  known.byPermission.set(permission, sentence);
  return sentence;
}

function adviceOn(view: View, permission: Permission): string {
  const roles = rolesWith(permission, view).map(shownRole);
  if (roles.length === 0) return `packgate.toml gives no role ${permission}, which an owner can change there`;
  return `${permission} needs ${list(roles, "or", Infinity)}, which an admin of the repository can give to a team or a person`;
}

/** The role that a decision names; only a decision without a grant has none. */
function roleIn({ grant }: Decision): string {
  return grant === undefined ? "a role" : shownRole(grant.role);
}

function ruleAt(rule: Pick<Rule, "line"> | undefined): string {
  return rule === undefined ? "packgate.toml" : policyPlace(rule.line);
}

function held(view: View, user: UserId | undefined, decision: Decision): string {
  const repository = placeOf(view, decision);
  return decision.grant === undefined
    ? `no role on ${repository}`
    : `the strongest role on ${repository} is ${shownRole(decision.grant.role)} (${source(view, user, decision.grant)})`;
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
