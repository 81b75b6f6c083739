import type { Claim } from "../../src/domain/claims.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";

/**
 * The rules of GitHub and of this product, as one would read them aloud: plain loops over the facts, slow, and
 * sharing no code with what is tested.
 */

const STRENGTH: Record<string, number> = { read: 1, triage: 2, write: 3, maintain: 4, admin: 5 };
const NEEDED: Record<string, number> = { read: 1, upload: 3, yank: 4, delete: 5, manage: 5 };

/** "allow team", "deny archived", "unknown not-synced", … */
export function naively(
  facts: Facts,
  claim: Claim | undefined,
  user: number,
  permission: string,
  policy: Policy = DEFAULT_POLICY,
): string {
  if (claim === undefined) return "deny unclaimed";
  if (claim.status === "retired" || claim.status === "unbound") return "deny retired";
  const repository = facts.repositories.get(claim.repository)?.value;
  const access = facts.access.get(claim.repository)?.value;
  if (repository === undefined || access === undefined) return "unknown not-synced";
  if (permission !== "read" && claim.status === "contested") return "deny contested";
  const readable = policy.repositories.archived === "read" && permission === "read";
  if (repository.archived && !readable) return "deny archived";

  const member = facts.members?.value.get(user);
  const mine = teamsOf(facts, user);
  const paths: { kind: string; strength: number; gives: boolean }[] = [];
  const path = (kind: string, role: { name: string; level: string }): void => {
    paths.push({ kind, strength: strengthOf(facts, role), gives: gives(facts, policy, role, permission) });
  };
  // The order is that of explanations: among equally strong roles the earlier path is named.
  if (member?.owner === true) path("owner", { name: "admin", level: "admin" });
  for (const role of member === undefined ? [] : (facts.organizationRoles?.value ?? [])) {
    const holds = role.users.has(user) || mine.some((team) => role.teams.has(team));
    if (holds && role.base !== undefined) path("organization-role", role.base);
  }
  for (const [team, role] of access.teams) if (member !== undefined && mine.includes(team)) path("team", role);
  for (const [id, { role }] of access.collaborators) if (id === user) path("collaborator", role);
  const base = facts.organization?.value.basePermission;
  if (member !== undefined && base !== undefined && base !== "none") path("base", { name: base, level: base });
  const isOpen = repository.visibility === "public" && policy.read.publicRepositories === "everyone";
  if (isOpen || (member !== undefined && repository.visibility !== "private")) {
    paths.push({ kind: "public", strength: 1, gives: permission === "read" });
  }

  const strongest = paths.filter((each) => each.gives).toSorted((a, b) => b.strength - a.strength)[0];
  if (strongest !== undefined) return `allow ${strongest.kind}`;
  if (member === undefined) return paths.length === 0 ? "deny not-a-member" : "deny no-grant";
  const reaching = [...access.teams.keys()];
  for (const role of facts.organizationRoles?.value ?? []) if (role.base !== undefined) reaching.push(...role.teams);
  const mayHoldMore = base === undefined || reaching.some((team) => mayHaveMoreMembers(facts, team));
  return mayHoldMore ? "unknown not-synced" : "deny no-grant";
}

/** Every listed team the user is in, or a child of which the user is in. */
function teamsOf(facts: Facts, user: number): number[] {
  const found: number[] = [];
  const add = (team: number | undefined): void => {
    if (team === undefined || found.includes(team) || !isListed(facts, team)) return;
    found.push(team);
    add(facts.teams?.value.get(team)?.parent);
  };
  // Each direct team is walked from its own start, because an earlier walk may have ended at a known ancestor.
  for (const [team, { value }] of facts.teamMembers) if (value.has(user)) add(team);
  return found;
}

function mayHaveMoreMembers(facts: Facts, team: number): boolean {
  if (!isListed(facts, team)) return true;
  return [...(facts.teams?.value.keys() ?? [])].some(
    (other) => !facts.teamMembers.has(other) && isBelow(facts, other, team, []),
  );
}

function isBelow(facts: Facts, team: number, ancestor: number, seen: readonly number[]): boolean {
  if (team === ancestor) return true;
  const parent = facts.teams?.value.get(team)?.parent;
  return parent !== undefined && !seen.includes(team) && isBelow(facts, parent, ancestor, [...seen, team]);
}

function isListed(facts: Facts, team: number): boolean {
  return facts.teams?.value.has(team) === true;
}

/** Whether a role gives a permission: as the policy has it, or by its strength. */
function gives(facts: Facts, policy: Policy, role: { name: string; level: string }, permission: string): boolean {
  const written = policy.roles.get(role.name)?.permissions;
  if (written === undefined) return strengthOf(facts, role) >= (NEEDED[permission] ?? Infinity);
  return (written & (2 ** ["read", "upload", "yank", "delete", "manage"].indexOf(permission))) !== 0;
}

function strengthOf(facts: Facts, role: { name: string; level: string }): number {
  return STRENGTH[role.name] ?? STRENGTH[facts.customRoles?.value.get(role.name) ?? role.level] ?? 0;
}
