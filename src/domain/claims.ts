import type { RepositoryId } from "./facts.ts";

/**
 * Who owns a name. Claims are history, not facts: they cannot be recomputed from what GitHub says now,
 * because *who came first* and *who went away* decide.
 *
 * - `held`: the repository may do what its roles allow.
 * - `contested`: two repositories claimed the name before we knew either; the older may be read, nobody may upload.
 * - `retired`: the holder went away; nobody gets the name until the retirement is over.
 */
export type Claim = HeldClaim | ContestedClaim | RetiredClaim;

export interface HeldClaim {
  readonly status: "held";
  readonly repository: RepositoryId;
  /** The manifest that declares the name. */
  readonly path: string;
  /** Epoch milliseconds. */
  readonly since: number;
}

export interface ContestedClaim {
  readonly status: "contested";
  /** The older repository, which may be read. */
  readonly repository: RepositoryId;
  readonly path: string;
  /** Epoch milliseconds. */
  readonly since: number;
  /** The others; the contest lasts until each of them has withdrawn. */
  readonly rivals: readonly Stake[];
}

export interface RetiredClaim {
  readonly status: "retired";
  /** The former holder; it alone may take the name back at once. */
  readonly repository: RepositoryId;
  /** Epoch milliseconds. */
  readonly since: number;
}

/** "This repository declares the name in this file." */
export interface Stake {
  readonly repository: RepositoryId;
  readonly path: string;
}

export interface Claimant extends Stake {
  /** Epoch milliseconds. */
  readonly createdAt: number;
}

/** What the default branches say about one name now. */
export interface Declared {
  /** Every repository that declares it; forks excluded. */
  readonly claimants: readonly Claimant[];
  /**
   * Whether a stake still stands though nothing declares it: its manifest has a fault, so it neither
   * declares nor withdraws. Such a repository keeps what it holds and gains nothing.
   */
  readonly undecided: (stake: Stake) => boolean;
}

/** How long a name rests after its holder went away, in milliseconds: 90 days. */
export const RETIREMENT_MS = 90 * 24 * 60 * 60 * 1000;

/**
 * What becomes of one name, given its claim so far and what is declared now.
 *
 * @param claim the claim so far; `undefined` for a name nobody holds
 * @param now epoch milliseconds
 */
export function settleClaim(claim: Claim | undefined, declared: Declared, now: number): Claim | undefined {
  if (claim === undefined) return firstClaim(declared, now);
  if (claim.status === "retired") return settleRetired(claim, declared, now);

  const stake = standing(claim, declared);
  if (stake === undefined) return { status: "retired", repository: claim.repository, since: now };
  const { repository, path } = stake;
  const rivals = claim.status === "contested" ? claim.rivals.flatMap((rival) => standing(rival, declared) ?? []) : [];
  return rivals.length > 0
    ? { status: "contested", repository, path, since: claim.since, rivals }
    : { status: "held", repository, path, since: claim.since };
}

/** Where a repository declares the name now; its old stake when its manifest cannot be read. */
function standing(stake: Stake, { claimants, undecided }: Declared): Stake | undefined {
  const claimant = claimants.find(({ repository }) => repository === stake.repository);
  if (claimant !== undefined) return { repository: claimant.repository, path: claimant.path };
  return undecided(stake) ? { repository: stake.repository, path: stake.path } : undefined;
}

function settleRetired(claim: RetiredClaim, declared: Declared, now: number): Claim | undefined {
  const former = declared.claimants.find(({ repository }) => repository === claim.repository);
  if (former !== undefined) return { status: "held", repository: former.repository, path: former.path, since: now };
  return now - claim.since < RETIREMENT_MS ? claim : firstClaim(declared, now);
}

function firstClaim({ claimants }: Declared, now: number): Claim | undefined {
  const [first, ...others] = claimants.toSorted((a, b) => a.createdAt - b.createdAt || a.repository - b.repository);
  if (first === undefined) return undefined;
  const { repository, path } = first;
  if (others.length === 0) return { status: "held", repository, path, since: now };
  const rivals = others.map((other) => ({ repository: other.repository, path: other.path }));
  return { status: "contested", repository, path, since: now, rivals };
}
