import type { Visibility } from "./facts.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission, PermissionMask } from "./roles.ts";

/**
 * What an organization decides beyond GitHub's roles: the content of its `packgate.toml`, checked. Nothing here knows
 * how the file is written (see `policy/`); names of people, teams and repositories are as the file has them, and
 * become ids where the policy meets the facts.
 */
export interface Policy {
  /** By the role's name: one of GitHub's five, or a custom repository role. */
  readonly roles: ReadonlyMap<string, RoleChange>;
  readonly repositories: RepositoryChoice;
  readonly names: NameRules;
  /** Names that belong to a repository whatever the manifests declare. */
  readonly packages: ReadonlyMap<PackageName, Pin>;
  readonly read: ReadDefaults;
  readonly tokens: TokenRules;
  /** Which workflows' runs may publish, of those that may by default. In the order of the file. */
  readonly publishers: readonly Publisher[];
  /** In the order of the file. */
  readonly rules: readonly Rule[];
}

/** A row of the role catalog that the policy writes. */
export interface RoleChange {
  /** `undefined`: as it was. */
  readonly permissions: PermissionMask | undefined;
  /** What a person reads; `undefined`: as it was. */
  readonly label: string | undefined;
  /** The line of the file, from 1. */
  readonly line: number;
}

/** Which repositories count, and what is read of them. */
export interface RepositoryChoice {
  /** Globs on the name. */
  readonly include: readonly string[];
  readonly exclude: readonly string[];
  /** A regular expression in RE2's syntax that the whole name matches. */
  readonly pattern: string;
  /** Paths and globs of the manifests that are read; `undefined`: the formats' own places. */
  readonly manifests: readonly string[] | undefined;
  /** What may be done with the packages of an archived repository. */
  readonly archived: "read" | "none";
}

export interface NameRules {
  /** `pinned`: only the names in `packages` are served. */
  readonly claim: "first" | "pinned";
  readonly reserved: readonly Reservation[];
  /** How long a name rests after its holder went away, in milliseconds. */
  readonly retirementMs: number;
}

/** "Only these repositories may claim such names." */
export interface Reservation {
  /** `acme-*` covers `acme` and `acme-…` (PEP 752); without `-*`, one name. */
  readonly pattern: string;
  /** Globs on the repository's name. */
  readonly repositories: readonly string[];
  readonly line: number;
}

export interface Pin {
  /** The repository's name. */
  readonly repository: string;
  readonly line: number;
}

export interface ReadDefaults {
  /** Who may read the packages of public repositories. */
  readonly publicRepositories: "members" | "everyone";
  /** Who may read names that nobody claims: those of a public index that is mirrored. */
  readonly unclaimed: "nobody" | "members" | "everyone";
}

export interface TokenRules {
  /** What a token must prove: whose it is, or also that it can see the package's repository. */
  readonly proof: Readonly<Record<Permission, "identity" | "repository">>;
}

/** What the runs of some repositories' workflows must meet to change packages. It never lets any do more. */
export interface Publisher {
  /** A glob on the repository's name, in lower case. */
  readonly repositories: string;
  /** `undefined`: no run of theirs publishes. */
  readonly when: PublisherConditions | undefined;
  readonly line: number;
}

/** Each a list of globs, of which one must match; `undefined`: whatever it is. */
export interface PublisherConditions {
  /** On the name of a file in `.github/workflows/` of the run's own repository. */
  readonly workflow: readonly string[] | undefined;
  /** The event that set the run off, as GitHub names it; no globs. */
  readonly event: readonly string[] | undefined;
  /** As in {@link Conditions}. */
  readonly environment: readonly string[] | undefined;
  readonly ref: readonly string[] | undefined;
}

/** A statement: who may, or may not, do what to which packages. */
export interface Rule {
  readonly who: readonly Principal[];
  /** Normal names, `prefix-*`, or `*`. */
  readonly packages: readonly string[];
  /** Names of index clients; `undefined`: whichever asks. */
  readonly indexes: readonly string[] | undefined;
  readonly permissions: PermissionMask;
  readonly effect: "allow" | "deny";
  readonly when: Conditions;
  /** Where the rule begins in the file, from 1. */
  readonly line: number;
}

export type Principal =
  | { readonly kind: "everyone" | "members" }
  /** A user's login, a team's slug, a role's or a repository's name. */
  | { readonly kind: "user" | "team" | "role" | "workflow"; readonly name: string };

/** What else must be so; each `undefined`: whatever it is. */
export interface Conditions {
  readonly visibility: readonly Visibility[] | undefined;
  /**
   * Globs on the deployment environment, in lower case: "environment names are not case sensitive" (GitHub docs,
   * "Managing environments for deployment"). Nobody but a workflow has one.
   */
  readonly environment: readonly string[] | undefined;
  /** Globs on the full ref, such as `refs/tags/*`; nobody but a workflow has one. */
  readonly ref: readonly string[] | undefined;
}

/** 90 days. */
const RETIREMENT_MS = 90 * 24 * 60 * 60 * 1000;

/** What holds where nothing was decided. */
export const DEFAULT_POLICY: Policy = {
  roles: new Map(),
  repositories: { include: ["*"], exclude: [], pattern: ".*", manifests: undefined, archived: "read" },
  names: { claim: "first", reserved: [], retirementMs: RETIREMENT_MS },
  packages: new Map(),
  read: { publicRepositories: "members", unclaimed: "nobody" },
  tokens: {
    proof: {
      read: "identity",
      upload: "repository",
      yank: "repository",
      delete: "repository",
      manage: "repository",
    },
  },
  publishers: [],
  rules: [],
};
