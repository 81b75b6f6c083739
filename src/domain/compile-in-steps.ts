import type { CompiledAccess, Sources } from "./access.ts";
import { compileAccess, membershipsFor, updateAccess } from "./access.ts";
import { directTeams, updateMember } from "./member-rows.ts";
import { updateRepository } from "./repository-rows.ts";
import type { Steps } from "./steps.ts";

/**
 * Compiles everything, and lets go after each row. What comes of it is nobody else's, so it stays as it is whatever
 * happens to the organization.
 */
export function* compileInSteps(sources: Sources): Steps<CompiledAccess> {
  const { facts } = sources;
  const members = facts.members && { ...facts.members, value: new Map() };
  const empty = compileAccess({
    ...sources,
    facts: { ...facts, members, repositories: new Map() },
    claims: new Map(),
  });
  const access = { ...empty, memberships: membershipsFor(facts, empty.tree, empty.rules) };
  yield;
  const direct = directTeams(facts);
  for (const user of facts.members?.value.keys() ?? []) {
    yield;
    updateMember(access, sources, user, direct.get(user) ?? []);
  }
  for (const repository of facts.repositories.keys()) {
    yield;
    updateRepository(access, sources, repository);
  }
  yield;
  return updateAccess(access, sources, { ...NO_ROWS, names: sources.claims.keys() });
}

const NO_ROWS = { shared: false, users: new Set<never>(), teams: new Set<never>(), repositories: new Set<never>() };
