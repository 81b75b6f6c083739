import type { CompiledAccess, RepositoryRow, Sources } from "./access.ts";
import { oldestFact } from "./age.ts";
import type { Organization, TeamId, UserId } from "./facts.ts";
import type { Strength } from "./grant-book.ts";
import { grantOf, heavier, NOTHING, weightOf } from "./grant-book.ts";
import type { Grant } from "./grants.ts";
import { KIND_OF_WEIGHT, LEAST_WEIGHT } from "./grants.ts";
import { everywhereOf, inTeam } from "./memberships.ts";
import type { PackageName } from "./package-name.ts";
import type { Policy } from "./policy.ts";
import type { Permission } from "./roles.ts";
import { PERMISSION_BIT } from "./roles.ts";
import type { Standing } from "./standings.ts";
import { isContested, isRetired, repositoryIn } from "./standings.ts";
import { HEADER, integerAt, NOWHERE, numberOfRepository, placeOf, wordAt } from "./stretches.ts";
import { numberOf, UNLISTED } from "./team-tree.ts";

/** Who asks. `everyone` is somebody without credentials. */
export type Subject = { readonly kind: "user"; readonly id: UserId } | { readonly kind: "everyone" };

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
  /** What the organization decides beyond GitHub's roles. */
  readonly policy: Policy;
  /** Grows with each change. */
  readonly revision: number;
}

export type AllowReason = Grant["kind"];
export type DenyReason =
  "missing-credentials" | "not-a-member" | "no-grant" | "unclaimed" | "contested" | "retired" | "archived";
export type UnknownReason = "not-synced" | "stale";

/**
 * The answer to "may this subject do this to that package?". *Unknown* is an answer of its own:
 * it is never served as allow, nor as a quiet no.
 */
export type Decision = { readonly asOf: number | undefined } & (
  | {
      readonly outcome: "allow";
      readonly reason: AllowReason;
      readonly grant: Grant;
      readonly repository: RepositoryRow;
    }
  | {
      readonly outcome: "deny";
      readonly reason: DenyReason;
      /** The strongest grant held, though it does not suffice. */
      readonly grant: Grant | undefined;
      readonly repository: RepositoryRow | undefined;
    }
  | {
      readonly outcome: "unknown";
      readonly reason: UnknownReason;
      readonly grant: undefined;
      readonly repository: RepositoryRow | undefined;
    }
);

/**
 * Decides. Starts from refusal; only the last line grants. Never cached, costs nanoseconds,
 * and allocates nothing but the answer.
 */
export function decide(view: View, subject: Subject, permission: Permission, name: PackageName): Decision {
  if (subject.kind === "everyone") return deny("missing-credentials");
  if (!view.ready || (view.readsOnly && permission !== "read")) return unknown("not-synced");

  const { access } = view;
  if (access.asOf < view.freshSince) return unknown("stale", undefined, access.asOf);
  const standing = access.names.get(name);
  if (standing === undefined || isRetired(standing)) {
    // Whether anybody declares the name rests on the list of repositories, with which each of them is read.
    const asOf = Math.min(access.asOf, view.facts.repositoryList?.asOf ?? 0);
    if (asOf < view.freshSince) return unknown("stale", undefined, asOf);
    return deny(standing === undefined ? "unclaimed" : "retired", asOf);
  }

  const { words, rows } = access.stretches;
  const number = repositoryIn(standing);
  const place = placeOf(access.stretches, number);
  const repository = rows[number];
  if (repository === undefined) return unknown("not-synced");
  const member = access.memberships.numbers.get(subject.id);
  const asOf = oldestFact(access, member, place);
  if (asOf < view.freshSince) return unknown("stale", repository, asOf);

  const strongest = strongestGrant(access, subject.id, member, place);
  const weight = weightOf(strongest);
  const held = grantOf(access.book, strongest);
  const reason = KIND_OF_WEIGHT[weight];
  // If any grant suffices, the strongest does.
  const grant = weight >= LEAST_WEIGHT[permission] ? held : undefined;
  const archived = integerAt(words, place + HEADER.archived) !== 0;
  const refusal = permission === "read" ? undefined : restriction(standing, archived);
  if (refusal !== undefined) return { outcome: "deny", reason: refusal, grant, repository, asOf };
  if (grant === undefined || reason === undefined) {
    if (member !== undefined && isIncomplete(access, place)) return unknown("not-synced", repository, asOf);
    const nobody = member === undefined && held === undefined;
    return { outcome: "deny", reason: nobody ? "not-a-member" : "no-grant", grant: held, repository, asOf };
  }

  return { outcome: "allow", reason, grant, repository, asOf };
}

