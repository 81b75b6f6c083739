import { isDeepStrictEqual } from "node:util";
import type { CompiledAccess } from "../domain/access.ts";
import { compileAccess, updateAccess } from "../domain/access.ts";
import type { View } from "../domain/decide.ts";
import type { Facts, Organization, RepositoryId } from "../domain/facts.ts";
import { NO_FACTS } from "../domain/facts.ts";
import { emptyLedger, redeclare, settle } from "./ledger.ts";
import { missing } from "./missing.ts";
import { reduce } from "./reduce.ts";
import type { Revocation } from "./revoke.ts";
import { revoke } from "./revoke.ts";
import type { Slice, SliceKey } from "./slice.ts";
import { sliceKey } from "./slice.ts";
import { touchedBy, valueOf } from "./touched.ts";

/** One organization's state: the one mutable cell. Everything it does is synchronous, so no reader sees half of it. */
export interface Store {
  view: () => View;
  /** Replaces slices by what was read. @returns the keys whose value differs from what was known */
  apply: (slices: readonly Slice[]) => readonly SliceKey[];
  /** Takes away at once. @returns the keys that were cut and must be read back */
  revoke: (revocation: Revocation) => readonly SliceKey[];
  /** Stops serving, because the installation is gone; or serves again once nothing is missing. */
  suspend: (suspended: boolean) => void;
  /** Frees names whose retirement is over. */
  expire: () => void;
}

/** @param clock epoch milliseconds */
export function createStore(organization: Pick<Organization, "id" | "login">, clock: () => number): Store {
  const ledger = emptyLedger();
  let facts: Facts = NO_FACTS;
  let access: CompiledAccess = compileAccess(facts);
  let suspended = false;
  let founded = false;
  let revision = 0;
  let current: View | undefined;

  const replace = (slices: readonly Slice[]): readonly SliceKey[] => {
    const before = facts;
    facts = reduce(facts, slices);
    const changed = slices.filter((slice) => !isDeepStrictEqual(valueOf(before, slice), valueOf(facts, slice)));
    access = updateAccess(access, facts, touchedBy(before, facts, slices, changed));
    settleNames(before, changed);
    if (changed.length > 0) revision += 1;
    current = undefined;
    return changed.map(sliceKey);
  };

  // Names are settled together once everything has been read, so that the order of the first reads decides nothing.
  const settleNames = (before: Facts, changed: readonly Slice[]): void => {
    const names = new Set(
      repositoriesIn(before, changed).flatMap((id) => [
        ...redeclare(ledger, id, before.repositories.get(id)?.value, facts.repositories.get(id)?.value),
      ]),
    );
    if (founded) settle(ledger, facts, names, clock());
    else if (missing(facts).length === 0) {
      founded = true;
      settle(ledger, facts, ledger.declared.keys(), clock());
    }
  };

  return {
    view: () =>
      (current ??= {
        organization: facts.organization?.value ?? organization,
        ready: founded && !suspended,
        facts,
        access,
        claims: ledger.claims,
        revision,
      }),
    apply: replace,
    revoke: (revocation) => {
      const slices = revoke(facts, revocation);
      replace(slices);
      return slices.map(sliceKey);
    },
    suspend: (value) => {
      suspended = value;
      revision += 1;
      current = undefined;
    },
    expire: () => {
      const retired = [...ledger.claims].flatMap(([name, { status }]) => (status === "retired" ? [name] : []));
      settle(ledger, facts, retired, clock());
    },
  };
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
