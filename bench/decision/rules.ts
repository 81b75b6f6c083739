import { compileAccess } from "../../src/domain/access.ts";
import type { View } from "../../src/domain/decide.ts";
import type { Rule } from "../../src/domain/policy.ts";
import { EVERY_PERMISSION } from "../../src/domain/roles.ts";

/**
 * The same organization with rules that cover every package and every permission, and mean nobody: each has to be
 * looked at, and the answers stay those that the oracle knows.
 */
export function withRules(view: View, count: number): View {
  const rules = Array.from({ length: count }, (_, index): Rule => ({
    who: [
      { kind: "user", name: `nobody-${index}` },
      { kind: "team", name: `no-team-${index}` },
    ],
    packages: ["*"],
    indexes: undefined,
    permissions: EVERY_PERMISSION,
    effect: index % 2 === 0 ? "allow" : "deny",
    when: { visibility: undefined, environment: undefined, ref: undefined },
    line: index + 1,
  }));
  const policy = { ...view.policy, rules };
  return { ...view, policy, access: compileAccess({ ...view, policy }) };
}
