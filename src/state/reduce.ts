import type { Access, Confirmed, Facts, Repository, RepositoryId } from "../domain/facts.ts";
import { patched } from "../domain/patched-map.ts";
import type { Slice } from "./slice.ts";

/**
 * Replaces slices, each whole, in order. What a slice shows to be gone takes its own slices with it.
 * The given facts stay as they are, and what is the same is shared with them.
 *
 * @param pinned repositories that have packages whatever they declare
 */
export function reduce(facts: Facts, slices: readonly Slice[], pinned: ReadonlySet<RepositoryId> = NONE): Facts {
  const draft = {
    pinned,
    teamMembers: draftOf(facts.teamMembers),
    repositories: draftOf(facts.repositories),
    access: draftOf(facts.access),
    listed: new Set<number>(),
    shared: { ...facts },
  };
  for (const slice of slices) write(draft, slice);
  return {
    ...draft.shared,
    repositoryList: withListed(draft.shared.repositoryList, draft.listed),
    teamMembers: draft.teamMembers.result(),
    repositories: draft.repositories.result(),
    access: draft.access.result(),
  };
}

const NONE: ReadonlySet<RepositoryId> = new Set();

interface Draft {
  readonly pinned: ReadonlySet<RepositoryId>;
  readonly teamMembers: Draftable<ReadonlySet<number>>;
  readonly repositories: Draftable<Repository>;
  readonly access: Draftable<Access>;
  /** Repositories that were read by themselves before any list named them. */
  readonly listed: Set<number>;
  shared: Facts;
}

function write(draft: Draft, slice: Slice): void {
  const { asOf } = slice;
  switch (slice.kind) {
    case "organization":
      draft.shared = { ...draft.shared, organization: { asOf, value: slice.value } };
      return;
    case "policy":
      draft.shared = { ...draft.shared, policy: { asOf, value: slice.value } };
      return;
    case "members":
      draft.shared = { ...draft.shared, members: { asOf, value: slice.value } };
      return;
    case "organization-roles":
      draft.shared = { ...draft.shared, organizationRoles: { asOf, value: slice.value } };
      return;
    case "custom-roles":
      draft.shared = { ...draft.shared, customRoles: { asOf, value: slice.value } };
      return;
    case "teams":
      draft.shared = { ...draft.shared, teams: { asOf, value: slice.value } };
      draft.teamMembers.keep(slice.value);
      return;
    case "repositories":
      draft.shared = { ...draft.shared, repositoryList: { asOf, value: slice.value } };
      draft.repositories.keep(slice.value);
      draft.access.keep(slice.value);
      draft.listed.clear();
      return;
    case "team-members":
      draft.teamMembers.put(slice.id, asOf, slice.value);
      return;
    case "access":
      draft.access.put(slice.id, asOf, slice.value);
      return;
    case "repository":
      writeRepository(draft, slice.id, asOf, slice.value);
  }
}

function writeRepository(draft: Draft, id: number, asOf: number, value: Repository | undefined): void {
  draft.repositories.put(id, asOf, value);
  if (value === undefined || !(concernsPackages(value) || draft.pinned.has(id))) draft.access.put(id, asOf, undefined);
  if (value !== undefined) {
    draft.listed.add(id);
    return;
  }
  draft.listed.delete(id);
  const list = draft.shared.repositoryList;
  if (list?.value.has(id) === true) {
    const left = new Set([...list.value].filter((other) => other !== id));
    draft.shared = { ...draft.shared, repositoryList: { ...list, value: left } };
  }
}

/**
 * Access is kept only where it can matter: where a package is declared, or a broken manifest may still hold a name;
 * besides, wherever a name is pinned.
 */
export function concernsPackages({ fork, declarations, problems }: Repository): boolean {
  return !fork && (declarations.length > 0 || problems.length > 0);
}

function withListed(list: Facts["repositoryList"], listed: ReadonlySet<number>): Facts["repositoryList"] {
  if (list === undefined || [...listed].every((id) => list.value.has(id))) return list;
  return { ...list, value: new Set([...list.value, ...listed]) };
}

interface Draftable<T> {
  put: (id: number, asOf: number, value: T | undefined) => void;
  /** Drops what is not listed. */
  keep: (listed: { has: (id: number) => boolean }) => void;
  result: () => ReadonlyMap<number, Confirmed<T>>;
}

function draftOf<T>(original: ReadonlyMap<number, Confirmed<T>>): Draftable<T> {
  const changes = new Map<number, Confirmed<T> | undefined>();
  const has = (id: number): boolean => (changes.has(id) ? changes.get(id) !== undefined : original.has(id));
  return {
    put: (id, asOf, value) => {
      if (value !== undefined) changes.set(id, { asOf, value });
      else if (has(id)) changes.set(id, undefined);
    },
    keep: (listed) => {
      for (const id of [...original.keys(), ...changes.keys()]) {
        if (has(id) && !listed.has(id)) changes.set(id, undefined);
      }
    },
    result: () => patched(original, changes),
  };
}
