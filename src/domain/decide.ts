import type { CompiledAccess, RepositoryRow, Sources } from "./access.ts";
import { oldestFact } from "./age.ts";
import { certain, deny, refused, unknown } from "./answers.ts";
import { belongs, mayRun } from "./beyond-grants.ts";
import type { Organization, RepositoryId, UserId } from "./facts.ts";
import { grantOf, suffices, weightOf } from "./grant-book.ts";
import type { Grant, GrantKind } from "./grants.ts";
import { KIND_OF_WEIGHT } from "./grants.ts";
import { isIncomplete, strongestGrant } from "./held.ts";
import type { Circumstances } from "./judge.ts";
import { judge } from "./judge.ts";
import { meantBy } from "./meant.ts";
import type { PackageName } from "./package-name.ts";
import type { Rule } from "./policy.ts";
import type { Limit } from "./publishers.ts";
import { limitOn } from "./publishers.ts";
import type { Question } from "./questions.ts";
import { bitAsked, questionOf } from "./questions.ts";
import type { Permission, PermissionMask } from "./roles.ts";
import { PERMISSION_BIT } from "./roles.ts";
import { knownCover } from "./cover.ts";
import type { Standing } from "./standings.ts";
import { isContested, isRetired, repositoryIn } from "./standings.ts";
import { HEADER, wordAt, placeOf } from "./stretches.ts";
import { withoutHolder } from "./without-holder.ts";

/** Who asks. A workload is a run of a repository's workflow; `everyone` is somebody without credentials. */
export type Subject =
  | { readonly kind: "user"; readonly id: UserId }
  | { readonly kind: "workload"; readonly repository: RepositoryId }
  | { readonly kind: "everyone" };

/** One organization at one moment. Take it once per request and do not await while holding it. */
export interface View extends Sources {
  readonly organization: Pick<Organization, "id" | "login">;
  /** `false` until every fact has been read once, and again when the installation is lost. */
  readonly ready: boolean;
  /** Nobody knows what has happened since these facts were read: enough to let known users read, and no more. */
  readonly readsOnly: boolean;
  /** A fact that was last confirmed before this is believed no more, in epoch milliseconds. */
  readonly freshSince: number;
  readonly access: CompiledAccess;
  /** Grows with each change. */
  readonly revision: number;
}

/** In what ways something can be allowed, strongest path first. */
export const ALLOW_REASONS = [
  "owner",
  "organization-role",
  "team",
  "collaborator",
  "base",
  "rule",
  "public",
  "workflow",
] as const satisfies readonly (GrantKind | "rule" | "workflow")[];
export type AllowReason = (typeof ALLOW_REASONS)[number];
export type DenyReason =
  "missing-credentials" | "not-a-member" | "no-grant" | "unclaimed" | "contested" | "retired" | "archived" | "rule";
export type UnknownReason = "not-synced" | "stale";

/**
 * The answer to "may this subject do this to that package?". *Unknown* is an answer of its own:
 * it is never served as allow, nor as a quiet no.
 */
export type Decision = {
  readonly asOf: number | undefined;
  /** The repository that has the name; `undefined` for a name that nobody claims, and where no decision came so far. */
  readonly repository: RepositoryRow | undefined;
} & (
  | {
      readonly outcome: "allow";
      readonly reason: AllowReason;
      /** The grant that allows; where something else does, the strongest one held. */
      readonly grant: Grant | undefined;
      /** The rule that allows too, or alone. */
      readonly rule: Rule | undefined;
    }
  | {
      readonly outcome: "deny";
      readonly reason: DenyReason;
      /** The strongest grant held, though it does not suffice. */
      readonly grant: Grant | undefined;
      /** The rule, or the limit on publishers, that takes the permission away. */
      readonly rule: Rule | Limit | undefined;
    }
  | {
      readonly outcome: "unknown";
      readonly reason: UnknownReason;
      readonly grant: undefined;
      readonly rule: undefined;
    }
);

/**
 * Decides. Starts from refusal; only the last lines grant. Never cached, costs nanoseconds,
 * and allocates next to nothing but the answer.
 */
