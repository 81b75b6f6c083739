import type { RepositoryRow } from "./access.ts";
import type { Decision, View } from "./decide.ts";
import { decide } from "./decide.ts";
import type { UserId } from "./facts.ts";
import type { Grant } from "./grants.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";
import { PERMISSIONS } from "./roles.ts";

/** Somebody who may do something to a package. */
export interface Holder {
  readonly id: UserId;
  readonly login: string;
  readonly member: boolean;
  /** The strongest grant, as the decision gave it. */
  readonly grant: Grant;
}

/** What one person may do to one package. */
export interface Holding {
  readonly name: PackageName;
  /** In the order of {@link PERMISSIONS}; never empty. */
  readonly permissions: readonly Permission[];
  readonly repository: RepositoryRow;
  readonly grant: Grant;
}

/** An answer that says how much of it could not be decided: an unknown is never left out quietly. */
export interface Found<T> {
  readonly found: readonly T[];
  /** For how many candidates the decision was "unknown". */
  readonly unknown: number;
}

/** Everybody with a permission on a package, by login. The same decision over all who could hold a grant. */
export function whoCan(view: View, permission: Permission, name: PackageName): Found<Holder> {
  if (!view.ready) return { found: [], unknown: 1 };
  const found: Holder[] = [];
  let unknown = 0;
  for (const [id, login] of candidates(view, name)) {
    const decision = decide(view, { kind: "user", id }, permission, name);
    if (decision.outcome === "unknown") unknown += 1;
    if (decision.outcome !== "allow") continue;
    found.push({ id, login, member: view.access.members.has(id), grant: decision.grant });
  }
  return { found: found.toSorted((a, b) => compare(a.login, b.login)), unknown };
}

/** All packages on which somebody holds a permission, by name. @param limit stops after so many */
export function whatCan(view: View, user: UserId, limit = Infinity): Found<Holding> {
  if (!view.ready) return { found: [], unknown: 1 };
  const found: Holding[] = [];
  let unknown = 0;
  for (const name of view.claims.keys()) {
    const decisions = PERMISSIONS.map((permission) => decide(view, { kind: "user", id: user }, permission, name));
    if (decisions.some(({ outcome }) => outcome === "unknown")) unknown += 1;
    const holding = holdingOf(name, decisions);
    if (holding !== undefined) found.push(holding);
    if (found.length >= limit) break;
  }
  return { found: found.toSorted((a, b) => compare(a.name, b.name)), unknown };
}

function holdingOf(name: PackageName, decisions: readonly Decision[]): Holding | undefined {
  const permissions = PERMISSIONS.filter((_, index) => decisions[index]?.outcome === "allow");
  // The grant of the least permission is the strongest of all, because every role that holds more holds that too.
  const first = decisions.find((decision) => decision.outcome === "allow");
  return first && { name, permissions, repository: first.repository, grant: first.grant };
}

/** Members, and the collaborators of the package's repository: nobody else can hold a grant. */
function candidates({ access, facts, claims }: View, name: PackageName): ReadonlyMap<UserId, string> {
  const logins = new Map<UserId, string>();
  const repository = claims.get(name)?.repository;
  const granted = repository === undefined ? undefined : facts.access.get(repository);
  for (const [id, { login }] of granted?.value.collaborators ?? []) logins.set(id, login);
  for (const [id, { login }] of access.members) logins.set(id, login);
  return logins;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}
