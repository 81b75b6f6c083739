import type { Bits } from "./bits.ts";
import { addAll } from "./bits.ts";
import type { Facts, UserId } from "./facts.ts";

/** The statements that mean somebody by name. */
export interface Named {
  readonly surely: Bits;
  /** More than one carries the name, or this one may carry another: nobody can say whether it is meant. */
  readonly perhaps: Bits;
}

/** Who carries which name. Somebody of whom two readings tell different names carries both. */
type Carried = readonly (readonly [id: number, name: string])[];

/**
 * A member goes by the list of members, which follows renames; somebody from outside by the repositories, which may
 * still have an older login.
 */
export function carriedLogins({ members: list, access }: Facts): Carried {
  const members = list?.value ?? new Map<UserId, never>();
  const outside = [...access.values()].flatMap(({ value: { collaborators } }) =>
    [...collaborators].flatMap(([id, { login }]) => (members.has(id) ? [] : [[id, login] as const])),
  );
  return [...Array.from(members, ([id, { login }]) => [id, login] as const), ...outside];
}

export function carriedSlugs({ teams }: Facts): Carried {
  return Array.from(teams?.value ?? [], ([id, { slug }]) => [id, slug] as const);
}

export function carriedRepositoryNames({ repositories }: Facts): Carried {
  return Array.from(repositories, ([id, { value }]) => [id, value.name] as const);
}

/** By name in lower case: who alone carries it, and no other. */
export function soleCarriers(names: ReadonlySet<string>, carried: Carried): ReadonlyMap<string, number> {
  const { carriers, namesOf } = index(names, carried);
  const sole = new Map<string, number>();
  for (const [name, ids] of carriers) {
    for (const id of ids) if (ids.size === 1 && namesOf.get(id)?.size === 1) sole.set(name, id);
  }
  return sole;
}

/** Statements by the name that they have, in lower case, and what there is to know of them. */
export interface Naming {
  readonly names: ReadonlyMap<string, Bits>;
  /** Whom a name is bound to, whatever it is called now; `undefined`: to nobody yet. */
  readonly boundTo: (name: string) => number | undefined;
  /** Of these statements the ones that deny. */
  readonly denials: (bits: Bits) => Bits;
}

/**
 * Whom the names in rules mean. A bound name means who it is bound to. Whoever else carries it now gets nothing by it,
 * but what it denies: nobody escapes a rule by somebody else's being renamed.
 */
export function resolveNames({ names, boundTo, denials }: Naming, carried: Carried): ReadonlyMap<number, Named> {
  const { carriers, namesOf } = index(names, carried);
  const meant = new Map<number, Named>();
  const mean = (id: number, how: keyof Named, bits: Bits): void => {
    const named = meant.get(id) ?? { surely: new Uint32Array(bits.length), perhaps: new Uint32Array(bits.length) };
    addAll(named[how], bits);
    meant.set(id, named);
  };
  for (const [name, bits] of names) {
    const bound = boundTo(name);
    if (bound !== undefined) mean(bound, "surely", bits);
    const ids = carriers.get(name) ?? new Set();
    for (const id of ids) {
      const isSure = ids.size === 1 && namesOf.get(id)?.size === 1;
      if (id !== bound) mean(id, isSure ? "surely" : "perhaps", bound === undefined ? bits : denials(bits));
    }
  }
  return meant;
}

function index(names: { readonly has: (name: string) => boolean }, carried: Carried) {
  const carriers = new Map<string, Set<number>>();
  const namesOf = new Map<number, Set<string>>();
  for (const [id, label] of carried) {
    const name = label.toLowerCase();
    namesOf.set(id, (namesOf.get(id) ?? new Set()).add(name));
    if (names.has(name)) carriers.set(name, (carriers.get(name) ?? new Set()).add(id));
  }
  return { carriers, namesOf };
}
