import type { BindableKind, Bindings } from "./bindings.ts";
import { bindingKey } from "./bindings.ts";
import type { Bits } from "./bits.ts";
import { shared } from "./bits.ts";
import type { Facts, RepositoryId, UserId } from "./facts.ts";
import type { Named, Naming } from "./named.ts";
import { carriedLogins, carriedRepositoryNames, carriedSlugs, resolveNames } from "./named.ts";
import type { TeamTree } from "./team-tree.ts";

/** What rules say of names, whoever is meant. */
interface Sayings {
  readonly denials: Bits;
  readonly bindings: Bindings;
}

/** By number. A team has one slug, and no other has it, so nothing is in doubt. */
export function meantTeams(
  { slugs, ...sayings }: Sayings & { readonly slugs: ReadonlyMap<string, Bits> },
  facts: Facts,
  { indexOf }: TeamTree,
): ReadonlyMap<number, Bits> {
  const meant = resolveNames(namingOf("team", slugs, sayings), carriedSlugs(facts));
  return new Map(
    [...meant].flatMap(([team, { surely }]) => {
      const number = indexOf.get(team);
      return number === undefined ? [] : [[number, surely] as const];
    }),
  );
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
    boundTo: (name) => bindings.get(bindingKey(kind, name)),
    denials: (bits) => shared(bits, denials),
  };
}
