import type { Session } from "./github/session.ts";
import type { View } from "./domain/decide.ts";
import { manifestProblems } from "./manifest-problems.ts";
import { policyProblems } from "./policy-problems.ts";
import type { DeliveriesStatus, OrganizationStatus, Readiness } from "./http/service.ts";
import { oldestByKind } from "./state/slice.ts";

export interface ReadinessOptions {
  readonly sessions: readonly Session[];
  /** Names of the index clients. */
  readonly clients: readonly string[];
  readonly deliveries: DeliveriesStatus;
  /** Sentences about the App and its installations. */
  readonly problems: readonly string[];
  /** Milliseconds in which every fact shall be confirmed once. */
  readonly resyncInterval: number;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** Whether decisions are served, and what a person should know. */
export function readinessOf({
  sessions,
  clients,
  deliveries,
  problems,
  resyncInterval,
  now,
}: ReadinessOptions): Readiness {
  const orgs = sessions.map((session) => statusOf(session, resyncInterval, now));
  return {
    ready: orgs.length > 0 && orgs.every(({ synced }) => synced),
    orgs,
    deliveries,
    problems: [...problems, ...sessions.flatMap((session) => problemsOf(session, clients))],
  };
}

function statusOf({ view: viewOf, status }: Session, resyncInterval: number, now: number): OrganizationStatus {
  const view = viewOf();
  const { doubtfulSince, queued, budget, drift } = status();
  const oldest = Math.min(now, ...oldestByKind(view.facts).values());
  return {
    login: view.organization.login,
    synced: view.ready,
    asOf: view.ready ? oldest : undefined,
    revision: view.revision,
    packages: [...view.claims.values()].filter(({ status }) => status !== "retired" && status !== "unbound").length,
    repositories: view.facts.repositories.size,
    members: view.facts.members?.value.size ?? 0,
    lag: view.ready && doubtfulSince !== undefined ? (now - doubtfulSince) / 1000 : 0,
    staleBound: Math.max(resyncInterval, now - oldest) / 1000,
    readsOnly: view.readsOnly,
    queued,
    budget,
    drift,
  };
}

function problemsOf({ view: viewOf, status }: Session, clients: readonly string[]): string[] {
  const view = viewOf();
  const { facts, organization } = view;
  const base =
    facts.organization !== undefined && facts.organization.value.basePermission === undefined
      ? [
          `GitHub does not show the base permission of ${organization.login}: accept the App's permission "Organization administration: read".`,
        ]
      : [];
  return [...status().failures.values(), ...base, ...problemsIn(view, clients)];
}

/** What is wrong with what people wrote: the policy and the manifests. @param clients names of the index clients */
export function problemsIn(view: View, clients: readonly string[]): string[] {
  return [...policyProblems(view, clients), ...manifestProblems(view)];
}
