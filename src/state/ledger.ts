import type { Claim, Claimant, Stake } from "../domain/claims.ts";
import { settleClaim } from "../domain/claims.ts";
import type { Facts, Repository, RepositoryId } from "../domain/facts.ts";
import type { PackageName } from "../domain/package-name.ts";

/** The claims of one organization, and who declares what now. */
export interface Ledger {
  readonly claims: Map<PackageName, Claim>;
  /** Every name some repository declares, with the repositories that declare it; forks excluded. */
  readonly declared: Map<PackageName, Map<RepositoryId, Claimant>>;
}

export function emptyLedger(): Ledger {
  return { claims: new Map(), declared: new Map() };
}

/** The ledger as it was: nothing is settled anew, so a name stays whose it is. */
export function ledgerOf(facts: Facts, claims: ReadonlyMap<PackageName, Claim>): Ledger {
  const ledger = emptyLedger();
  for (const [id, { value }] of facts.repositories) declare(ledger, id, claimantsOf(id, value));
  for (const [name, claim] of claims) ledger.claims.set(name, claim);
  return ledger;
}

function declare({ declared }: Ledger, id: RepositoryId, current: ReadonlyMap<PackageName, Claimant>): void {
  for (const [name, claimant] of current) {
    const claimants = declared.get(name);
    if (claimants === undefined) declared.set(name, new Map([[id, claimant]]));
    else claimants.set(id, claimant);
  }
}

/** Notes what a repository declares now instead of before. @returns the names to settle */
export function redeclare(
  ledger: Ledger,
  id: RepositoryId,
  before: Repository | undefined,
  after: Repository | undefined,
): Set<PackageName> {
  const old = claimantsOf(id, before);
  const current = claimantsOf(id, after);
  for (const name of old.keys()) {
    const claimants = ledger.declared.get(name);
    claimants?.delete(id);
    if (claimants?.size === 0) ledger.declared.delete(name);
  }
  declare(ledger, id, current);
  return new Set([...old.keys(), ...current.keys(), ...staked(ledger, id)]);
}

/** The names a repository has a stake in though nothing declares them: a mended manifest may withdraw them. */
function staked({ claims }: Ledger, id: RepositoryId): PackageName[] {
  return [...claims].flatMap(([name, claim]) => {
    const rivals = claim.status === "contested" ? claim.rivals : [];
    return [claim, ...rivals].some(({ repository }) => repository === id) ? [name] : [];
  });
}

/** Forks never declare: their manifests are copies of somebody else's (see SECURITY.md, "Name claims"). */
function claimantsOf(id: RepositoryId, repository: Repository | undefined): ReadonlyMap<PackageName, Claimant> {
  if (repository === undefined || repository.fork) return new Map();
  const { createdAt, declarations } = repository;
  // Of two files that declare one name the first counts, so it is set last.
  return new Map(declarations.toReversed().map(({ name, path }) => [name, { repository: id, path, createdAt }]));
}

/** Settles names, in place. @param now epoch milliseconds */
export function settle(ledger: Ledger, facts: Facts, names: Iterable<PackageName>, now: number): void {
  for (const name of names) {
    const claimants = [...(ledger.declared.get(name)?.values() ?? [])];
    const claim = settleClaim(
      ledger.claims.get(name),
      { claimants, undecided: (stake) => undecided(facts, stake) },
      now,
    );
    if (claim === undefined) ledger.claims.delete(name);
    else ledger.claims.set(name, claim);
  }
}

/**
 * A broken manifest may be the one that declares the name, or name the members of a workspace that do. So while
 * anything in a repository cannot be read, it withdraws nothing.
 */
function undecided(facts: Facts, { repository }: Stake): boolean {
  const found = facts.repositories.get(repository)?.value;
  return found !== undefined && !found.fork && found.problems.length > 0;
}
