import type { RepositoryId, UserId } from "../../domain/facts.ts";
import type { Revocation } from "../../state/revoke.ts";
import type { SliceKey } from "../../state/slice.ts";

/**
 * What a webhook means. A webhook is a hint, not data: its access events carry neither time nor order, and many
 * tell half the truth. So what it takes away is taken at once, and what it adds is read back from GitHub first.
 */
export interface Plan {
  readonly revoke: readonly Revocation[];
  readonly reread: readonly SliceKey[];
  /** People whose teams and direct grants changed in ways the event does not tell. */
  readonly discover: readonly Person[];
  /** Whether the App still serves the organization. */
  readonly installation: "unchanged" | "connected" | "lost";
  /** A user whose verified tokens must be verified anew. */
  readonly forget: UserId | undefined;
}

export interface Person {
  readonly id: UserId;
  readonly login: string;
}

const NOTHING: Plan = { revoke: [], reread: [], discover: [], installation: "unchanged", forget: undefined };

export function plan(part: Partial<Plan>): Plan {
  return { ...NOTHING, ...part };
}

/** A renamed organization: whatever was being asked for by its old name got a wrong answer, or none. */
export const UNDER_THE_NEW_NAME: readonly SliceKey[] = [
  "organization",
  "members",
  "teams",
  "organization-roles",
  "custom-roles",
];

export const rereadRepository = (id: RepositoryId): Plan => plan({ reread: [`repository/${id}`] });

/** Reads one event's payload and says what it means. Throws a `ZodError` when the payload is not of GitHub's shape. */
export type Planner = (payload: unknown) => Plan;
