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
  /** Names of repositories of which the default branch may hold something else now, or that are others now. */
  readonly repositories: readonly string[];
  /** Whether the App still serves the organization. */
  readonly installation: "unchanged" | "connected" | "lost";
  /** A user whose verified tokens must be verified anew. */
  readonly forget: UserId | undefined;
  /** A user who takes back the consent by which they logged in. */
  readonly endLogins: UserId | undefined;
}

export interface Person {
  readonly id: UserId;
  readonly login: string;
}

const NOTHING: Plan = {
  revoke: [],
  reread: [],
  discover: [],
  repositories: [],
  installation: "unchanged",
  forget: undefined,
  endLogins: undefined,
};

export function plan(part: Partial<Plan>): Plan {
  return { ...NOTHING, ...part };
}

/** A renamed organization: whatever was being asked for by its old name got a wrong answer, or none. */
export const UNDER_THE_NEW_NAME: readonly SliceKey[] = [
  "organization",
  "policy",
  "members",
  "teams",
  "organization-roles",
  "custom-roles",
];

export const rereadRepository = ({ id, name }: { readonly id: RepositoryId; readonly name: string }): Plan =>
  plan({ reread: [`repository/${id}`], repositories: [name] });

/** The policy, where it is kept in one of these repositories. @param home in lower case; `undefined`: in none at all */
export function policyIn(repositories: readonly string[], home: string | undefined): readonly SliceKey[] {
  return repositories.some((name) => name.toLowerCase() === home) ? ["policy"] : [];
}

/** Reads one event's payload and says what it means. Throws a `ZodError` when the payload is not of GitHub's shape. */
export type Planner = (payload: unknown) => Plan;