export function decide(
  view: View,
  subject: Subject,
  permission: Permission,
  name: PackageName,
  circumstances: Circumstances = ANYWHERE,
): Decision {
  if (subject.kind !== "everyone") return decideFor(view, subject, permission, name, circumstances);
  if (!view.access.servesEveryone) return refused("missing-credentials");
  // Whatever is refused to somebody without credentials may be open to them with some.
  const decision = decideFor(view, subject, permission, name, circumstances);
  return decision.outcome === "deny" ? refused("missing-credentials", decision.asOf) : decision;
}

const ANYWHERE: Circumstances = {};
/** GitHub numbers its users from 1, so nothing is ever granted to this one. */
const NO_USER: UserId = 0;

function decideFor(
  view: View,
  subject: Subject,
  permission: Permission,
  name: PackageName,
  circumstances: Circumstances,
): Decision {
  if (!view.ready || (view.readsOnly && permission !== "read")) return unknown("not-synced");
  const { access } = view;
  if (access.asOf < view.freshSince) return unknown("stale", undefined, access.asOf);
  const standing = access.names.get(name);
  if (standing === undefined || isRetired(standing))
    return withoutHolder(view, { subject, permission, name, standing, circumstances });

  const { words, rows } = access.stretches;
  const number = repositoryIn(standing);
  const place = placeOf(access.stretches, number);
  const repository = rows[number];
  if (repository === undefined) return unknown("not-synced");
  const user = subject.kind === "user" ? subject.id : NO_USER;
  const member = access.memberships.numbers.get(user);
  const ranges = knownCover(access.rules, name);
  const oldest = oldestFact(access, member, place);
  const asOf = ranges.length === 0 || member === undefined ? oldest : Math.min(oldest, access.rules.asOf);
  if (asOf < view.freshSince) return unknown("stale", repository, asOf);

  const question = questionOf(permission);
  const strongest = strongestGrant(access, user, member, place, question);
  const grant = grantOf(access.book, strongest);
  const refusal = restriction(standing, question, wordAt(words, place + HEADER.permitted));
  if (refusal !== undefined) return deny(refusal, suffices(strongest) ? grant : undefined, repository, asOf);

  const verdict =
    ranges.length === 0
      ? undefined
      : judge(access.rules, ranges, meantBy(access, subject, member, place), {
          permission,
          visibility: repository.visibility,
          isWorkflow: subject.kind === "workload",
          circumstances,
        });
  const rule = verdict?.rule;
  if (rule?.effect === "deny")
    return certain({ outcome: "deny", reason: "rule", grant, rule, repository, asOf }, verdict);

  const kind = suffices(strongest) ? KIND_OF_WEIGHT[weightOf(strongest)] : undefined;
  const reason = kind === undefined || kind === "public" ? rule && "rule" : kind;
  const last = reason ?? kind ?? (mayRun(view, subject, permission, repository, place) ? "workflow" : undefined);
  if (last === undefined) {
    if (member !== undefined && isIncomplete(access, place)) return unknown("not-synced", repository, asOf);
    const none = grant === undefined && member === undefined && !belongs(view, subject) ? "not-a-member" : "no-grant";
    return certain(deny(none, grant, repository, asOf), verdict);
  }
  // Whatever allows it, a run publishes only from where the policy lets it.
  const limit =
    subject.kind === "workload" && permission !== "read"
      ? limitOn(access.publishers, view.facts, subject.repository, circumstances)
      : undefined;
  if (limit === "doubtful") return unknown("not-synced", repository, asOf);
  if (limit !== undefined) return { outcome: "deny", reason: "rule", grant, rule: limit, repository, asOf };
  return certain({ outcome: "allow", reason: last, grant, rule, repository, asOf }, verdict);
}

/** What is forbidden whatever the role. */
function restriction(standing: Standing, question: Question, permitted: PermissionMask): DenyReason | undefined {
  const bit = bitAsked(question);
  if (isContested(standing) && bit !== PERMISSION_BIT.read) return "contested";
  return (permitted & bit) === 0 ? "archived" : undefined;
}
