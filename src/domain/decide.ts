import type { CompiledAccess, MemberRow, RepositoryRow } from "./access.ts";
import type { Claim } from "./claims.ts";
import type { Facts, Organization, TeamId, UserId } from "./facts.ts";
import type { Grant } from "./grants.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";
import { PERMISSION_BIT } from "./roles.ts";
import { inTeam, numberOf } from "./team-tree.ts";

/** Who asks. `everyone` is somebody without credentials. */
export type Subject = { readonly kind: "user"; readonly id: UserId } | { readonly kind: "everyone" };

/** One organization at one moment. Take it once per request and do not await while holding it. */
export interface View {
  readonly organization: Pick<Organization, "id" | "login">;
  /** `false` until every fact has been read once, and again when the installation is lost. */
  readonly ready: boolean;
  readonly facts: Facts;
  readonly access: CompiledAccess;
  readonly claims: ReadonlyMap<PackageName, Claim>;
  /** Grows with each change. */
  readonly revision: number;
}

export type AllowReason = Grant["kind"];
export type DenyReason =
  "missing-credentials" | "not-a-member" | "no-grant" | "unclaimed" | "contested" | "retired" | "archived";
export type UnknownReason = "not-synced";

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

/** Any role at all: the mask that every catalog row meets. */
const ANY = 0b11111;

/**
 * Decides. Starts from refusal; only the last line grants. Never cached, costs nanoseconds,
 * and allocates nothing but the answer.
 */
export function decide(view: View, subject: Subject, permission: Permission, name: PackageName): Decision {
  if (subject.kind === "everyone") return deny("missing-credentials");
  if (!view.ready) return unknown();

  const { access } = view;
  const claim = view.claims.get(name);
  if (claim === undefined) return deny("unclaimed", access.asOf);
  if (claim.status === "retired") return deny("retired", access.asOf);

  const repository = access.repositories.get(claim.repository);
  if (repository === undefined) return unknown();
  const asOf = Math.min(access.asOf, repository.asOf);
  const member = access.members.get(subject.id);

  const grant = strongestGrant(access, subject.id, member, repository, PERMISSION_BIT[permission]);
  const refusal = permission === "read" ? undefined : restriction(claim, repository);
  if (refusal !== undefined) return { outcome: "deny", reason: refusal, grant, repository, asOf };
  if (grant === undefined) return withoutGrant(access, subject.id, member, repository, asOf);

  return { outcome: "allow", reason: grant.kind, grant, repository, asOf };
}

/** Every grant that gives this permission, strongest first: the evidence, from the code that decides. */
export function grantsFor(view: View, user: UserId, permission: Permission, repository: RepositoryRow): Grant[] {
  const found: Grant[] = [];
  strongestGrant(view.access, user, view.access.members.get(user), repository, PERMISSION_BIT[permission], found);
  return found.toSorted((a, b) => b.weight - a.weight);
}

/** The direct teams through which a user is in `team`: itself, or the child teams that inherit from it. */
export function viaTeams({ access }: View, user: UserId, team: TeamId): TeamId[] {
  const { tree } = access;
  const wanted = numberOf(tree, team);
  const direct = access.members.get(user)?.direct ?? [];
  return direct.filter((id) => tree.lineage[numberOf(tree, id)]?.includes(wanted));
}

/** What forbids everything but reading, whatever the role. */
function restriction(claim: Claim, repository: RepositoryRow): DenyReason | undefined {
  if (claim.status === "contested") return "contested";
  return repository.archived ? "archived" : undefined;
}

function withoutGrant(
  access: CompiledAccess,
  user: UserId,
  member: MemberRow | undefined,
  repository: RepositoryRow,
  asOf: number,
): Decision {
  // A no is only honest when nothing that could have said yes is missing.
  const incomplete =
    member !== undefined && (!access.everywhereKnown || repository.teams.some((team) => access.unread.has(team)));
  if (incomplete) return { outcome: "unknown", reason: "not-synced", grant: undefined, repository, asOf };
  const grant = strongestGrant(access, user, member, repository, ANY);
  const reason = member === undefined && grant === undefined ? "not-a-member" : "no-grant";
  return { outcome: "deny", reason, grant, repository, asOf };
}

function deny(reason: DenyReason, asOf?: number): Decision {
  return { outcome: "deny", reason, grant: undefined, repository: undefined, asOf };
}

function unknown(): Decision {
  return { outcome: "unknown", reason: "not-synced", grant: undefined, repository: undefined, asOf: undefined };
}

/**
 * The strongest grant that gives any permission of `mask`. Roles are additive (GitHub docs,
 * "Repository roles for an organization"), so the maximum over all paths is the effective role.
 *
 * @param found collects every matching grant, when evidence is wanted
 */
function strongestGrant(
  access: CompiledAccess,
  user: UserId,
  member: MemberRow | undefined,
  repository: RepositoryRow,
  mask: number,
  found?: Grant[],
): Grant | undefined {
  let best: Grant | undefined;
  const consider = (grant: Grant | undefined): void => {
    if (grant === undefined || (grant.role.mask & mask) === 0) return;
    found?.push(grant);
    if (best === undefined || grant.weight > best.weight) best = grant;
  };

  for (let i = 0; i < repository.collaborators.length; i++) {
    if (repository.collaborators[i] === user) consider(repository.collaboratorGrants[i]);
  }
  if (member === undefined) return best;
  for (const grant of member.everywhere) consider(grant);
  for (let i = 0; i < repository.teams.length; i++) {
    const team = repository.teams[i];
    if (team !== undefined && inTeam(member.teams, team)) consider(repository.teamGrants[i]);
  }
  consider(access.base);
  consider(repository.visible);
  return best;
}
