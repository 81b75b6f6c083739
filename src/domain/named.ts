import type { Facts, UserId } from "./facts.ts";
import { madeOnce } from "./made-once.ts";
import type { Rule } from "./policy.ts";

export type RulesByName = ReadonlyMap<string, readonly Rule[]>;

/** The rules that mean somebody by name. */
export interface Named {
  readonly surely: readonly Rule[];
  /** More than one carries the name, or this one may carry another: nobody can say whether it is meant. */
  readonly perhaps: readonly Rule[];
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

/** By name in lower case: who carries it, and no other name; `"several"`: nobody can say which of them. */
export function carriersOf(names: ReadonlySet<string>, carried: Carried): ReadonlyMap<string, number | "several"> {
  const { carriers, namesOf } = index(names, carried);
  const found = new Map<string, number | "several">();
  for (const [name, ids] of carriers) {
    for (const id of ids) found.set(name, ids.size === 1 && namesOf.get(id)?.size === 1 ? id : "several");
  }
  return found;
}

/** Rules by the name that they have, in lower case, and what there is to know of it. */
export interface Naming {
  readonly names: RulesByName;
  /** Whether it has been settled whom a name means. */
  readonly isBound: (name: string) => boolean;
  /** Whom it means then, whatever they are called now; `undefined`: nobody. */
  readonly boundTo: (name: string) => number | undefined;
}

/**
 * Whom the names in rules mean. A bound name means who it is bound to. Whoever else carries it gets nothing by it, but
 * what it denies: nobody escapes a rule by somebody else's being renamed. While it is not bound, whoever carries it may be
 * meant.
 */
export function resolveNames({ names, isBound, boundTo }: Naming, carried: Carried): ReadonlyMap<number, Named> {
  const { carriers, namesOf } = index(names, carried);
  const meant = new Map<number, { readonly surely: Rule[]; readonly perhaps: Rule[] }>();
  const mean = (id: number, how: keyof Named, rules: readonly Rule[]): void => {
    const named = madeOnce(meant, id, () => ({ surely: [], perhaps: [] }));
    for (const rule of rules) named[how].push(rule);
  };
  for (const [name, rules] of names) {
    const bound = boundTo(name);
    if (bound !== undefined) mean(bound, "surely", rules);
    const ids = carriers.get(name) ?? new Set();
    for (const id of ids) {
      if (id === bound) continue;
      const isSure = ids.size === 1 && namesOf.get(id)?.size === 1;
      mean(id, isSure ? "surely" : "perhaps", rules.filter(denies));
      if (!isBound(name)) mean(id, "perhaps", rules);
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

function denies({ effect }: Rule): boolean {
  return effect === "deny";
}
