import type { BindableKind, Bindings } from "./bindings.ts";
import { bindingKey } from "./bindings.ts";
import type { Bits } from "./bits.ts";
import type { Facts, RepositoryId, UserId } from "./facts.ts";
import type { Named, Naming, RulesByName } from "./named.ts";
import { carriedLogins, carriedRepositoryNames, carriedSlugs, resolveNames } from "./named.ts";
import type { Rule } from "./policy.ts";
import type { StatementSets } from "./statements.ts";
import { collect } from "./statements.ts";
import type { TeamTree } from "./team-tree.ts";

/**
 * By number; and what may be allowed to some team or other, because it is not settled yet whom a name means.
 */
export function meantTeams(
  { slugs, bindings, sets }: { readonly slugs: RulesByName; readonly bindings: Bindings; readonly sets: StatementSets },
  facts: Facts,
  { indexOf }: TeamTree,
): { readonly teams: ReadonlyMap<number, readonly Rule[]>; readonly open: Bits } {
  const teams = new Map<number, readonly Rule[]>();
  const open = new Set<Rule>();
  for (const [team, { surely, perhaps }] of resolveNames(namingOf("team", slugs, bindings), carriedSlugs(facts))) {
    const number = indexOf.get(team);
    if (number !== undefined) teams.set(number, surely);
    for (const rule of perhaps) if (rule.effect === "allow") open.add(rule);
  }
  return { teams, open: collect(sets, open) };
}

export function meantUsers(
  { logins, bindings }: { readonly logins: RulesByName; readonly bindings: Bindings },
  facts: Facts,
): ReadonlyMap<UserId, Named> {
  return resolveNames(namingOf("user", logins, bindings), logins.size === 0 ? [] : carriedLogins(facts));
}

/** Which repositories' runs are meant. */
export function meantRepositories(
  { repositories, bindings }: { readonly repositories: RulesByName; readonly bindings: Bindings },
  facts: Facts,
): ReadonlyMap<RepositoryId, Named> {
  const carried = repositories.size === 0 ? [] : carriedRepositoryNames(facts);
  return resolveNames(namingOf("workflow", repositories, bindings), carried);
}

function namingOf(kind: BindableKind, names: RulesByName, bindings: Bindings): Naming {
  return {
    names,
    isBound: (name) => bindings.has(bindingKey(kind, name)),
    boundTo: (name) => bindings.get(bindingKey(kind, name)),
  };
}
