import { declaredNames, hasFault } from "./declared-names.ts";
import { headCommit } from "./git.ts";
import type { Claim, Organization, Repository } from "./model.ts";

/** Who holds which package name, kept by plain bookkeeping on every edit; the oracle reads it. */

export const retirement = 90 * 24 * 3_600_000;

/** To be called after any edit that can change what a repository declares, also when it has left the organization. */
export function recordClaims(organization: Organization, repository: Repository, now: number): void {
  const present = organization.repositories.has(repository.id);
  const head = present && repository.parentId === null ? headCommit(repository) : undefined;
  const declared = head === undefined ? new Set<string>() : declaredNames(head.files);
  // A manifest with a fault neither declares nor withdraws anything.
  if (head !== undefined && hasFault(head.files)) {
    for (const name of organization.declared.get(repository.id) ?? []) declared.add(name);
  }

  for (const name of organization.declared.get(repository.id) ?? []) {
    const claim = organization.claims.get(name);
    if (claim === undefined || declared.has(name)) continue;
    bringUpToDate(claim, now);
    claim.declarers = claim.declarers.filter((id) => id !== repository.id);
    if (claim.holder === repository.id && claim.retiredAt === null) claim.retiredAt = now;
  }
  organization.declared.set(repository.id, declared);
  for (const name of declared) {
    const claim: Claim = organization.claims.get(name) ?? { declarers: [], holder: null, retiredAt: null };
    organization.claims.set(name, claim);
    bringUpToDate(claim, now);
    if (!claim.declarers.includes(repository.id)) claim.declarers.push(repository.id);
    if (claim.holder === repository.id) claim.retiredAt = null;
    bringUpToDate(claim, now);
  }
}

/** The repository that holds the name now; nobody while it is retired. */
export function holderOf(organization: Organization, name: string, now: number): number | undefined {
  const claim = organization.claims.get(name);
  if (claim === undefined) return undefined;
  bringUpToDate(claim, now);
  return claim.retiredAt === null && claim.holder !== null ? claim.holder : undefined;
}

function bringUpToDate(claim: Claim, now: number): void {
  if (claim.retiredAt !== null && now - claim.retiredAt >= retirement) {
    claim.holder = null;
    claim.retiredAt = null;
  }
  claim.holder ??= claim.declarers[0] ?? null;
}
