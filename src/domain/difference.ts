import type { Subject, View } from "./decide.ts";
import { decide } from "./decide.ts";
import type { RepositoryId, UserId } from "./facts.ts";
import { kindredOf } from "./kindred.ts";
import type { Circumstances } from "./judge.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";
import { PERMISSIONS } from "./roles.ts";
import { candidates } from "./search.ts";
import { numberOf, withAncestors } from "./team-tree.ts";

/** Somebody who could do something to a package and cannot any more, or the other way round. */
export interface Change {
  /** `undefined`: everybody, without credentials. */
  readonly user: { readonly id: UserId; readonly login: string } | undefined;
  readonly name: PackageName;
  readonly permission: Permission;
  readonly effect: "gains" | "loses";
}

export interface Difference {
  readonly gained: number;
  readonly lost: number;
  /** For how many questions one of the two answers is "unknown". */
  readonly unknown: number;
  /** By package and login; not all of them where there are more than were asked for. */
  readonly changes: readonly Change[];
}

/**
 * Who may do what in one view and not in another of the same facts. Says the same as two full listings, but does not
 * make them: people who are alike in everything that a package's decisions turn on are decided together.
 *
 * @param limit how many changes to list; all are counted
 */
export function differenceOf(before: View, after: View, limit: number, circumstances?: Circumstances): Difference {
  const kindred = kindredOf(before, after);
  const reached = reachOf(before);
  const logins = candidates(before);
  const changes: Change[] = [];
  const counts = { gained: 0, lost: 0, unknown: 0 };

  /** @param people whom the subject stands for */
  const compare = (subject: Subject, name: PackageName, people: () => readonly (UserId | undefined)[]): void => {
    for (const permission of PERMISSIONS) {
      const old = decide(before, subject, permission, name, circumstances).outcome;
      const next = decide(after, subject, permission, name, circumstances).outcome;
      if (old === next) continue;
      const alike = people();
      const effect = next === "allow" ? "gains" : "loses";
      if (old === "unknown" || next === "unknown") counts.unknown += alike.length;
      else if (old === "allow" || next === "allow") {
        counts[effect === "gains" ? "gained" : "lost"] += alike.length;
        for (const id of alike.slice(0, limit - changes.length)) {
          const user = id === undefined ? undefined : { id, login: logins.get(id) ?? String(id) };
          changes.push({ user, name, permission, effect });
        }
      }
    }
  };

  for (const name of [...new Set([...before.claims.keys(), ...after.claims.keys()])].toSorted()) {
    compare({ kind: "everyone" }, name, () => [undefined]);
    const own = new Set([before, after].flatMap(({ claims }) => [...reached(claims.get(name)?.repository)]));
    for (const id of own) compare({ kind: "user", id }, name, () => [id]);
    for (const alike of kindred) {
      const first = alike.find((id) => !own.has(id));
      if (first !== undefined) compare({ kind: "user", id: first }, name, () => alike.filter((id) => !own.has(id)));
    }
  }
  return { ...counts, changes };
}

/** Whom something on a repository itself was given to: collaborators, and members of teams and of teams below them. */
function reachOf({ access, facts }: View): (repository: RepositoryId | undefined) => ReadonlySet<UserId> {
  const members = new Map<number, UserId[]>();
  for (const [id, { direct }] of access.members) {
    for (const team of withAncestors(access.tree, direct)) members.set(team, [...(members.get(team) ?? []), id]);
  }
  return (repository) => {
    const given = repository === undefined ? undefined : facts.access.get(repository)?.value;
    if (given === undefined) return NOBODY;
    const teams = [...given.teams.keys()].flatMap((team) => members.get(numberOf(access.tree, team)) ?? []);
    return new Set([...given.collaborators.keys(), ...teams]);
  };
}

const NOBODY: ReadonlySet<UserId> = new Set();
