import type { GitHubRole, Role } from "./facts.ts";
import { GITHUB_ROLES } from "./facts.ts";
import type { Policy } from "./policy.ts";

/** What may be done to a package, weakest first. */
export const PERMISSIONS = ["read", "upload", "yank", "delete", "manage"] as const;
export type Permission = (typeof PERMISSIONS)[number];

/** A set of permissions, one bit each, in the order of {@link PERMISSIONS}. */
export type PermissionMask = number;

export const PERMISSION_BIT = { read: 1, upload: 2, yank: 4, delete: 8, manage: 16 } as const satisfies Record<
  Permission,
  PermissionMask
>;

/** The set of all permissions. */
export const EVERY_PERMISSION: PermissionMask = maskOf(PERMISSIONS);

/**
 * Every word a caller may use for a permission: our own, and those that index servers speak.
 * The letters are grainy's c.r.u.d. with `m` for manage.
 */
const ACTION_WORDS = {
  read: ["read", "download", "list", "r"],
  upload: ["upload", "write", "publish", "create", "c"],
  yank: ["yank", "update", "u"],
  delete: ["delete", "d"],
  manage: ["manage", "admin", "m"],
} as const satisfies Record<Permission, readonly string[]>;

const PERMISSION_OF_WORD: ReadonlyMap<string, Permission> = new Map(
  PERMISSIONS.flatMap((permission) => ACTION_WORDS[permission].map((word) => [word, permission] as const)),
);

/** All words {@link parseAction} understands, for messages and schemas. */
export const ACTIONS: readonly string[] = [...PERMISSION_OF_WORD.keys()];

/** @returns the permission a caller's word stands for, or `undefined` for a word we do not know. */
export function parseAction(word: string): Permission | undefined {
  return PERMISSION_OF_WORD.get(word);
}

/** One row of the role catalog. */
export interface CatalogRow {
  readonly name: string;
  /** What a person reads. */
  readonly label: string;
  /** 1 (read) to 5 (admin); a custom role ranks with the role it is built on. */
  readonly rank: number;
  readonly mask: PermissionMask;
}

/**
 * The role catalog: what each GitHub role may do to the packages of its repository.
 * Total by type: leaving out one of GitHub's roles does not compile.
 */
const CATALOG = {
  read: row("read", "Read", "read"),
  triage: row("triage", "Triage", "read"),
  write: row("write", "Write", "read", "upload"),
  maintain: row("maintain", "Maintain", "read", "upload", "yank"),
  admin: row("admin", "Admin", "read", "upload", "yank", "delete", "manage"),
} as const satisfies Record<GitHubRole, CatalogRow>;

function row(name: GitHubRole, label: string, ...permissions: readonly Permission[]): CatalogRow {
  return { name, label, rank: GITHUB_ROLES.indexOf(name) + 1, mask: maskOf(permissions) };
}

/** @returns the catalog row of one of GitHub's own roles. */
export function githubRole(name: GitHubRole): CatalogRow {
  return CATALOG[name];
}

/**
 * The catalog row of any role. A custom repository role falls back to the role it is built on.
 *
 * @param custom the organization's custom repository roles and their base roles
 * @param changes the rows that the policy writes. What it says changes what a role may do, never how strong it is
 */
export function catalogRow(role: Role, custom: ReadonlyMap<string, GitHubRole>, changes: Policy["roles"]): CatalogRow {
  const { name } = role;
  const base = CATALOG[isGitHubRole(name) ? name : (custom.get(name) ?? role.level)];
  const change = changes.get(name);
  return {
    name,
    label: change?.label ?? (isGitHubRole(name) ? base.label : name),
    rank: base.rank,
    mask: change?.permissions ?? base.mask,
  };
}

/** How strong a role is on GitHub, whatever it may do here: 1 (read) to 5 (admin). */
export function rankOf(role: Role, custom: ReadonlyMap<string, GitHubRole>): number {
  return catalogRow(role, custom, new Map()).rank;
}

/** A role as a person reads it: GitHub's word, after the policy's label where there is one. */
export function shownRole({ name, label }: Pick<CatalogRow, "name" | "label">): string {
  return label.toLowerCase() === name.toLowerCase() ? name : `${label} (${name})`;
}

export function isGitHubRole(name: string): name is GitHubRole {
  return Object.hasOwn(CATALOG, name);
}

export function permissionsIn(mask: PermissionMask): readonly Permission[] {
  return PERMISSIONS.filter((permission) => (mask & PERMISSION_BIT[permission]) !== 0);
}

function maskOf(permissions: readonly Permission[]): PermissionMask {
  return permissions.reduce((mask, permission) => mask | PERMISSION_BIT[permission], 0);
}
