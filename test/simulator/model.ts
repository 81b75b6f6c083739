/** The one model everything is answered from. Plain data; keys are GitHub's numeric ids, unique over all kinds. */

export type Level = "read" | "triage" | "write" | "maintain" | "admin";
/** A level, or the name of a custom repository role. */
export type RoleName = string;
export type BasePermission = "none" | "read" | "write" | "admin";
export type Visibility = "public" | "private" | "internal";
export type Plan = "free" | "team" | "enterprise";
export type FileMode = "100644" | "100755" | "120000";

export type World = { users: Map<number, User>; organizations: Map<number, Organization> };

export type User = { id: number; login: string; name: string | null; suspended: boolean; createdAt: number };

export type Organization = {
  id: number;
  login: string;
  plan: Plan;
  basePermission: BasePermission;
  members: Map<number, "member" | "admin">;
  teams: Map<number, Team>;
  repositories: Map<number, Repository>;
  /** Lower-case name → id, for current names; and for names a repository had before, which GitHub redirects. */
  repositoryNames: Map<string, number>;
  formerRepositoryNames: Map<string, number>;
  customRoles: Map<number, CustomRepositoryRole>;
  organizationRoles: Map<number, OrganizationRole>;
  blocked: Set<number>;
  installation: Installation | null;
  claims: Map<string, Claim>;
  /** What each repository declared at its last edit. */
  declared: Map<number, ReadonlySet<string>>;
  createdAt: number;
  updatedAt: number;
};

export type Team = {
  id: number;
  organizationId: number;
  slug: string;
  name: string;
  description: string | null;
  privacy: "closed" | "secret";
  parentId: number | null;
  members: Map<number, "member" | "maintainer">;
  repositories: Map<number, RoleName>;
  createdAt: number;
  updatedAt: number;
};

export type Repository = {
  id: number;
  organizationId: number;
  name: string;
  description: string | null;
  visibility: Visibility;
  archived: boolean;
  disabled: boolean;
  /** The repository this one is a fork of. */
  parentId: number | null;
  defaultBranch: string;
  /** Branch name → head commit; no branch at all means an empty repository. */
  branches: Map<string, string>;
  commits: Map<string, Commit>;
  collaborators: Map<number, RoleName>;
  createdAt: number;
  updatedAt: number;
  pushedAt: number | null;
};

export type Files = ReadonlyMap<string, File>;
export type File = { mode: FileMode; content: Uint8Array };
export type Commit = { sha: string; parent: string | null; message: string; at: number; files: Files };

export type CustomRepositoryRole = {
  id: number;
  name: string;
  baseRole: Exclude<Level, "admin">;
  createdAt: number;
  updatedAt: number;
};

export type OrganizationRole = {
  id: number;
  name: string;
  baseRole: Level | null;
  source: "Organization" | "Predefined";
  users: Set<number>;
  teams: Set<number>;
  createdAt: number;
  updatedAt: number;
};

export type AppPermissions = Record<string, "read" | "write">;

export type Installation = {
  id: number;
  repositorySelection: "all" | "selected";
  selected: Set<number>;
  permissions: AppPermissions;
  events: string[];
  suspendedAt: number | null;
  createdAt: number;
  updatedAt: number;
};

/** The oracle's ledger for one package name: who declares it, in the order of edits, and who holds it. */
export type Claim = { declarers: number[]; holder: number | null; retiredAt: number | null };
