import type { BindableKind, Bindings } from "./bindings.ts";
import { bindingKey } from "./bindings.ts";
import type { Bits } from "./bits.ts";
import { addAll, shared, without } from "./bits.ts";
import type { Facts, RepositoryId, UserId } from "./facts.ts";
import type { Named, Naming } from "./named.ts";
import { carriedLogins, carriedRepositoryNames, carriedSlugs, resolveNames } from "./named.ts";
import type { TeamTree } from "./team-tree.ts";

/** What rules say of names, whoever is meant. */
interface Sayings {
  readonly denials: Bits;
  readonly bindings: Bindings;
}

/**
 * By number; and what may be allowed to some team or other, because it is not settled yet whom a name means.
 */
export function meantTeams(
  { slugs, ...sayings }: Sayings & { readonly slugs: ReadonlyMap<string, Bits> },
  facts: Facts,
  { indexOf }: TeamTree,
): { readonly teams: ReadonlyMap<number, Bits>; readonly open: Bits } {
  const meant = resolveNames(namingOf("team", slugs, sayings), carriedSlugs(facts));
  const teams = new Map<number, Bits>();
  const open = new Uint32Array(sayings.denials.length);
  for (const [team, { surely, perhaps }] of meant) {
    const number = indexOf.get(team);
    if (number !== undefined) teams.set(number, surely);
    addAll(open, without(perhaps, sayings.denials));
  }
  return { teams, open };
}

export function meantUsers(
  { logins, ...sayings }: Sayings & { readonly logins: ReadonlyMap<string, Bits> },
  facts: Facts,
): ReadonlyMap<UserId, Named> {
  return resolveNames(namingOf("user", logins, sayings), logins.size === 0 ? [] : carriedLogins(facts));
}

/** Which repositories' runs are meant. */
export function meantRepositories(
  { repositories, ...sayings }: Sayings & { readonly repositories: ReadonlyMap<string, Bits> },
  facts: Facts,
): ReadonlyMap<RepositoryId, Named> {
  const carried = repositories.size === 0 ? [] : carriedRepositoryNames(facts);
  return resolveNames(namingOf("workflow", repositories, sayings), carried);
}

function namingOf(kind: BindableKind, names: ReadonlyMap<string, Bits>, { bindings, denials }: Sayings): Naming {
  return {
    names,
    isBound: (name) => bindings.has(bindingKey(kind, name)),
    boundTo: (name) => bindings.get(bindingKey(kind, name)),
    denials: (bits) => shared(bits, denials),
  };
}
