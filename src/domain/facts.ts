import type { PackageName } from "./package-name.ts";
import type { Policy } from "./policy.ts";

/**
 * The vocabulary: what GitHub told us about one organization. Read this file first.
 *
 * Every id is GitHub's numeric database id; logins, slugs and names are labels and never keys.
 * Facts are immutable: a change makes new facts (see `state/reduce.ts`).
 */

export type OrganizationId = number;
export type UserId = number;
export type TeamId = number;
export type RepositoryId = number;

/** GitHub's five repository roles, weakest first. */
export const GITHUB_ROLES = ["read", "triage", "write", "maintain", "admin"] as const;
export type GitHubRole = (typeof GITHUB_ROLES)[number];

/**
 * A role as a grant names it: one of the five, or a custom repository role.
 * `level` is the strongest of the five that GitHub's own permission flags show the role to include;
 * it stands in for a custom role whose definition we cannot read.
 */
export interface Role {
  readonly name: string;
  readonly level: GitHubRole;
}

export interface Organization {
  readonly id: OrganizationId;
  readonly login: string;
  /**
   * What every member may do on every repository (`default_repository_permission`).
   * `undefined`: GitHub did not tell us, so nothing may be concluded from it.
   */
  readonly basePermission: GitHubRole | "none" | undefined;
}

export interface Member {
  readonly login: string;
  readonly owner: boolean;
}

export interface Team {
  /** GitHub's GraphQL id, by which more is read. */
  readonly nodeId: string;
  readonly slug: string;
  readonly parent: TeamId | undefined;
}

/** An organization role assigned to users and teams; it reaches every repository. */
export interface OrganizationRole {
  readonly name: string;
  /** The repository role it carries; `undefined` for roles without repository access. */
  readonly base: Role | undefined;
  readonly users: ReadonlySet<UserId>;
  readonly teams: ReadonlySet<TeamId>;
}

export type Visibility = "public" | "internal" | "private";

export interface Repository {
  /** GitHub's GraphQL id, by which more is read. */
  readonly nodeId: string;
  readonly name: string;
  readonly visibility: Visibility;
  readonly archived: boolean;
  readonly fork: boolean;
  /** Epoch milliseconds; decides who may be read when two repositories claim a name and nothing else is known. */
  readonly createdAt: number;
  /** What the manifests of the default branch declare. Forks declare nothing that counts. */
  readonly declarations: readonly Declaration[];
  readonly problems: readonly ManifestProblem[];
}

/** "This repository declares the package `name` in the file `path` of its default branch." */
export interface Declaration {
  readonly name: PackageName;
  readonly path: string;
}

/** A manifest that could not be read; a person has to mend it. */
export interface ManifestProblem {
  readonly path: string;
  /** One sentence, with what to do. */
  readonly message: string;
  /** 1-based, where the fault is; absent when the file as a whole is at fault. */
  readonly line?: number;
  readonly column?: number;
  /** The faulty lines with a caret under the fault. */
  readonly codeblock?: string;
}

/** What stands where the organization keeps its policy. */
export interface PolicyReading {
  /** `undefined`: there is no such file, and the defaults hold. */
  readonly text: string | undefined;
  /** What it means; `undefined`: it has faults, and the last one without stays in force. */
  readonly policy: Policy | undefined;
  readonly faults: readonly ManifestProblem[];
}

/** Who was given what on one repository directly; inheritance is computed, never stored. */
export interface Access {
  readonly collaborators: ReadonlyMap<UserId, Collaborator>;
  readonly teams: ReadonlyMap<TeamId, Role>;
}

export interface Collaborator {
  readonly login: string;
  readonly role: Role;
}

/** A fact with the time it was confirmed: when the read that brought it *began*, in epoch milliseconds. */
export interface Confirmed<T> {
  readonly asOf: number;
  readonly value: T;
}

/** Everything known of one organization. `undefined`: never read, which is not the same as empty. */
export interface Facts {
  readonly organization: Confirmed<Organization> | undefined;
  readonly policy: Confirmed<PolicyReading> | undefined;
  readonly members: Confirmed<ReadonlyMap<UserId, Member>> | undefined;
  readonly teams: Confirmed<ReadonlyMap<TeamId, Team>> | undefined;
  readonly organizationRoles: Confirmed<readonly OrganizationRole[]> | undefined;
  /** Custom repository roles and the role each is built on. */
  readonly customRoles: Confirmed<ReadonlyMap<string, GitHubRole>> | undefined;
  /** Which repositories exist; each one's content is a slice of its own. */
  readonly repositoryList: Confirmed<ReadonlySet<RepositoryId>> | undefined;
  readonly teamMembers: ReadonlyMap<TeamId, Confirmed<ReadonlySet<UserId>>>;
  readonly repositories: ReadonlyMap<RepositoryId, Confirmed<Repository>>;
  /** Read only for repositories that declare a package. */
  readonly access: ReadonlyMap<RepositoryId, Confirmed<Access>>;
}

export const NO_FACTS: Facts = {
  organization: undefined,
  policy: undefined,
  members: undefined,
  teams: undefined,
  organizationRoles: undefined,
  customRoles: undefined,
  repositoryList: undefined,
  teamMembers: new Map(),
  repositories: new Map(),
  access: new Map(),
};
