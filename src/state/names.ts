import { isDeepStrictEqual } from "node:util";
import type { Bindings } from "../domain/bindings.ts";
import type { Claim } from "../domain/claims.ts";
import type { Facts, Repository, RepositoryId } from "../domain/facts.ts";
import { compileNames } from "../domain/name-policy.ts";
import type { PackageName } from "../domain/package-name.ts";
import type { Policy } from "../domain/policy.ts";
import { DEFAULT_POLICY } from "../domain/policy.ts";
import { bindNames, boundToSomebody } from "./bind.ts";
import { adopt, allNames, ledgerOf, pinnedRepositories, redeclare, settle } from "./ledger.ts";
import { missing } from "./missing.ts";
import type { Slice, SliceKey } from "./slice.ts";

/** What cannot be read from GitHub again: who claimed which name, the last policy without faults, and whom it means. */
export interface Names {
  readonly claims: ReadonlyMap<PackageName, Claim>;
  /** The policy in force; the defaults while nobody knows it, when nothing is founded either. */
  readonly policy: () => Policy;
  /** Whom the names in its rules mean. */
  readonly bindings: () => Bindings;
  /** Whether names have been settled, which takes a policy and all facts: the order of the first readings decides nothing. */
  readonly founded: () => boolean;
  /** The repositories that have a name by a pin, whatever they declare. */
  readonly pinned: () => ReadonlySet<RepositoryId>;
  /** Follows a change of facts, of which the policy may be one. */
  readonly follow: (before: Facts, after: Facts, changed: readonly Slice[]) => Settled;
  /** Frees names whose retirement is over. */
  readonly expire: (facts: Facts) => Settled | undefined;
  /** Forgets who declares what, but not who claimed it. */
  readonly forget: () => void;
  readonly saved: () => SavedNames;
}

export interface Settled {
  /** The names whose claim may be another. */
  readonly names: ReadonlySet<PackageName>;
  /** What must be read because of it. */
  readonly next: readonly SliceKey[];
  /** Whether another policy is in force, or its rules mean others. */
  readonly governed: boolean;
}

export interface SavedNames {
  readonly claims: ReadonlyMap<PackageName, Claim>;
  /** `undefined`: no policy without faults has ever been read. */
  readonly inForce: PolicyInForce | undefined;
  readonly bindings: Bindings;
}

/** The last policy that had no faults. */
export interface PolicyInForce {
  /** `undefined`: there was no file. */
  readonly text: string | undefined;
  readonly policy: Policy;
}

/** @param clock epoch milliseconds */
export function createNames(
  saved: SavedNames & { readonly ready: boolean; readonly facts: Facts },
  clock: () => number,
): Names {
  let { inForce, bindings } = saved;
  /** When what is in force was first read. */
  let since = saved.facts.policy?.asOf ?? -Infinity;
  const policy = (): Policy => inForce?.policy ?? DEFAULT_POLICY;
  const ledger = ledgerOf(saved.facts, saved.claims, compileNames(policy()));
  let pinned = pinnedRepositories(ledger);
  let founded = saved.ready && inForce !== undefined;
  /** Whether it is settled whom each name in the rules means: then no facts make it another. */
  let isBound = false;

  /** @returns what must be read because there is another policy; `undefined` when there is none */
  const govern = ({ policy: read, repositories }: Facts): readonly SliceKey[] | undefined => {
    if (read?.value.policy === undefined) return undefined;
    isBound = false;
    const places = policy().repositories.manifests;
    const isSame = isDeepStrictEqual(read.value.policy, inForce?.policy);
    if (inForce === undefined || read.value.text !== inForce.text) {
      since = read.asOf;
      bindings = boundToSomebody(bindings);
    }
    inForce = { text: read.value.text, policy: read.value.policy };
    if (isSame) return undefined;
    const isRead = repositories.size === 0 || isDeepStrictEqual(places, policy().repositories.manifests);
    return isRead ? [] : ["repositories"];
  };

  const pin = ({ access }: Facts): readonly SliceKey[] => {
    const before = pinned;
    pinned = pinnedRepositories(ledger);
    return [...pinned].flatMap((id): SliceKey[] => (before.has(id) || access.has(id) ? [] : [`access/${id}`]));
  };

  const bind = (facts: Facts): readonly SliceKey[] => {
    if (isBound) return [];
    const bound = bindNames(bindings, policy().rules, facts, since);
    ({ bindings, isComplete: isBound } = bound);
    return bound.next;
  };

  return {
    claims: ledger.claims,
    policy,
    bindings: () => bindings,
    founded: () => founded,
    pinned: () => pinned,
    follow: (before, after, changed) => {
      const governed = changed.some(({ kind }) => kind === "policy") ? govern(after) : undefined;
      const touched = new Set(
        repositoriesIn(before, changed).flatMap((id) => {
          const [old, current] = [before, after].map(({ repositories }) => repositories.get(id)?.value);
          return declaresTheSame(old, current) ? [] : [...redeclare(ledger, id, old, current)];
        }),
      );
      if (governed !== undefined) adopt(ledger, after, compileNames(policy()));
      const outcome = { next: governed ?? [], governed: governed !== undefined };
      if (!founded && (inForce === undefined || missing(after, pinned).length > 0)) {
        return { ...outcome, names: new Set() };
      }
      const names = founded && governed === undefined ? touched : allNames(ledger);
      founded = true;
      settle(ledger, after, names, clock());
      const meant = bindings;
      // Once all is known: the order of the first readings decides nothing here, either.
      const next = [...outcome.next, ...(names.size === 0 ? [] : pin(after)), ...bind(after)];
      return { names, next, governed: bindings !== meant || outcome.governed };
    },
    expire: (facts) => {
      const before = new Map(ledger.claims);
      const names = new Set([...before].flatMap(([name, { status }]) => (status === "retired" ? [name] : [])));
      settle(ledger, facts, names, clock());
      return isDeepStrictEqual(before, ledger.claims) ? undefined : { names, next: pin(facts), governed: false };
    },
    forget: () => {
      ledger.declared.clear();
      founded = false;
    },
    saved: () => ({ claims: new Map(ledger.claims), inForce, bindings }),
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

/** Whether nothing changed of a repository but what no name turns on, such as who may see it. */
function declaresTheSame(before: Repository | undefined, after: Repository | undefined): boolean {
  if (before === undefined || after === undefined) return false;
  return isDeepStrictEqual(partsIn(before), partsIn(after));
}

const partsIn = ({ name, fork, createdAt, declarations, problems }: Repository) => [
  name,
  fork,
  createdAt,
  declarations,
  problems,
];
