import type { Subject, View } from "./decide.ts";
import { decide } from "./decide.ts";
import type { UserId } from "./facts.ts";
import type { Given } from "./given.ts";
import type { Circumstances } from "./judge.ts";
import type { Kin, Person } from "./kindred.ts";
import { likenessOf } from "./likeness.ts";
import { madeOnce } from "./made-once.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";

/** What becomes of somebody's permissions on a package. */
export interface Effect {
  readonly changes: readonly { readonly permission: Permission; readonly effect: "gains" | "loses" }[];
  /** How many of the changes are gains. */
  readonly gains: number;
  /** Of how many permissions one of the two answers is "unknown". */
  readonly unknown: number;
}

/** What becomes of the permissions of somebody who has what they were given on the repositories that have the name. */
export type EffectOn = (person: Person) => Effect;

/**
 * Tells of a name what becomes of these permissions on it between two views of the same facts. Of people who are alike one
 * is asked about, and of names that are alike one: whoever else is like them gets the same answers.
 */
export function effectsOf(
  before: View,
  after: View,
  circumstances: Circumstances | undefined,
): (name: PackageName, permissions: readonly Permission[]) => EffectOn {
  const likeness = likenessOf(before, after);
  const known = new Map<string, Map<Given, Map<Kin, Effect>>>();
  const compare = (id: UserId | undefined, name: PackageName, permissions: readonly Permission[]): Effect => {
    const subject: Subject = id === undefined ? { kind: "everyone" } : { kind: "user", id };
    const answers = permissions.map((permission) => ({
      permission,
      old: decide(before, subject, permission, name, circumstances).outcome,
      next: decide(after, subject, permission, name, circumstances).outcome,
    }));
    const different = answers.filter(({ old, next }) => old !== next);
    const changes = different.flatMap(({ permission, old, next }) =>
      old === "unknown" || next === "unknown"
        ? []
        : [{ permission, effect: next === "allow" ? "gains" : "loses" } as const],
    );
    const gains = changes.filter(({ effect }) => effect === "gains").length;
    return { changes, gains, unknown: different.length - changes.length };
  };
  return (name, permissions) => {
    const like = likeness(name);
    const fresh = () => new Map<Given, Map<Kin, Effect>>();
    // What no other name needs is kept no longer than this one.
    const ofName = like === undefined ? fresh() : madeOnce(known, like, fresh);
    return ({ user, kin, given }) => {
      const ofCrowd = madeOnce(ofName, given, () => new Map<Kin, Effect>());
      return madeOnce(ofCrowd, kin, () => compare(user?.id, name, permissions));
    };
  };
}
