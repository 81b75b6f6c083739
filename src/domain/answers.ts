import type { RepositoryRow } from "./access.ts";
import type { Decision, DenyReason, UnknownReason } from "./decide.ts";
import type { Grant } from "./grants.ts";
import type { Verdict } from "./judge.ts";

/** The shapes of what is not allowed, and what becomes of an answer that somebody doubts. */

/** A refusal that no repository has a part in. */
export function refused(reason: DenyReason, asOf?: number): Decision {
  return deny(reason, undefined, undefined, asOf);
}

export function deny(
  reason: DenyReason,
  grant: Grant | undefined,
  repository: RepositoryRow | undefined,
  asOf: number | undefined,
): Decision {
  return { outcome: "deny", reason, grant, rule: undefined, repository, asOf };
}

export function unknown(reason: UnknownReason, repository?: RepositoryRow, asOf?: number): Decision {
  return { outcome: "unknown", reason, grant: undefined, rule: undefined, repository, asOf };
}

/** A decision that no rule in doubt could turn; otherwise nobody knows. */
export function certain(decision: Decision, verdict: Verdict | undefined): Decision {
  const isDoubtful = decision.outcome === "allow" ? verdict?.mayDeny : verdict?.mayAllow;
  return isDoubtful === true ? unknown("not-synced", decision.repository, decision.asOf) : decision;
}
