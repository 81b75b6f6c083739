import { isDeepStrictEqual } from "node:util";
import type { CompiledAccess, Sources } from "../domain/access.ts";
import { compileAccess, updateAccess } from "../domain/access.ts";
import type { View } from "../domain/decide.ts";
import type { Facts, Organization, RepositoryId, UserId } from "../domain/facts.ts";
import { NO_FACTS } from "../domain/facts.ts";
import type { PackageName } from "../domain/package-name.ts";
import type { Policy } from "../domain/policy.ts";
import { DEFAULT_POLICY } from "../domain/policy.ts";
import { ledgerOf, redeclare, settle } from "./ledger.ts";
import { consequences, missing } from "./missing.ts";
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
   * again. Who claimed which name is remembered.
   */
  forget: () => void;
  /** Frees names whose retirement is over. */
  expire: () => void;
  /** Decides by another policy from now on. It is no fact: whoever opens a store anew says it anew. */
  setPolicy: (policy: Policy) => void;
  /** What a store must be given to go on from here; stays as it is however the store changes. */
  saved: () => StoreState;
}

/** What cannot be computed from anything else. */
export type StoreState = Pick<View, "ready" | "facts" | "claims" | "revision">;

const NOTHING: StoreState = { ready: false, facts: NO_FACTS, claims: new Map(), revision: 0 };

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
  const ledger = ledgerOf(saved.facts, saved.claims);
  let facts: Facts = saved.facts;
  let policy = DEFAULT_POLICY;
  const sources = (): Sources => ({ facts, claims: ledger.claims, policy });
  let access: CompiledAccess = compileAccess(sources());
  let founded = saved.ready;
  let revision = saved.revision;
  let current: View | undefined;

  const replace = (read: readonly Slice[]): Applied => {
    const before = facts;
    // Of two readings of one slice the later counts. Were both replaced, one could undo the other and the change
    // that it left behind in other slices would go unseen.
    const slices = [...new Map(read.map((slice) => [sliceKey(slice), slice])).values()];
    facts = reduce(facts, slices);
    const changed = slices.filter((slice) => !isDeepStrictEqual(valueOf(before, slice), valueOf(facts, slice)));
    const names = settleNames(before, changed);
    const touched = { ...touchedBy(before, facts, slices, changed), names };
    access = updateAccess(access, sources(), touched);
    if (changed.length > 0) revision += 1;
    current = undefined;
    const keys = changed.map(sliceKey);
    const next = [...keys.flatMap((key) => consequences(before, facts, key)), ...slices.flatMap(orphan)];
    return { changed: keys, next: [...new Set(next)] };
  };

  // Names are settled together once everything has been read, so that the order of the first reads decides nothing.
  const settleNames = (before: Facts, changed: readonly Slice[]): ReadonlySet<PackageName> => {
    const names = new Set(
      repositoriesIn(before, changed).flatMap((id) => [
        ...redeclare(ledger, id, before.repositories.get(id)?.value, facts.repositories.get(id)?.value),
      ]),
    );
    if (!founded && missing(facts).length > 0) return new Set();
    const settled = founded ? names : new Set([...ledger.declared.keys(), ...ledger.claims.keys()]);
    founded = true;
    settle(ledger, facts, settled, clock());
    return settled;
  };

  return {
    view: () =>
      (current ??= {
        organization: facts.organization?.value ?? organization,
        ready: founded,
        readsOnly: false,
        freshSince: -Infinity,
        ...sources(),
        access,
        revision,
      }),
    apply: replace,
    revoke: (revocation) => {
      const slices = revoke(facts, revocation);
      return [...slices.map(sliceKey), ...replace(slices).next];
    },
    forget: () => {
      facts = NO_FACTS;
      access = compileAccess(sources());
      ledger.declared.clear();
      founded = false;
      revision += 1;
      current = undefined;
    },
    expire: () => {
      // While facts are missing, whoever happened to be read first would get a name; founding settles them all.
      if (!founded) return;
      const before = new Map(ledger.claims);
      const retired = [...before].flatMap(([name, { status }]) => (status === "retired" ? [name] : []));
      settle(ledger, facts, retired, clock());
      if (isDeepStrictEqual(before, ledger.claims)) return;
      access = updateAccess(access, sources(), { ...NO_ROWS, names: retired });
      revision += 1;
      current = undefined;
    },
    setPolicy: (next) => {
      policy = next;
      access = compileAccess(sources());
      revision += 1;
      current = undefined;
    },
    saved: () => ({ ready: founded, facts, claims: new Map(ledger.claims), revision }),
  };
}

const NO_ROWS = { shared: false, users: new Set<UserId>(), repositories: new Set<RepositoryId>() };

/** A detail that GitHub no longer has: whatever listed it is out of date. */
function orphan(slice: Slice): SliceKey[] {
  if (slice.kind === "access" && slice.value === undefined) return [`repository/${slice.id}`];
  return slice.kind === "team-members" && slice.value === undefined ? ["teams"] : [];
}

/** The repositories whose declarations a change may have altered. */
function repositoriesIn(before: Facts, changed: readonly Slice[]): RepositoryId[] {
  const ids = new Set<RepositoryId>();
  for (const slice of changed) {
    if (slice.kind === "repository") ids.add(slice.id);
    if (slice.kind === "repositories") {
      for (const id of before.repositories.keys()) if (!slice.value.has(id)) ids.add(id);
    }
  }
  return [...ids];
}
