import type { View } from "../domain/decide.ts";
import { GITHUB_ROLES } from "../domain/facts.ts";
import type { Principal } from "../domain/policy.ts";
import { isName } from "../domain/publishers.ts";
import { policyPlace } from "../domain/roles-in-force.ts";
import { candidates } from "../domain/search.ts";
import { closest } from "../text/closest.ts";

/**
 * Names in rules that nobody has, or nobody has any more: whoever renames a team, a login or a repository is meant by
 * a rule no longer, though the rule may have taken something away.
 */
export function strangersInRules(view: View): string[] {
  const { policy, ready, organization } = view;
  if (!ready || policy.rules.length === 0) return [];
  const known = knownNames(view);
  return policy.rules.flatMap(({ who, effect, line }) =>
    who.flatMap((principal) => {
      if (!("name" in principal) || isKnown(known[principal.kind], principal)) return [];
      const { kind, name } = principal;
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
