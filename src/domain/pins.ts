import type { Claim, PinnedClaim, RetiredClaim } from "./claims.ts";
import { retire } from "./claims.ts";
import type { RepositoryId } from "./facts.ts";

/** What can be said of a name's pin now. */
export interface Pinned {
  /** The repository's name as the policy has it. */
  readonly pin: string;
  /** Which repository has that name now; `undefined`: none does, or nobody can say which. */
  readonly named: RepositoryId | undefined;
  /** Whether a repository is still there. */
  readonly exists: (repository: RepositoryId) => boolean;
  /** Where a repository declares the name; as it was when its manifests cannot be read. */
  readonly pathIn: (repository: RepositoryId, before: string | undefined) => string | undefined;
  /** How long the name rests after its repository went away, in milliseconds. */
  readonly retirementMs: number;
}

/**
 * What becomes of a name that the policy pins, whoever else declares it. A pin names a repository, and names change
 * hands: whoever creates a repository under a name that another one gave up must not get the other's packages. So a
 * pin is bound once, to the repository that has the name then, and stays with it for as long as the pin says the same.
 *
 * @param claim the claim so far; `undefined` for a name nobody holds
 * @param now epoch milliseconds
 */
export function settlePin(claim: Claim | undefined, pinned: Pinned, now: number): Claim {
  const { pin, named, exists, pathIn, retirementMs } = pinned;
  const bound = claim !== undefined && "pin" in claim && claim.pin === pin ? claim : undefined;
  if (bound?.status === "pinned") {
    if (!exists(bound.repository)) return { ...retire(bound, now), pin };
    return { ...bound, path: pathIn(bound.repository, bound.path) };
  }
  if (bound?.status === "retired") {
    if (exists(bound.repository)) return bind(bound.repository);
    if (now - bound.since < retirementMs) return bound;
  }
  if (named !== undefined) return bind(named);
  if (bound?.status === "unbound") return bound;
  return { status: "unbound", repository: undefined, former: formerOf(claim, now), since: now, pin };

  function bind(repository: RepositoryId): PinnedClaim {
    return { status: "pinned", repository, path: pathIn(repository, undefined), since: now, pin };
  }
}

function formerOf(claim: Claim | undefined, now: number): RetiredClaim | undefined {
  if (claim === undefined) return undefined;
  if (claim.status === "unbound") return claim.former;
  return retire(claim, claim.status === "retired" ? claim.since : now);
}
