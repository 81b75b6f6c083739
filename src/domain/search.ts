import type { RepositoryRow } from "./access.ts";
import type { Decision, View } from "./decide.ts";
import { decide } from "./decide.ts";
import type { UserId } from "./facts.ts";
import type { Circumstances } from "./judge.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";
import { PERMISSIONS } from "./roles.ts";

/** Why something is allowed, as it was decided. */
export type Allowed = Extract<Decision, { readonly outcome: "allow" }>;

/** Somebody who may do something to a package. */
export interface Holder {
  readonly id: UserId;
  readonly login: string;
  readonly member: boolean;
  readonly why: Allowed;
}

/** What one person may do to one package. */
export interface Holding {
  readonly name: PackageName;
  /** In the order of {@link PERMISSIONS}; never empty. */
  readonly permissions: readonly Permission[];
  readonly repository: RepositoryRow | undefined;
  /** As decided for the first of the permissions. */
  readonly why: Allowed;
}

/** An answer that says how much of it could not be decided: an unknown is never left out quietly. */
export interface Found<T> {
  readonly found: readonly T[];
  /** For how many candidates the decision was "unknown". */
  readonly unknown: number;
}

/** Everybody we know with a permission on a package, by login: the same decision over all of them. */
export function whoCan(
  view: View,
  permission: Permission,
  name: PackageName,
  circumstances?: Circumstances,
): Found<Holder> {
  if (!view.ready) return { found: [], unknown: 1 };
  const found: Holder[] = [];
  let unknown = 0;
  for (const [id, login] of candidates(view)) {
    const decision = decide(view, { kind: "user", id }, permission, name, circumstances);
    if (decision.outcome === "unknown") unknown += 1;
    if (decision.outcome !== "allow") continue;
    found.push({ id, login, member: view.access.members.has(id), why: decision });
  }
  return { found: found.toSorted((a, b) => compare(a.login, b.login)), unknown };
}

/** All packages on which somebody holds a permission, by name. @param limit stops after so many */
export function whatCan(view: View, user: UserId, limit = Infinity, circumstances?: Circumstances): Found<Holding> {
  if (!view.ready) return { found: [], unknown: 1 };
  const found: Holding[] = [];
  let unknown = 0;
  for (const name of view.claims.keys()) {
    const decisions = PERMISSIONS.map((permission) =>
      decide(view, { kind: "user", id: user }, permission, name, circumstances),
    );
    if (decisions.some(({ outcome }) => outcome === "unknown")) unknown += 1;
    const holding = holdingOf(name, decisions);
    if (holding !== undefined) found.push(holding);
    if (found.length >= limit) break;
  }
  return { found: found.toSorted((a, b) => compare(a.name, b.name)), unknown };
}

function holdingOf(name: PackageName, decisions: readonly Decision[]): Holding | undefined {
  const permissions = PERMISSIONS.filter((_, index) => decisions[index]?.outcome === "allow");
  const first = decisions.find((decision) => decision.outcome === "allow");
  return first && { name, permissions, repository: first.repository, why: first };
}

/** Members, and every collaborator: a rule can mean somebody from outside on a repository that gave them nothing. */
export function candidates({ access, facts }: View): ReadonlyMap<UserId, string> {
  const logins = new Map<UserId, string>();
  for (const { value } of facts.access.values()) {
    for (const [id, { login }] of value.collaborators) logins.set(id, login);
  }
  for (const [id, { login }] of access.members) logins.set(id, login);
  return logins;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