/** Every grant that gives this permission, strongest first: the evidence, from the code that decides. */
export function grantsFor({ access }: View, user: UserId, permission: Permission, { id }: RepositoryRow): Grant[] {
  const place = placeOf(access.stretches, numberOfRepository(access.stretches, id));
  if (place === NOWHERE) return [];
  const found = [...(access.members.get(user)?.everywhere ?? [])];
  strongestGrant(access, user, access.memberships.numbers.get(user), place, found);
  return found
    .map((strength) => grantOf(access.book, strength))
    .flatMap((grant) => (grant !== undefined && (grant.role.mask & PERMISSION_BIT[permission]) !== 0 ? [grant] : []))
    .toSorted((a, b) => b.weight - a.weight);
}

/** The direct teams through which a user is in `team`: itself, or the child teams that inherit from it. */
export function viaTeams({ access }: View, user: UserId, team: TeamId): TeamId[] {
  const { tree } = access;
  const wanted = numberOf(tree, team);
  const direct = access.members.get(user)?.direct ?? [];
  return direct.filter((id) => tree.lineage[numberOf(tree, id)]?.includes(wanted));
}

/** What forbids everything but reading, whatever the role. */
function restriction(standing: Standing, archived: boolean): DenyReason | undefined {
  if (isContested(standing)) return "contested";
  return archived ? "archived" : undefined;
}

function deny(reason: DenyReason, asOf?: number): Decision {
  return { outcome: "deny", reason, grant: undefined, repository: undefined, asOf };
}

function unknown(reason: UnknownReason, repository?: RepositoryRow, asOf?: number): Decision {
  return { outcome: "unknown", reason, grant: undefined, repository, asOf };
}

/** A no to a member is only honest when nothing that could have said yes is missing. */
function isIncomplete({ everywhereKnown, unread, stretches: { words } }: CompiledAccess, place: number): boolean {
  if (!everywhereKnown) return true;
  const teamsEnd = integerAt(words, place + HEADER.collaborators);
  for (let at = place + HEADER.length; at < teamsEnd; at += 2) {
    const team = integerAt(words, at);
    if (team === UNLISTED || (unread.size > 1 && unread.has(team))) return true;
  }
  return false;
}

/**
 * The strongest grant. Roles are additive (GitHub docs, "Repository roles for an organization"), so the maximum
 * over all paths is the effective role. Of equally heavy grants the first counts.
 *
 * @param member the member's number
 * @param place where the repository's words begin
 * @param found collects whatever was granted on this repository or to every member, when evidence is wanted
 */
function strongestGrant(
  { base, memberships, stretches: { words } }: CompiledAccess,
  user: UserId,
  member: number | undefined,
  place: number,
  found?: Strength[],
): Strength {
  const collaborators = integerAt(words, place + HEADER.collaborators);
  const end = integerAt(words, place + HEADER.end);
  let best = member === undefined ? NOTHING : everywhereOf(memberships, member);
  if (member !== undefined) {
    for (let at = place + HEADER.length; at < collaborators; at += 2) {
      if (!inTeam(memberships.teams, member, integerAt(words, at))) continue;
      const strength = integerAt(words, at + 1);
      best = heavier(best, strength);
      found?.push(strength);
    }
  }
  for (let at = collaborators; at < end; at += 2) {
    if (wordAt(words, at) !== user) continue;
    const strength = integerAt(words, at + 1);
    best = heavier(best, strength);
    found?.push(strength);
  }
  if (member === undefined) return best;
  const visible = integerAt(words, place + HEADER.visible);
  found?.push(base, visible);
  return heavier(heavier(best, base), visible);
}
