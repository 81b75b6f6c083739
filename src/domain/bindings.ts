import type { Facts } from "./facts.ts";
import { carriedLogins, carriedRepositoryNames, carriedSlugs, soleCarriers } from "./named.ts";
import type { Principal, Rule } from "./policy.ts";

/**
 * Whom the names in rules mean: the number of a user, a team or a repository, by {@link bindingKey}. Names change hands
 * (any member may create a team, or a repository, under a name that another gave up), so a name in a rule is bound
 * once, to who carries it then, and stays with them for as long as some rule says the same.
 */
export type Bindings = ReadonlyMap<string, number>;

export const NO_BINDINGS: Bindings = new Map();

const BINDABLE = ["user", "team", "workflow"] as const;
/** What a principal's name can be given to; a role is nobody. */
export type BindableKind = (typeof BINDABLE)[number];
export type BindablePrincipal = Extract<Principal, { readonly name: string }> & { readonly kind: BindableKind };

export function isBindable(principal: Principal): principal is BindablePrincipal {
  return BINDABLE.some((kind) => kind === principal.kind);
}

/** GitHub tells no two logins, slugs or repositories' names apart by case. */
export function bindingKey(kind: BindableKind, name: string): string {
  return `${kind}:${name.toLowerCase()}`;
}

/**
 * Binds the names in rules that are not bound yet and that exactly one carries, and lets go of those that no rule has
 * any more.
 *
 * @returns the very same where that changes nothing
 */
export function bind(before: Bindings, rules: readonly Rule[], facts: Facts): Bindings {
  const named = rules.flatMap(({ who }) => who.filter(isBindable));
  const keys = new Set(named.map(({ kind, name }) => bindingKey(kind, name)));
  const kept = [...before].filter(([key]) => keys.has(key));
  const found = BINDABLE.flatMap((kind) => {
    const open = named.filter((one) => one.kind === kind && !before.has(bindingKey(kind, one.name)));
    if (open.length === 0) return [];
    const names = new Set(open.map(({ name }) => name.toLowerCase()));
    return [...soleCarriers(names, CARRIED[kind](facts))].map(([name, id]) => [bindingKey(kind, name), id] as const);
  });
  return kept.length === before.size && found.length === 0 ? before : new Map([...kept, ...found]);
}

const CARRIED = { user: carriedLogins, team: carriedSlugs, workflow: carriedRepositoryNames };
