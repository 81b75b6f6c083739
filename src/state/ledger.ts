import type { Claim, Claimant, Stake } from "../domain/claims.ts";
import { settleClaim } from "../domain/claims.ts";
import type { Facts, Repository, RepositoryId } from "../domain/facts.ts";
import type { NamePolicy } from "../domain/name-policy.ts";
import { DEFAULT_NAMES } from "../domain/name-policy.ts";
import type { PackageName } from "../domain/package-name.ts";
import type { Pinned } from "../domain/pins.ts";
import { settlePin } from "../domain/pins.ts";

/** The claims of one organization, who declares what now, and what the policy says about names. */
export interface Ledger {
  readonly claims: Map<PackageName, Claim>;
  /** Every name some repository declares, with the repositories that declare it; those that do not count excluded. */
  readonly declared: Map<PackageName, Map<RepositoryId, Claimant>>;
  policy: NamePolicy;
}

export function emptyLedger(): Ledger {
  return { claims: new Map(), declared: new Map(), policy: DEFAULT_NAMES };
}

/** The ledger as it was: nothing is settled anew, so a name stays whose it is. */
export function ledgerOf(
  facts: Facts,
  claims: ReadonlyMap<PackageName, Claim>,
  policy: NamePolicy = DEFAULT_NAMES,
): Ledger {
  const ledger = emptyLedger();
  adopt(ledger, facts, policy);
  for (const [name, claim] of claims) ledger.claims.set(name, claim);
  return ledger;
}

/** Has another policy decide from now on; every name must be settled again. */
export function adopt(ledger: Ledger, facts: Facts, policy: NamePolicy): void {
  ledger.policy = policy;
  ledger.declared.clear();
  for (const [id, { value }] of facts.repositories) declare(ledger, id, claimantsOf(policy, id, value));
}

/** Notes what a repository declares now instead of before. @returns the names to settle */
export function redeclare(
  ledger: Ledger,
  id: RepositoryId,
  before: Repository | undefined,
  after: Repository | undefined,
): Set<PackageName> {
  const old = claimantsOf(ledger.policy, id, before);
  const current = claimantsOf(ledger.policy, id, after);
  for (const name of old.keys()) {
    const claimants = ledger.declared.get(name);
    claimants?.delete(id);
    if (claimants?.size === 0) ledger.declared.delete(name);
  }
  declare(ledger, id, current);
  const pinned = [before, after].flatMap((each) => (each === undefined ? [] : ledger.policy.pinnedTo(each.name)));
  return new Set([...old.keys(), ...current.keys(), ...staked(ledger, id), ...pinned]);
}

function declare({ declared }: Ledger, id: RepositoryId, claimed: ReadonlyMap<PackageName, Claimant>): void {
  for (const [name, claimant] of claimed) {
    const claimants = declared.get(name);
    if (claimants === undefined) declared.set(name, new Map([[id, claimant]]));
    else claimants.set(id, claimant);
  }
}

/** The names a repository has a stake in though nothing declares them: a mended manifest may withdraw them. */
function staked({ claims }: Ledger, id: RepositoryId): PackageName[] {
  return [...claims].flatMap(([name, claim]) => (stakeholders(claim).includes(id) ? [name] : []));
}

function stakeholders(claim: Claim): readonly RepositoryId[] {
  if (claim.status === "unbound") return claim.former === undefined ? [] : stakeholders(claim.former);
  const rivals = "rivals" in claim ? claim.rivals : [];
  return [claim.repository, ...rivals.map(({ repository }) => repository)];
}

/**
 * Forks never declare: their manifests are copies of somebody else's (see SECURITY.md, "Name claims"). Nor does what
 * the policy leaves out.
 */
