import { isDeepStrictEqual } from "node:util";
import type { CompiledAccess, Sources } from "../domain/access.ts";
import { compileAccess, updateAccess } from "../domain/access.ts";
import { NO_BINDINGS } from "../domain/bindings.ts";
import type { View } from "../domain/decide.ts";
import type { Facts, Organization, RepositoryId, TeamId, UserId } from "../domain/facts.ts";
import { NO_FACTS } from "../domain/facts.ts";
import { consequences, missing } from "./missing.ts";
import type { SavedNames } from "./names.ts";
import { createNames } from "./names.ts";
import { reduce } from "./reduce.ts";
import type { Revocation } from "./revoke.ts";
import { revoke } from "./revoke.ts";
import type { Slice, SliceKey } from "./slice.ts";
import { sliceKey } from "./slice.ts";
import { touchedBy, valueOf } from "./touched.ts";

/** One organization's state: the one mutable cell. Everything it does is synchronous, so no reader sees half of it. */
export interface Store {
  view: () => View;
  /** Replaces slices by what was read. */
  apply: (slices: readonly Slice[]) => Applied;
  /** Takes away at once. @returns the keys that were cut and must be read back */
  revoke: (revocation: Revocation) => readonly SliceKey[];
  /**
   * Forgets every fact, because nobody tells us of changes any more: nothing is served until all has been read
   * again. Who claimed which name is remembered, and the last good policy.
   */
  forget: () => void;
  /** What others say exists and has never been read. Empty: everything is known. */
  missing: () => readonly SliceKey[];
  /** Frees names whose retirement is over. @returns the keys that must be read because of it */
  expire: () => readonly SliceKey[];
  /** What a store must be given to go on from here; stays as it is however the store changes. */
  saved: () => StoreState;
}

/** What cannot be computed from anything else. */
export interface StoreState extends SavedNames {
  readonly ready: boolean;
  readonly facts: Facts;
  readonly revision: number;
}

const NOTHING: StoreState = {
  ready: false,
  facts: NO_FACTS,
  claims: new Map(),
  revision: 0,
  inForce: undefined,
  bindings: NO_BINDINGS,
};

export interface Applied {
  /** The slices whose value differs from what was known. */
  readonly changed: readonly SliceKey[];
  /** The slices that must be read because of it. */
  readonly next: readonly SliceKey[];
}

/**
 * @param clock epoch milliseconds
 * @param saved where another store left off
 */
export function createStore(
  organization: Pick<Organization, "id" | "login">,
  clock: () => number,
  saved: StoreState = NOTHING,
): Store {
  const names = createNames(saved, clock);
  let facts: Facts = saved.facts;
  const sources = (): Sources => ({ facts, claims: names.claims, policy: names.policy(), bindings: names.bindings() });
  let access: CompiledAccess = compileAccess(sources());
  let revision = saved.revision;
  let current: View | undefined;

  const replace = (read: readonly Slice[]): Applied => {
    const before = facts;
    // Of two readings of one slice the later counts. Were both replaced, one could undo the other and the change
    // that it left behind in other slices would go unseen.
    const slices = [...new Map(read.map((slice) => [sliceKey(slice), slice])).values()];
    facts = reduce(facts, slices, names.pinned());
    const changed = slices.filter((slice) => !isDeepStrictEqual(valueOf(before, slice), valueOf(facts, slice)));
    const settled = names.follow(before, facts, changed);
    const touched = touchedBy(before, facts, slices, changed);
    const shared = touched.shared || settled.governed;
    access = updateAccess(access, sources(), { ...touched, shared, names: settled.names });
    if (changed.length > 0 || hasLess(before, facts)) revision += 1;
    current = undefined;
    const keys = changed.map(sliceKey);
    const next = [...keys.flatMap((key) => consequences(before, facts, key)), ...slices.flatMap(orphan)];
    return { changed: keys, next: [...new Set([...next, ...settled.next])] };
  };

  return {
    view: () =>
      (current ??= {
        organization: facts.organization?.value ?? organization,
        ready: names.founded(),
        readsOnly: false,
        freshSince: -Infinity,
        ...sources(),
        access,
        revision,
      }),
    apply: replace,
    revoke: (revocation) => {
      const slices = revoke(facts, revocation);
      // Most of what webhooks take away is gone already: many tell of one change.
      if (slices.length === 0) return [];
      return [...slices.map(sliceKey), ...replace(slices).next];
    },
    forget: () => {
      facts = NO_FACTS;
      names.forget();
      access = compileAccess(sources());
      revision += 1;
      current = undefined;
    },
    missing: () => missing(facts, names.pinned()),
    expire: () => {
      // While facts are missing, whoever happened to be read first would get a name; founding settles them all.
      const settled = names.founded() ? names.expire(facts) : undefined;
      if (settled === undefined) return [];
      access = updateAccess(access, sources(), { ...NO_ROWS, names: settled.names });
      revision += 1;
      current = undefined;
      return settled.next;
    },
    saved: () => ({ ready: names.founded(), facts, revision, ...names.saved() }),
  };
}

/** A slice that is as it was may still take others with it, such as the access of a repository that is pinned no more. */
function hasLess(before: Facts, after: Facts): boolean {
  return (["teamMembers", "repositories", "access"] as const).some((kind) => after[kind].size < before[kind].size);
}

const NO_ROWS = {
  shared: false,
  users: new Set<UserId>(),
  teams: new Set<TeamId>(),
  repositories: new Set<RepositoryId>(),
};

/** A detail that GitHub no longer has: whatever listed it is out of date. */
function orphan(slice: Slice): SliceKey[] {
  if (slice.kind === "access" && slice.value === undefined) return [`repository/${slice.id}`];
  return slice.kind === "team-members" && slice.value === undefined ? ["teams"] : [];
}
