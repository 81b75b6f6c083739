import type { Claim, Claimant, Stake } from "../domain/claims.ts";
import { settleClaim } from "../domain/claims.ts";
import type { Facts, Repository, RepositoryId } from "../domain/facts.ts";
import type { PackageName } from "../domain/package-name.ts";

/** The claims of one organization, and who declares what now. */
export interface Ledger {
  readonly claims: Map<PackageName, Claim>;
  /** Every name some repository declares, with the repositories that declare it; forks excluded. */
  readonly declared: Map<PackageName, Set<RepositoryId>>;
}

export function emptyLedger(): Ledger {
  return { claims: new Map(), declared: new Map() };
}

/** Notes what a repository declares now instead of before. @returns the names to settle */
export function redeclare(
  ledger: Ledger,
  id: RepositoryId,
  before: Repository | undefined,
  after: Repository | undefined,
): Set<PackageName> {
  const old = namesOf(before);
  const current = namesOf(after);
  for (const name of old) {
    const repositories = ledger.declared.get(name);
    repositories?.delete(id);
    if (repositories?.size === 0) ledger.declared.delete(name);
  }
  for (const name of current) {
    const repositories = ledger.declared.get(name);
    if (repositories === undefined) ledger.declared.set(name, new Set([id]));
    else repositories.add(id);
  }
  return new Set([...old, ...current, ...staked(ledger, id)]);
}

/** The names a repository has a stake in though nothing declares them: a mended manifest may withdraw them. */
function staked({ claims }: Ledger, id: RepositoryId): PackageName[] {
  return [...claims].flatMap(([name, claim]) => {
    const rivals = claim.status === "contested" ? claim.rivals : [];
    return [claim, ...rivals].some(({ repository }) => repository === id) ? [name] : [];
  });
}

/** Forks never declare: their manifests are copies of somebody else's (see SECURITY.md, "Name claims"). */
function namesOf(repository: Repository | undefined): Set<PackageName> {
  if (repository === undefined || repository.fork) return new Set();
  return new Set(repository.declarations.map(({ name }) => name));
}

/** Settles names, in place. @param now epoch milliseconds */
export function settle(ledger: Ledger, facts: Facts, names: Iterable<PackageName>, now: number): void {
  for (const name of names) {
    const claimants = [...(ledger.declared.get(name) ?? [])].flatMap((id) => claimant(facts, id, name));
    const claim = settleClaim(
      ledger.claims.get(name),
      { claimants, undecided: (stake) => undecided(facts, stake) },
      now,
    );
    if (claim === undefined) ledger.claims.delete(name);
    else ledger.claims.set(name, claim);
  }
}

function claimant(facts: Facts, id: RepositoryId, name: PackageName): Claimant[] {
  const repository = facts.repositories.get(id)?.value;
  const declaration = repository?.declarations.find((each) => each.name === name);
  if (repository === undefined || declaration === undefined) return [];
  return [{ repository: id, path: declaration.path, createdAt: repository.createdAt }];
}

/**
 * A broken manifest may be the one that declares the name, or name the members of a workspace that do. So while
 * anything in a repository cannot be read, it withdraws nothing.
 */
function undecided(facts: Facts, { repository }: Stake): boolean {
  const found = facts.repositories.get(repository)?.value;
  return found !== undefined && !found.fork && found.problems.length > 0;
}
