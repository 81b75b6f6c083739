import type { Claim } from "./claims.ts";

/**
 * How things stand with a name, in one small integer: the number of the repository that has it, and whether that is
 * contested or over. So one look-up leads from a name to all that a decision needs.
 */
export type Standing = number;

/** A pin is as good as a claim, and a name that is pinned to nobody as good as over. */
const STATUS = { pinned: 0, held: 0, contested: 1, retired: 2, unbound: 2 } as const satisfies Record<
  Claim["status"],
  number
>;
const STATUS_BITS = 2;
const STATUS_MASK = 2 ** STATUS_BITS - 1;

/** The number of no repository: of a name that is pinned to nobody. */
export const NOBODY = -1;

/** @param repository the number of the claim's repository */
export function standingOf({ status }: Claim, repository: number): Standing {
  return (repository << STATUS_BITS) | STATUS[status];
}

export function repositoryIn(standing: Standing): number {
  return standing >> STATUS_BITS;
}

export function isContested(standing: Standing): boolean {
  return (standing & STATUS_MASK) === STATUS.contested;
}

export function isRetired(standing: Standing): boolean {
  return (standing & STATUS_MASK) === STATUS.retired;
}
