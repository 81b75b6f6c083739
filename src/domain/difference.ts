import { affectedBy } from "./affected.ts";
import type { Subject, View } from "./decide.ts";
import { decide } from "./decide.ts";
import type { RepositoryId, UserId } from "./facts.ts";
import type { Kindred } from "./kindred.ts";
import { kindredOf } from "./kindred.ts";
import type { Circumstances } from "./judge.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";
import { permissionsIn } from "./roles.ts";
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
  const reached = reachOf(before, kindred);
  const logins = candidates(before);
  const changes: Change[] = [];
  const counts = { gained: 0, lost: 0, unknown: 0 };

  /** @param crowd whom the subject stands for */
  const compare = (subject: Subject, { name, permissions }: Affected, crowd: Crowd): void => {
    for (const permission of permissions) {
      const old = decide(before, subject, permission, name, circumstances).outcome;
      const next = decide(after, subject, permission, name, circumstances).outcome;
      if (old === next) continue;
      const effect = next === "allow" ? "gains" : "loses";
      if (old === "unknown" || next === "unknown") counts.unknown += crowd.size;
      else {
        counts[effect === "gains" ? "gained" : "lost"] += crowd.size;
        for (const id of crowd.first(limit - changes.length)) {
          const user = id === undefined ? undefined : { id, login: logins.get(id) ?? String(id) };
          changes.push({ user, name, permission, effect });
        }
      }
    }
  };

  const affects = affectedBy(before, after);
  for (const name of [...new Set([...before.claims.keys(), ...after.claims.keys()])].toSorted()) {
    const affected = { name, permissions: permissionsIn(affects(name)) };
    if (affected.permissions.length === 0) continue;
    compare({ kind: "everyone" }, affected, crowdOf([undefined]));
    const holders = new Set([before, after].flatMap(({ claims }) => claims.get(name)?.repository ?? []));
    const { apart, alike, apartOf } = reached(holders);
    for (const group of alike) {
      for (const id of group.slice(0, 1)) compare({ kind: "user", id }, affected, crowdOf(group));
    }
    for (const [kind, group] of kindred.entries()) {
      const id = group.find((one) => !apart.has(one));
      const others: Crowd = {
        size: group.length - apartOf(kind),
        first: (most) => firstOf(group, most, (one) => !apart.has(one)),
      };
      if (id !== undefined) compare({ kind: "user", id }, affected, others);
    }
  }
  return { ...counts, changes };
}

/** A name, and the permissions of which decisions about it may differ. */
interface Affected {
  readonly name: PackageName;
  readonly permissions: readonly Permission[];
}

/** People who are alike: mostly they are only counted. */
interface Crowd {
  readonly size: number;
  readonly first: (most: number) => readonly (UserId | undefined)[];
}

function crowdOf(people: readonly (UserId | undefined)[]): Crowd {
  return { size: people.length, first: (most) => people.slice(0, most) };
}

function firstOf(people: readonly UserId[], most: number, belongs: (id: UserId) => boolean): readonly UserId[] {
  const found: UserId[] = [];
  for (const id of people) {
    if (found.length >= most) break;
    if (belongs(id)) found.push(id);
  }
  return found;
}

/** Whom something on a repository itself was given to, and who of them are alike in that and in all else. */
interface Reached {
  readonly apart: ReadonlyMap<UserId, number>;
  readonly alike: Iterable<readonly UserId[]>;
  /** How many of a kind these are. */
  readonly apartOf: (kind: number) => number;
}

// Leaves room for the kinds below the largest exact whole number.
const MAX_WEIGHT = 2 ** 30;

/** Collaborators stand alone; others are alike by the teams, and the teams above them, that were given something. */
function reachOf({ access, facts }: View, kindred: Kindred): (repositories: Iterable<RepositoryId>) => Reached {
  const members = new Map<number, UserId[]>();
  for (const [id, { direct }] of access.members) {
    for (const team of withAncestors(access.tree, direct)) {
      const list = members.get(team);
      if (list === undefined) members.set(team, [id]);
      else list.push(id);
    }
  }
  const kinds = new Map(kindred.flatMap((group, kind) => group.map((id) => [id, kind] as const)));
  return (repositories) => {
    // Each person's traits as a number: which of the teams so far, doubled for each further one, and then the kind.
    const apart = new Map<UserId, number>();
    const alone: UserId[][] = [];
    let weight = 1;
    const given = Array.from(repositories).flatMap((id) => facts.access.get(id)?.value ?? []);
    const single = new Set(given.flatMap((access) => [...access.collaborators.keys()]));
    for (const team of given.flatMap(({ teams }) => [...teams.keys()])) {
      for (const id of members.get(numberOf(access.tree, team)) ?? []) {
        // Beyond that a number would forget teams, so who is in one more stands alone.
        if (weight > MAX_WEIGHT) single.add(id);
        apart.set(id, (apart.get(id) ?? 0) + weight);
      }
      if (weight <= MAX_WEIGHT) weight *= 2;
    }
    const alike = new Map<number, UserId[]>();
    for (const [id, teams] of apart) {
      if (single.has(id)) continue;
      const traits = teams + weight * (kinds.get(id) ?? 0);
      const group = alike.get(traits);
      if (group === undefined) alike.set(traits, [id]);
      else group.push(id);
    }
    for (const id of single) {
      apart.set(id, 0);
      alone.push([id]);
    }
    const counts = new Map<number, number>();
    for (const id of apart.keys()) {
      const kind = kinds.get(id) ?? -1;
      counts.set(kind, (counts.get(kind) ?? 0) + 1);
    }
    return { apart, alike: [...alone, ...alike.values()], apartOf: (kind) => counts.get(kind) ?? 0 };
  };
}
