import { newEnforcer, newModelFromString, StringAdapter } from "casbin";
import type { Enforcer } from "casbin";
import type { Facts } from "../../src/domain/facts.ts";
import type { PermissionMask } from "../../src/domain/roles.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { catalogRow, githubRole, PERMISSION_BIT, PERMISSIONS } from "../../src/domain/roles.ts";

// The package is compared first, because most rules are about another one.
const MODEL = `
[request_definition]
r = sub, obj, act
[policy_definition]
p = sub, obj, mask
[role_definition]
g = _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = (r.obj == p.obj || p.obj == "*") && includes(p.mask, r.act) && g(r.sub, p.sub)
`;

/**
 * The same facts as rules of node-casbin's RBAC: one rule per grant, so that it has as few as possible.
 * Of archived repositories it knows nothing; one more condition in the matcher would cost it more than us.
 */
export async function casbinOf(facts: Facts): Promise<Enforcer> {
  const enforcer = await newEnforcer(newModelFromString(MODEL), new StringAdapter(rulesOf(facts).join("\n")));
  await enforcer.addFunction("includes", (mask: unknown, permission: unknown) =>
    PERMISSIONS.some((word) => word === permission && (Number(mask) & PERMISSION_BIT[word]) !== 0),
  );
  return enforcer;
}

function rulesOf(facts: Facts): readonly string[] {
  const custom = facts.customRoles?.value ?? new Map();
  const rules: string[] = [];
  const allow = (who: string, what: string, mask: PermissionMask): unknown => rules.push(`p, ${who}, ${what}, ${mask}`);

  for (const [team, { parent }] of facts.teams?.value ?? []) {
    if (parent !== undefined) rules.push(`g, team:${team}, team:${parent}`);
  }
  for (const [team, { value: users }] of facts.teamMembers) {
    for (const user of users) rules.push(`g, user:${user}, team:${team}`);
  }
  for (const [user, { owner }] of facts.members?.value ?? []) {
    if (owner) allow(`user:${user}`, "*", githubRole("admin").mask);
  }
  for (const { base, users, teams } of facts.organizationRoles?.value ?? []) {
    if (base === undefined) continue;
    for (const user of users) allow(`user:${user}`, "*", catalogRow(base, custom, DEFAULT_POLICY.roles).mask);
    for (const team of teams) allow(`team:${team}`, "*", catalogRow(base, custom, DEFAULT_POLICY.roles).mask);
  }
  for (const [id, { value: repository }] of facts.repositories) {
    const granted = facts.access.get(id)?.value;
    for (const { name } of repository.declarations) {
      for (const [user, { role }] of granted?.collaborators ?? []) {
        allow(`user:${user}`, name, catalogRow(role, custom, DEFAULT_POLICY.roles).mask);
      }
      for (const [team, role] of granted?.teams ?? [])
        allow(`team:${team}`, name, catalogRow(role, custom, DEFAULT_POLICY.roles).mask);
    }
  }
  return rules;
}
