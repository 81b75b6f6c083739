import { DEFAULT_POLICY } from "../domain/policy.ts";
import { PERMISSIONS } from "../domain/roles.ts";
import { catalogInForce } from "../domain/roles-in-force.ts";

/** The role catalog without a policy, in Markdown. */
export function renderRoleMatrix(): string {
  const rows = catalogInForce(DEFAULT_POLICY, new Map()).map(({ name, permissions }) => {
    const marks = PERMISSIONS.map((permission) => (permissions.includes(permission) ? "yes" : ""));
    return `| ${[`\`${name}\``, ...marks].join(" | ")} |`;
  });
  const head = ["role", ...PERMISSIONS];
  return [`| ${head.join(" | ")} |`, `| ${head.map(() => "---").join(" | ")} |`, ...rows].join("\n");
}
