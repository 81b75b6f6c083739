import { affectedBy } from "./affected.ts";
import { crowdsOf, peopleIn } from "./crowds.ts";
import type { View } from "./decide.ts";
import type { Effect } from "./effects.ts";
import { effectsOf } from "./effects.ts";
import type { UserId } from "./facts.ts";
import type { Circumstances } from "./judge.ts";
import type { Person } from "./kindred.ts";
import { kindredOf } from "./kindred.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";
import type { Steps } from "./steps.ts";

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
  /** By package, login and permission; not all of them where there are more than were asked for. */
  readonly changes: readonly Change[];
}

/**
 * Who may do what in one view and not in another of the same facts. Says the same as two full listings, but does not
 * make them.
 *
 * @param limit how many changes to list; all are counted
 */
export function* differenceOf(
  before: View,
  after: View,
  limit: number,
  circumstances?: Circumstances,
): Steps<Difference> {
  const kindred = yield* kindredOf(before, after);
  const crowds = crowdsOf(before, after, kindred);
  const affected = affectedBy(before, after);
  const effects = effectsOf(before, after, circumstances);
  const changes: Change[] = [];
  const counts = { gained: 0, lost: 0, unknown: 0 };
  for (const name of [...new Set([...before.claims.keys(), ...after.claims.keys()])].toSorted()) {
    yield;
    const permissions = affected(name);
    if (permissions.length === 0) continue;
    const effectOn = effects(name, permissions);
    const concerned: (readonly [person: Person, effect: Effect])[] = [];
    for (const crowd of crowds(name)) {
      const effect = effectOn(crowd.one);
      counts.gained += effect.gains * crowd.size;
      counts.lost += (effect.changes.length - effect.gains) * crowd.size;
      counts.unknown += effect.unknown * crowd.size;
      if (effect.changes.length === 0 || changes.length >= limit) continue;
      for (const person of peopleIn(crowd)) concerned.push([person, effect]);
    }
    for (const [{ user }, effect] of concerned.toSorted(([a], [b]) => a.place - b.place)) {
      for (const change of effect.changes) if (changes.length < limit) changes.push({ user, name, ...change });
    }
  }
  return { ...counts, changes };
}
