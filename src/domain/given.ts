import type { View } from "./decide.ts";
import type { Role } from "./facts.ts";
import type { Grant } from "./grants.ts";
import { makeGrant } from "./grants.ts";
import { madeOnce } from "./made-once.ts";
import { rowIn } from "./roles-in-force.ts";

/**
 * What somebody was given on a repository itself, by number, as far as decisions in two views turn on it: what it permits
 * and, where a rule names a role, which role is the strongest. Whoever was given things of the same number is decided alike.
 */
export type Given = number;

export const NOTHING_GIVEN: Given = 0;

/** What one more grant makes of it. */
export type Addition = (given: Given) => Given;

/** A grant on what has the name in the first view, in the second, or in both. */
export interface Addend {
  readonly kind: "team" | "collaborator";
  readonly role: Role;
  readonly counts: readonly [before: boolean, after: boolean];
}

type Held = Pick<Grant, "weight"> & { readonly mask: number; readonly strongest: string };

const NOTHING: Held = { weight: 0, mask: 0, strongest: "" };

export function additionsOf(before: View, after: View): (addend: Addend) => Addition {
  const turnsOnRole = [before, after].some(({ policy }) =>
    policy.rules.some(({ who }) => who.some(({ kind }) => kind === "role")),
  );
  const known: (readonly [Held, Held])[] = [];
  const numbers = new Map([[JSON.stringify([NOTHING, NOTHING]), NOTHING_GIVEN]]);
  const numberOf = (held: readonly [Held, Held]): Given => {
    const text = JSON.stringify(held);
    const number = numbers.get(text) ?? known.push(held);
    numbers.set(text, number);
    return number;
  };
  const plus = ({ mask, weight, strongest }: Held, grant: Grant): Held => ({
    mask: mask | grant.role.mask,
    // Of two that weigh the same the first counts.
    ...(turnsOnRole && grant.weight > weight
      ? { weight: grant.weight, strongest: grant.role.name }
      : { weight, strongest }),
  });

  const additions = new Map<string, Addition>();
  return ({ kind, role, counts: [isBefore, isAfter] }) =>
    madeOnce(additions, JSON.stringify([kind, role.name, role.level, isBefore, isAfter]), () => {
      const [old, next] = [makeGrant(kind, rowIn(before, role)), makeGrant(kind, rowIn(after, role))];
      const sums: Given[] = [];
      return (given) => {
        const [was, is] = known[given - 1] ?? [NOTHING, NOTHING];
        return (sums[given] ??= numberOf([isBefore ? plus(was, old) : was, isAfter ? plus(is, next) : is]));
      };
    });
}
