import type { View } from "./decide.ts";
import { FOREIGN_EVENTS } from "./events.ts";
import type { OrganizationId, RepositoryId } from "./facts.ts";
import type { Circumstances } from "./judge.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";

/** A run of a GitHub Actions workflow, as far as it matters here. GitHub vouches for each of these. */
export interface Run {
  readonly organization: OrganizationId;
  /** The repository whose run it is, also where the workflow itself is another's (a reusable one). */
  readonly repository: RepositoryId;
  /** What set it off, such as `push`. */
  readonly event: string;
  /** The full ref, such as `refs/heads/main`. */
  readonly ref: string;
  /** Whether a branch protection or a ruleset covers the ref. */
  readonly refProtected: boolean;
  readonly environment: string | undefined;
  /**
   * The file in `.github/workflows/` of its own repository, as it is on its own ref, that the run began with, such as
   * `release.yml`; `undefined` where that cannot be said.
   */
  readonly workflow: string | undefined;
}

/** What a token of ours is good for, at most. */
export interface Bounds {
  /** `undefined`: whichever packages its repository holds. */
  readonly packages: readonly PackageName[] | undefined;
  readonly permissions: readonly Permission[];
}

/** What acts, and how far its token reaches; a run's own token, that of GitHub, has no bounds. */
export interface Workload {
  readonly run: Run;
  readonly bounds: Bounds | undefined;
}

/** A run as a subject, in words that never change: GitHub does not reuse a repository's number. */
export function subjectOf({ repository }: Run): string {
  return `repository:${repository}`;
}

/** Why a run may only read, if it is because of what set it off: the end of a sentence. */
export function foreignEvent(event: string | undefined): string | undefined {
  if (event === undefined || !FOREIGN_EVENTS.includes(event)) return undefined;
  return `runs set off by ${event} may only read: ${PUBLISHING}`;
}

/** What a question of a run comes with. @param index the index client that asks */
export function circumstancesOf({ workflow, event, environment, ref }: Run, index?: string): Circumstances {
  return { index, workflow, event, environment, ref };
}

/**
 * Why a token does not reach so far, whatever its run may do otherwise: the end of a sentence. `undefined`: it does, and
 * the facts decide.
 */
export function outOfReach(
  view: View,
  { run, bounds }: Workload,
  permission: Permission,
  name: PackageName,
): string | undefined {
  if (run.organization !== view.organization.id) return `its repository is none of ${view.organization.login}'s`;
  if (bounds !== undefined) {
    if (!bounds.permissions.includes(permission)) return `the token is for ${bounds.permissions.join(" and ")} only`;
    const holds = bounds.packages?.includes(name) ?? view.claims.get(name)?.repository === run.repository;
    if (!holds) return "the token is bound to the packages of its run's repository, of which this was none";
  }
  return permission === "read" ? undefined : readsOnlyBecause(view, run);
}

const PUBLISHING = "publish from one that a push, a release or workflow_dispatch sets off";

/**
 * Why a run may only read, as the end of a sentence; `undefined`: where it comes from lets it publish.
 * An environment does not help by itself: whoever can push may name a new one, which nobody protects.
 */
function readsOnlyBecause(
  { facts, organization }: View,
  { repository, event, ref, refProtected }: Run,
): string | undefined {
  const home = facts.repositories.get(repository)?.value;
  if (home === undefined) return `its repository is none of ${organization.login}'s`;
  const foreign = foreignEvent(event);
  if (foreign !== undefined) return foreign;
  if (refProtected || ref.startsWith("refs/tags/")) return undefined;
  if (home.defaultBranch !== undefined && ref === `refs/heads/${home.defaultBranch}`) return undefined;
  return "it runs on neither the default branch, nor a tag, nor a protected ref: publish from one of these";
}
