import type { View } from "./decide.ts";
import type { PackageName } from "./package-name.ts";
import { covers } from "./patterns.ts";
import type { Policy } from "./policy.ts";

/**
 * Tells of a name whether any decision about it can differ between two views of the same facts. Most edits of a policy
 * concern few names, and there are many.
 */
export function affectedBy(before: View, after: View): (name: PackageName) => boolean {
  if (everywhere(before) !== everywhere(after)) return () => true;
  const changed = changedPatterns(before.policy, after.policy);
  return (name) => standing(before, name) !== standing(after, name) || changed.some((pattern) => covers(pattern, name));
}

/** What bears on every name. */
function everywhere({ policy, access }: View): string {
  const { roles, repositories, names, read } = policy;
  const permissions = [...roles].map(([name, change]) => [name, change.permissions]).toSorted();
  return JSON.stringify([permissions, repositories.archived, names.reserved, read, access.servesEveryone]);
}

function standing({ claims }: View, name: PackageName): string {
  const claim = claims.get(name);
  return `${claim?.status} ${claim?.repository}`;
}

/** The patterns of the rules that only one of the two has, wherever in the file they stand. */
function changedPatterns(before: Policy, after: Policy): readonly string[] {
  const [old, next] = [rulesByText(before), rulesByText(after)];
  const only = [...old].filter(([text]) => !next.has(text)).concat([...next].filter(([text]) => !old.has(text)));
  return [...new Set(only.flatMap(([, packages]) => packages))];
}

function rulesByText({ rules }: Policy): ReadonlyMap<string, readonly string[]> {
  return new Map(rules.map((rule) => [JSON.stringify({ ...rule, line: 0 }), rule.packages]));
}
