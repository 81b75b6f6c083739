import type { BindablePrincipal } from "../domain/bindings.ts";
import { bindingKey, isBindable } from "../domain/bindings.ts";
import type { View } from "../domain/decide.ts";
import { GITHUB_ROLES } from "../domain/facts.ts";
import { carriedRepositoryNames, carriedSlugs } from "../domain/named.ts";
import type { Principal } from "../domain/policy.ts";
import { isName } from "../domain/publishers.ts";
import { policyPlace } from "../domain/roles-in-force.ts";
import { candidates } from "../domain/search.ts";
import { closest } from "../text/closest.ts";

/** Names in rules that nobody has, or that others have by now than those whom the rules mean. */
export function strangersInRules(view: View): string[] {
  const { policy, ready, organization } = view;
  if (!ready || policy.rules.length === 0) return [];
  const known = knownNames(view);
  return policy.rules.flatMap(({ who, effect, line }) =>
    who.flatMap((principal) => {
      if (!("name" in principal)) return [];
      const { kind, name } = principal;
      const moved = isBindable(principal) ? movedOn(view, principal) : undefined;
      if (moved !== undefined) return [`${policyPlace(line)}: a rule names "${kind}:${name}", ${moved}`];
      if (isKnown(known[kind], principal)) return [];
      const meant = closest(name, [...known[kind]]);
      const fix = meant === undefined ? "correct it, or remove it" : `did you mean "${kind}:${meant}"?`;
      const what = effect === "deny" ? "denies it nothing" : "allows it nothing";
      return [
        `${policyPlace(line)}: a rule names "${kind}:${name}", which ${organization.login} does not know, and so ${what}; ${fix}`,
      ];
    }),
  );
}

/** Repositories by whose name `[publishers]` limits runs, and that are not there: whoever renames one is out of its limit. */
export function strangersInPublishers({ policy, ready, facts, organization }: View): string[] {
  if (!ready) return [];
  const known = new Set(Array.from(facts.repositories.values(), ({ value }) => value.name.toLowerCase()));
  return policy.publishers.filter(isName).flatMap(({ repositories, line }) => {
    if (known.has(repositories)) return [];
    const meant = closest(repositories, [...known]);
    const fix = meant === undefined ? "correct it, or remove it" : `did you mean "${meant}"?`;
    return [
      `${policyPlace(line)}: publishers names the repository "${repositories}", which ${organization.login} does not know, and so limits nobody; ${fix}`,
    ];
  });
}

/** What has become of whom a rule meant, when that is not who has the name now. */
function movedOn(view: View, { kind, name }: BindablePrincipal): string | undefined {
  const bound = view.bindings.get(bindingKey(kind, name));
  if (bound === undefined) return undefined;
  const names = new Map(carriedNames(view, kind));
  const now = names.get(bound);
  if (now?.toLowerCase() === name.toLowerCase()) return undefined;
  if (now !== undefined) return `which is called ${now} now and is still meant: update the rule.`;
  if (![...names.values()].some((other) => other.toLowerCase() === name.toLowerCase())) return undefined;
  return "which is another one now than the rule was written for, and gets nothing by it: if that one is meant, take the rule out, push, and put it in again.";
}

function carriedNames(view: View, kind: BindablePrincipal["kind"]): Iterable<readonly [number, string]> {
  if (kind === "user") return candidates(view);
  return kind === "team" ? carriedSlugs(view.facts) : carriedRepositoryNames(view.facts);
}

type Kind = Exclude<Principal["kind"], "everyone" | "members">;

/** Roles in their own spelling, all else in lower case. */
function knownNames(view: View): Readonly<Record<Kind, ReadonlySet<string>>> {
  const { facts, policy } = view;
  const lower = (names: Iterable<string>): ReadonlySet<string> =>
    new Set(Array.from(names, (name) => name.toLowerCase()));
  const granted = [...facts.access.values()].flatMap(({ value: { collaborators, teams } }) => [
    ...Array.from(collaborators.values(), ({ role }) => role.name),
    ...Array.from(teams.values(), ({ name }) => name),
  ]);
  return {
    team: lower(Array.from(facts.teams?.value.values() ?? [], ({ slug }) => slug)),
    user: lower(candidates(view).values()),
    workflow: lower(Array.from(facts.repositories.values(), ({ value }) => value.name)),
    role: new Set([...GITHUB_ROLES, ...(facts.customRoles?.value.keys() ?? []), ...policy.roles.keys(), ...granted]),
  };
}

function isKnown(names: ReadonlySet<string>, { kind, name }: { readonly kind: Kind; readonly name: string }): boolean {
  return names.has(kind === "role" ? name : name.toLowerCase());
}
