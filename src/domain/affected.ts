import type { View } from "./decide.ts";
import type { PackageName } from "./package-name.ts";
import { covers } from "./patterns.ts";
import type { Policy, Rule } from "./policy.ts";
import type { PermissionMask } from "./roles.ts";
import { PERMISSION_BIT, PERMISSIONS } from "./roles.ts";

/**
 * Tells of a name for which permissions any decision about it can differ between two views of the same facts. Most edits of
 * a policy concern few names and permissions, and there are many.
 */
export function affectedBy(before: View, after: View): (name: PackageName) => PermissionMask {
  if (everywhere(before) !== everywhere(after)) return () => EVERYTHING;
  const changed = changedRules(before.policy, after.policy);
  return (name) => {
    if (standing(before, name) !== standing(after, name)) return EVERYTHING;
    return changed
      .filter(({ packages }) => packages.some((pattern) => covers(pattern, name)))
      .reduce((sum, { permissions }) => sum | permissions, 0);
  };
}

const EVERYTHING = PERMISSIONS.reduce((mask, permission) => mask | PERMISSION_BIT[permission], 0);

/** What bears on every name. */
function everywhere({ policy, access }: View): string {
  const { roles, repositories, names, read } = policy;
  const masks = [...roles].map(([name, { permissions }]) => `${name} ${permissions}`).toSorted();
  return JSON.stringify([masks, repositories.archived, names.reserved, read, access.servesEveryone]);
}

function standing({ claims }: View, name: PackageName): string {
  const claim = claims.get(name);
  return `${claim?.status} ${claim?.repository}`;
}

/** The rules that only one of the two has, wherever in the file they stand. */
function changedRules(before: Policy, after: Policy): readonly Rule[] {
  const [old, next] = [rulesByText(before), rulesByText(after)];
  const only = [...old].filter(([text]) => !next.has(text)).concat([...next].filter(([text]) => !old.has(text)));
  return only.map(([, rule]) => rule);
}

function rulesByText({ rules }: Policy): ReadonlyMap<string, Rule> {
  return new Map(rules.map((rule) => [JSON.stringify({ ...rule, line: 0 }), rule]));
}
