import { planInstallation, planInstallationRepositories, planInstallationTarget } from "./plans/installation.ts";
import {
  planAppAuthorization,
  planMember,
  planMembership,
  planOrganization,
  planOrgBlock,
  planTeam,
  planTeamAdd,
} from "./plans/people.ts";
import type { Planner } from "./plans/plan.ts";
import { plan } from "./plans/plan.ts";
import { planBranch, planPublic, planPush, planRepository } from "./plans/repositories.ts";

/**
 * Every event that can change who may do what, and what each one means. This list is the product's ears:
 * an event that is not here changes no decision until the next full reading.
 */
export const PLANNERS = {
  create: planBranch,
  delete: planBranch,
  github_app_authorization: planAppAuthorization,
  installation: planInstallation,
  installation_repositories: planInstallationRepositories,
  installation_target: planInstallationTarget,
  member: planMember,
  membership: planMembership,
  // The App's webhook was removed: doctor tells, no decision changes.
  meta: () => plan({}),
  org_block: planOrgBlock,
  organization: planOrganization,
  public: planPublic,
  push: planPush,
  repository: planRepository,
  team: planTeam,
  team_add: planTeamAdd,
} as const satisfies Record<string, Planner>;

export type EventName = keyof typeof PLANNERS;

export function isKnownEvent(name: string): name is EventName {
  return Object.hasOwn(PLANNERS, name);
}
