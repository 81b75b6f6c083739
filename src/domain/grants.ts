import type { TeamId } from "./facts.ts";
import { GITHUB_ROLES } from "./facts.ts";
import type { CatalogRow } from "./roles.ts";

/** The ways GitHub can give a role, strongest claim to an explanation first. */
export const GRANT_KINDS = ["owner", "organization-role", "team", "collaborator", "base", "public"] as const;
export type GrantKind = (typeof GRANT_KINDS)[number];

/** One reason why somebody holds a role on a repository. Made once, when access is compiled; it *is* the explanation. */
export interface Grant {
  readonly kind: GrantKind;
  readonly role: CatalogRow;
  /** The team the role was given to, for `team` and for an organization role that a team holds. */
  readonly team: TeamId | undefined;
  /** The organization role's own name, for `organization-role`. */
  readonly title: string | undefined;
  /** Orders grants: the stronger role first, then the order of {@link GRANT_KINDS}. */
  readonly weight: number;
}

export function makeGrant(kind: GrantKind, role: CatalogRow, team?: TeamId, title?: string): Grant {
  const weight = role.rank * GRANT_KINDS.length + (GRANT_KINDS.length - 1 - GRANT_KINDS.indexOf(kind));
  return { kind, role, team, title, weight };
}

/** The kinds of grants by their weight; of the weight of nothing there is none. */
export const KIND_OF_WEIGHT: readonly (GrantKind | undefined)[] = [
  ...GRANT_KINDS.map(() => undefined),
  ...GITHUB_ROLES.flatMap(() => GRANT_KINDS.toReversed()),
];
