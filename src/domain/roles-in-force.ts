import type { Facts, GitHubRole, Role } from "./facts.ts";
import { GITHUB_ROLES } from "./facts.ts";
import type { Policy } from "./policy.ts";
import type { CatalogRow, Permission, PermissionMask } from "./roles.ts";
import { catalogRow, isGitHubRole, PERMISSION_BIT, permissionsIn } from "./roles.ts";

/** What says which role may do what. */
interface Rulings {
  readonly facts: Facts;
  readonly policy: Policy;
}

/** One row of the catalog as it holds in an organization. */
export interface RoleInForce {
  readonly name: string;
  /** What a person reads. */
  readonly label: string;
  readonly permissions: readonly Permission[];
  /** `default`, the line of the policy that wrote the row, or the role that a custom role is built on. */
  readonly source: string;
}

/**
 * The role catalog in force: GitHub's roles, weakest first, then custom repository roles by name. A role that only the
 * policy knows, and to which it gives no permissions, has none here: GitHub will say what it is built on.
 *
 * @param customRoles the organization's custom repository roles and their base roles
 */
export function catalogInForce(policy: Policy, customRoles: ReadonlyMap<string, GitHubRole>): RoleInForce[] {
  const custom = [...new Set([...customRoles.keys(), ...policy.roles.keys()])].filter((name) => !isGitHubRole(name));
  return [...GITHUB_ROLES, ...custom.toSorted()].map((name) => {
    const base = isGitHubRole(name) ? name : customRoles.get(name);
    const change = policy.roles.get(name);
    const row = catalogRow({ name, level: base ?? "read" }, customRoles, policy.roles);
    const mask = base === undefined && change?.permissions === undefined ? NO_PERMISSIONS : row.mask;
    const untouched = isGitHubRole(name) ? "default" : (base ?? "default");
    const source = change === undefined ? untouched : policyPlace(change.line);
    return { name, label: row.label, permissions: permissionsIn(mask), source };
  });
}

/** The catalog row of a role in one organization. */
export function rowIn({ facts, policy }: Rulings, role: Role): CatalogRow {
  return catalogRow(role, facts.customRoles?.value ?? new Map(), policy.roles);
}

const NO_PERMISSIONS: PermissionMask = 0;

/** A place in the policy, as people look it up. @param line from 1 */
export function policyPlace(line: number): string {
  return `packgate.toml:${line}`;
}

/** The roles that hold a permission, weakest first: what to ask an admin for. */
export function rolesWith(permission: Permission, rulings: Rulings): CatalogRow[] {
  const custom = rulings.facts.customRoles?.value ?? new Map<string, GitHubRole>();
  const written = [...custom].flatMap(([name, level]) => (rulings.policy.roles.has(name) ? [{ name, level }] : []));
  const roles: Role[] = [...GITHUB_ROLES.map((name) => ({ name, level: name })), ...written];
  return roles.map((role) => rowIn(rulings, role)).filter(({ mask }) => (mask & PERMISSION_BIT[permission]) !== 0);
}
