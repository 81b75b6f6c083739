import { expect } from "vitest";
import type { Facts, Repository } from "../../src/domain/facts.ts";
import type { Slice } from "../../src/state/slice.ts";
import type { RepositorySketch } from "../domain/facts-builder.ts";
import { NOW, repositoryOf } from "../domain/facts-builder.ts";

/** Facts as the slices that a first reading brings, details first and lists last, as the reader emits them. */
export function slicesOf(facts: Facts): Slice[] {
  const slices: Slice[] = [];
  const { organization, policy, members, teams, organizationRoles, customRoles, repositoryList } = facts;
  if (organization !== undefined) slices.push({ kind: "organization", ...organization });
  if (policy !== undefined) slices.push({ kind: "policy", ...policy });
  if (members !== undefined) slices.push({ kind: "members", ...members });
  if (organizationRoles !== undefined) slices.push({ kind: "organization-roles", ...organizationRoles });
  if (customRoles !== undefined) slices.push({ kind: "custom-roles", ...customRoles });
  for (const [id, fact] of facts.teamMembers) slices.push({ kind: "team-members", id, ...fact });
  for (const [id, fact] of facts.repositories) slices.push({ kind: "repository", id, ...fact });
  for (const [id, fact] of facts.access) slices.push({ kind: "access", id, ...fact });
  if (teams !== undefined) slices.push({ kind: "teams", ...teams });
  if (repositoryList !== undefined) slices.push({ kind: "repositories", ...repositoryList });
  return slices;
}

/** One repository as read. `undefined`: GitHub no longer has it. */
export function repositorySlice(id: number, name: string, sketch: RepositorySketch | undefined, asOf = NOW): Slice {
  const value: Repository | undefined = sketch && repositoryOf(name, sketch);
  return { kind: "repository", id, asOf, value };
}

/** Runs something on facts and fails if it changed them, however deep. Maps and sets cannot be frozen, so it compares. */
export function untouched<T>(facts: Facts, act: (facts: Facts) => T): T {
  const before = structuredClone(facts);
  const result = act(facts);
  expect(facts).toEqual(before);
  return result;
}
