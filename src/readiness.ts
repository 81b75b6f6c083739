import type { Session } from "./github/session.ts";
import { manifestProblems } from "./manifest-problems.ts";
import type { OrganizationStatus, Readiness } from "./http/service.ts";

/**
 * Whether decisions are served, and what a person should know.
 *
 * @param problems sentences about the App and its installations
 * @param now epoch milliseconds
 */
export function readinessOf(sessions: readonly Session[], problems: readonly string[], now: number): Readiness {
  const orgs = sessions.map((session) => statusOf(session, now));
  return {
    ready: orgs.length > 0 && orgs.every(({ synced }) => synced),
    orgs,
    problems: [...problems, ...sessions.flatMap(problemsOf)],
  };
}

function statusOf({ store, status }: Session, now: number): OrganizationStatus {
  const view = store.view();
  const { doubtfulSince } = status();
  return {
    login: view.organization.login,
    synced: view.ready,
    asOf: view.ready ? view.access.asOf : undefined,
    revision: view.revision,
    packages: [...view.claims.values()].filter((claim) => claim.status !== "retired").length,
    repositories: view.facts.repositories.size,
    members: view.facts.members?.value.size ?? 0,
    lag: view.ready && doubtfulSince !== undefined ? (now - doubtfulSince) / 1000 : 0,
  };
}

function problemsOf({ store, status }: Session): string[] {
  const view = store.view();
  const { facts, organization } = view;
  const base =
    facts.organization !== undefined && facts.organization.value.basePermission === undefined
      ? [
          `GitHub does not show the base permission of ${organization.login}: accept the App's permission "Organization administration: read".`,
        ]
      : [];
  return [...status().failures.values(), ...base, ...manifestProblems(view)];
}
