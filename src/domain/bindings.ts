import type { Principal } from "./policy.ts";

/**
 * Whom the names in rules mean, by {@link bindingKey}: the number of a user, a team or a repository, or `undefined` for
 * nobody. Names change hands (any member may create a team, or a repository, under a name that another gave up or that
 * nobody has yet), so a name in a rule is bound to who carries it when the rule comes into force, and stays with them for
 * as long as some rule has it. What is not in here is not bound yet.
 */
export type Bindings = ReadonlyMap<string, number | undefined>;

export const NO_BINDINGS: Bindings = new Map();

export const BINDABLE = ["user", "team", "workflow"] as const;
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
