import type { AllowReason, Decision, View } from "./decide.ts";
import type { Question } from "./explain.ts";
import type { UserId } from "./facts.ts";
import type { Grant } from "./grants.ts";
import { grantsFor, thatGive } from "./held.ts";
import { slugOf, through } from "./phrases.ts";
import type { Rule } from "./policy.ts";
import { shownRole } from "./roles.ts";
import { policyPlace } from "./roles-in-force.ts";

/** One path on which a permission reaches somebody, or the rule that takes it away, as data. Teams are slugs. */
export interface Evidence {
  readonly kind: AllowReason;
  /** The organization role's name, for `organization-role`. */
  readonly name?: string;
  /** The team the role was given to. */
  readonly team?: string;
  /** The teams through which the person is in `team`; empty for a plain membership in `team` itself. */
  readonly via?: readonly string[];
  /** How many more teams there are than `via` lists. */
  readonly viaOmitted?: number;
  /** Left out where no role is involved. */
  readonly role?: string;
  /** The policy's label for the role. */
  readonly label?: string;
  /** Where the rule stands, such as `packgate.toml:12`, for `rule`. */
  readonly rule?: string;
  readonly effect?: Rule["effect"];
}

const MAX_EVIDENCE = 50;
const MAX_VIA = 10;

/** Every path that grants the permission, the reason first, and how many more there are; of a refusal, the rule behind it. */
export function evidenceOf(
  view: View,
  { user, permission }: Question,
  decision: Decision,
): { readonly evidence: readonly Evidence[]; readonly omitted: number } {
  const { repository, rule, reason } = decision;
  const rules = rule === undefined ? [] : [ruleEvidence(rule)];
  if (decision.outcome !== "allow") return { evidence: rules, omitted: 0 };
  if (repository === undefined || reason === "workflow") return { evidence: [{ kind: decision.reason }], omitted: 0 };
  // Whoever is no user holds at most what everybody does.
  const shared = decision.grant === undefined ? [] : [decision.grant];
  const grants = user === undefined ? thatGive(shared, permission) : grantsFor(view, user, permission, repository);
  const paths = grants.slice(0, MAX_EVIDENCE).map((grant) => evidenceFor(view, user, grant));
  // A rule that is the reason outranks what is left: what everybody can see.
  const evidence = reason === "rule" ? [...rules, ...paths] : [...paths, ...rules];
  return { evidence, omitted: grants.length - paths.length };
}

function ruleEvidence({ line, effect }: Pick<Rule, "line" | "effect">): Evidence {
  return { kind: "rule", rule: policyPlace(line), effect };
}

function evidenceFor(view: View, user: UserId | undefined, { kind, title, team, role }: Grant): Evidence {
  const name = title === undefined ? {} : { name: title };
  const given = shownRole(role) === role.name ? { role: role.name } : { role: role.name, label: role.label };
  if (team === undefined || user === undefined) return { kind, ...name, ...given };
  const via = through(view, user, team);
  const omitted = via.length > MAX_VIA ? { viaOmitted: via.length - MAX_VIA } : {};
  return { kind, ...name, team: slugOf(view, team), via: via.slice(0, MAX_VIA), ...omitted, ...given };
}
