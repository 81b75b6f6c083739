import type { RepositoryId } from "./facts.ts";

/**
 * Who owns a name. Claims are history, not facts: they cannot be recomputed from what GitHub says now,
 * because *who came first* and *who went away* decide.
 *
 * - `pinned`: the policy says whose it is; the repository may do what its roles allow.
 * - `held`: the repository may do what its roles allow.
 * - `contested`: two repositories claimed the name before we knew either; the older may be read, nobody may upload.
 * - `retired`: the holder went away; nobody gets the name until the retirement is over.
 * - `unbound`: the policy pins the name to a repository that nobody knows, so nobody gets it.
 */
export type Claim = PinnedClaim | HeldClaim | ContestedClaim | RetiredClaim | UnboundClaim;

export interface PinnedClaim {
  readonly status: "pinned";
  /** The repository that had the pin's name when the pin was first seen: its name may be another by now. */
  readonly repository: RepositoryId;
  /** The manifest that declares the name, if one does. */
  readonly path: string | undefined;
  /** Epoch milliseconds. */
  readonly since: number;
  /** The repository's name as the policy has it. While it stays the same, so does the repository. */
  readonly pin: string;
}

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
  /** Who contested the name when the holder went away: with them the contest comes back. */
  readonly rivals?: readonly Stake[];
  /** The pin by which the former holder had the name: as long as it rests, it is no other repository's pin. */
  readonly pin?: string;
}

export interface UnboundClaim {
  readonly status: "unbound";
  readonly repository: undefined;
  /** What became of it before it was pinned, and becomes of it again when the pin goes. */
  readonly former: RetiredClaim | undefined;
  /** Epoch milliseconds. */
  readonly since: number;
  /** The repository's name as the policy has it. */
  readonly pin: string;
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

/** What the default branches and the policy say about one name now. */
export interface Declared {
  /** Every repository that declares it and may claim it. */
  readonly claimants: readonly Claimant[];
  /**
   * Whether a stake still stands though nothing declares it: its manifest has a fault, so it neither
   * declares nor withdraws. Such a repository keeps what it holds and gains nothing.
   */
  readonly undecided: (stake: Stake) => boolean;
  /** Whether the policy reserves the name for other repositories than this one. */
  readonly barred: (repository: RepositoryId) => boolean;
  /** How long the name rests after its holder went away, in milliseconds. */
  readonly retirementMs: number;
}

/**
 * What becomes of a name that nothing pins (for the others see `pins.ts`), given its claim so far and what is
 * declared now.
 *
 * @param claim the claim so far; `undefined` for a name nobody holds
 * @param now epoch milliseconds
 */
export function settleClaim(claim: Claim | undefined, declared: Declared, now: number): Claim | undefined {
  const own = withoutPin(claim);
  if (own === undefined) return firstClaim(declared, now);
  if (own.status === "retired") return settleRetired(own, declared, now);

  const rivals = own.status === "contested" ? own.rivals.flatMap((rival) => standing(rival, declared) ?? []) : [];
  const stake = standing(own, declared);
  if (stake === undefined) {
    const retired = retire({ ...own, rivals }, now);
    // A reserved name can go nowhere but where it belongs, so it need not rest.
    return declared.barred(own.repository) ? (firstClaim(declared, now) ?? retired) : retired;
  }
  return claimOf(stake, rivals, own.since);
}

/** A claim as it is when its pin has gone: whoever had the name has it still, if its manifests declare it. */
function withoutPin(claim: Claim | undefined): Exclude<Claim, PinnedClaim | UnboundClaim> | undefined {
  if (claim?.status === "unbound") return claim.former;
  if (claim?.status === "retired") return retire(claim, claim.since);
  if (claim?.status !== "pinned") return claim;
  const { repository, path = NOWHERE, since } = claim;
  return { status: "held", repository, path, since };
}

/** Of a pinned name that no manifest declares. */
const NOWHERE = "";

/** Where a repository declares the name now; its old stake when its manifest cannot be read. */
function standing(stake: Stake, { claimants, undecided }: Declared): Stake | undefined {
  const claimant = claimants.find(({ repository }) => repository === stake.repository);
  if (claimant !== undefined) return { repository: claimant.repository, path: claimant.path };
  return stake.path !== NOWHERE && undecided(stake) ? { repository: stake.repository, path: stake.path } : undefined;
}

function settleRetired(claim: RetiredClaim, declared: Declared, now: number): Claim | undefined {
  const former = declared.claimants.find(({ repository }) => repository === claim.repository);
  if (former !== undefined) {
    const rivals = (claim.rivals ?? []).flatMap((rival) => standing(rival, declared) ?? []);
    return claimOf({ repository: former.repository, path: former.path }, rivals, now);
  }
  if (now - claim.since >= declared.retirementMs) return firstClaim(declared, now);
  return declared.barred(claim.repository) ? (firstClaim(declared, now) ?? claim) : claim;
}

function firstClaim({ claimants }: Declared, now: number): Claim | undefined {
  const [first, ...others] = claimants.toSorted((a, b) => a.createdAt - b.createdAt || a.repository - b.repository);
  if (first === undefined) return undefined;
  const { repository, path } = first;
  const rivals = others.map((other) => ({ repository: other.repository, path: other.path }));
  return claimOf({ repository, path }, rivals, now);
}

function claimOf(stake: Stake, rivals: readonly Stake[], since: number): HeldClaim | ContestedClaim {
  return rivals.length > 0 ? { status: "contested", ...stake, since, rivals } : { status: "held", ...stake, since };
}

/**
 * A name whose holder went away.
 *
 * @param since epoch milliseconds
 */
export function retire(
  { repository, rivals = [] }: Pick<RetiredClaim, "repository" | "rivals">,
  since: number,
): RetiredClaim {
  return { status: "retired", repository, since, ...(rivals.length > 0 && { rivals }) };
}
