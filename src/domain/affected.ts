import { bindingKey, isBindable } from "./bindings.ts";
import type { View } from "./decide.ts";
import type { PackageName } from "./package-name.ts";
import { patternsCovering } from "./patterns.ts";
import type { Rule } from "./policy.ts";
import type { Permission, PermissionMask } from "./roles.ts";
import { PERMISSIONS, permissionsIn } from "./roles.ts";

/**
 * Tells of a name for which permissions any decision about it can differ between two views of the same facts. Most edits of
 * a policy concern few names and permissions, and there are many.
 */
export function affectedBy(before: View, after: View): (name: PackageName) => readonly Permission[] {
  const isAnywhere = everywhere(before) !== everywhere(after) || hasStaleRules(before) || hasStaleRules(after);
  if (isAnywhere) return () => PERMISSIONS;
  const changed = new Map<string, PermissionMask>();
  for (const { packages, permissions } of changedRules(before, after)) {
    for (const pattern of packages) changed.set(pattern, (changed.get(pattern) ?? 0) | permissions);
  }
  return (name) => {
    if (standing(before, name) !== standing(after, name)) return PERMISSIONS;
    return permissionsIn(patternsCovering(name).reduce((sum, pattern) => sum | (changed.get(pattern) ?? 0), 0));
  };
}

/** What bears on every name. */
function everywhere({ policy, access }: View): string {
  const { roles, repositories, names, read } = policy;
  const masks = [...roles].map(([name, { permissions }]) => `${name} ${permissions}`).toSorted();
  return JSON.stringify([masks, repositories.archived, names.reserved, read, access.servesEveryone]);
}

/** Then nothing is known of a name that any rule covers, whatever the rule is about. */
function hasStaleRules({ access: { rules }, freshSince }: View): boolean {
  return rules.asOf < freshSince;
}

function standing({ claims }: View, name: PackageName): string {
  const claim = claims.get(name);
  return `${claim?.status} ${claim?.repository}`;
}

/** The rules that only one of the two has, wherever in the file they stand, and whoever is meant by their names. */
function changedRules(before: View, after: View): readonly Rule[] {
  const [old, next] = [rulesByText(before), rulesByText(after)];
  const only = [...old].filter(([text]) => !next.has(text)).concat([...next].filter(([text]) => !old.has(text)));
  return only.map(([, rule]) => rule);
}

function rulesByText({ policy: { rules }, bindings }: View): ReadonlyMap<string, Rule> {
  const whom = ({ who }: Rule) =>
    who.filter(isBindable).map(({ kind, name }) => {
      const key = bindingKey(kind, name);
      return bindings.has(key) ? (bindings.get(key) ?? "nobody") : "open";
    });
  return new Map(rules.map((rule) => [JSON.stringify({ ...rule, line: 0, whom: whom(rule) }), rule]));
}