function claimantsOf(
  { isChosen }: NamePolicy,
  id: RepositoryId,
  repository: Repository | undefined,
): ReadonlyMap<PackageName, Claimant> {
  // Most repositories declare nothing, and globs take their time.
  if (repository === undefined || repository.declarations.length === 0) return new Map();
  const { name, fork, createdAt, declarations } = repository;
  if (fork || !isChosen(name)) return new Map();
  // Of two files that declare one name the first counts, so it is set last.
  return new Map(declarations.toReversed().map((each) => [each.name, { repository: id, path: each.path, createdAt }]));
}

/** Every name of which there is anything to say. */
export function allNames({ claims, declared, policy }: Ledger): Set<PackageName> {
  return new Set([...declared.keys(), ...claims.keys(), ...policy.pinned]);
}

/** The repositories that have a name by a pin, whatever they declare. */
export function pinnedRepositories({ claims }: Pick<Ledger, "claims">): Set<RepositoryId> {
  return new Set([...claims.values()].flatMap((claim) => (claim.status === "pinned" ? [claim.repository] : [])));
}

/** Settles names, in place. @param now epoch milliseconds */
export function settle(ledger: Ledger, facts: Facts, names: Iterable<PackageName>, now: number): void {
  let byName: ReadonlyMap<string, RepositoryId | undefined> | undefined;
  const named = (repository: string): RepositoryId | undefined =>
    (byName ??= repositoriesByName(facts)).get(repository);
  for (const name of names) {
    const pin = ledger.policy.pinOf(name);
    const claim =
      pin === undefined
        ? settleDeclared(ledger, facts, name, now)
        : settlePinned(ledger, facts, name, { pin, named: named(pin) }, now);
    if (claim === undefined) ledger.claims.delete(name);
    else ledger.claims.set(name, claim);
  }
}

function settlePinned(
  { claims, declared, policy }: Ledger,
  facts: Facts,
  name: PackageName,
  pinned: Pick<Pinned, "pin" | "named">,
  now: number,
): Claim {
  const exists = (id: RepositoryId): boolean => facts.repositories.has(id);
  const pathIn = (id: RepositoryId, before: string | undefined): string | undefined =>
    declared.get(name)?.get(id)?.path ?? (isBroken(facts, id) ? before : undefined);
  return settlePin(claims.get(name), { ...pinned, exists, pathIn, retirementMs: policy.retirementMs }, now);
}

function settleDeclared(
  { claims, declared, policy }: Ledger,
  facts: Facts,
  name: PackageName,
  now: number,
): Claim | undefined {
  const barred = (id: RepositoryId): boolean => {
    const repository = facts.repositories.get(id)?.value;
    return repository !== undefined && policy.isBarred(name, repository.name);
  };
  const permitted = (id: RepositoryId): boolean => policy.mayClaim && !barred(id);
  const claimants = [...(declared.get(name)?.values() ?? [])].filter(({ repository }) => permitted(repository));
  const undecided = (stake: Stake): boolean => permitted(stake.repository) && isUndecided(policy, facts, stake);
  return settleClaim(claims.get(name), { claimants, undecided, barred, retirementMs: policy.retirementMs }, now);
}

/** By name in lower case; `undefined` where several seem to have it, because we have not read yet which it is. */
function repositoriesByName({ repositories }: Facts): ReadonlyMap<string, RepositoryId | undefined> {
  const byName = new Map<string, RepositoryId | undefined>();
  for (const [id, { value }] of repositories) {
    const name = value.name.toLowerCase();
    byName.set(name, byName.has(name) ? undefined : id);
  }
  return byName;
}

/**
 * A broken manifest may be the one that declares the name, or name the members of a workspace that do. So while
 * anything in a repository cannot be read, it withdraws nothing.
 */
function isUndecided({ isChosen }: NamePolicy, facts: Facts, { repository }: Stake): boolean {
  const found = facts.repositories.get(repository)?.value;
  return found !== undefined && !found.fork && isChosen(found.name) && found.problems.length > 0;
}

function isBroken(facts: Facts, repository: RepositoryId): boolean {
  return facts.repositories.get(repository)?.value.problems.at(0) !== undefined;
}
