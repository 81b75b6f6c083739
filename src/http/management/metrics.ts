import type { Claim } from "../../domain/claims.ts";
import type { View } from "../../domain/decide.ts";
import { oldestByKind } from "../../state/slice.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService } from "../service.ts";

/** `GET /metrics`: Prometheus' text format. What can be read off the facts is measured when somebody asks. */
export function metrics(service: HttpService): Handler {
  const { registry, factsAgeSeconds, claims, policyValid } = service.metrics;
  return async (exchange) => {
    const views = service.organizations().map(({ view }) => view());
    factsAgeSeconds.reset();
    for (const [slice, asOf] of oldest(views)) factsAgeSeconds.set({ slice }, (service.clock() - asOf) / 1000);
    for (const [status, count] of countClaims(views)) claims.set({ status }, count);
    policyValid.reset();
    for (const { organization, facts } of views) {
      if (facts.policy !== undefined)
        policyValid.set({ org: organization.login }, facts.policy.value.faults.length === 0 ? 1 : 0);
    }
    send(exchange, 200, await registry.metrics(), [], registry.contentType);
  };
}

function oldest(views: readonly View[]): ReadonlyMap<string, number> {
  const ages = new Map<string, number>();
  for (const { facts } of views) {
    for (const [kind, asOf] of oldestByKind(facts)) ages.set(kind, Math.min(ages.get(kind) ?? Infinity, asOf));
  }
  return ages;
}

function countClaims(views: readonly View[]): ReadonlyMap<Claim["status"], number> {
  const counts = new Map<Claim["status"], number>([
    ["pinned", 0],
    ["held", 0],
    ["contested", 0],
    ["retired", 0],
    ["unbound", 0],
  ]);
  for (const { claims } of views) {
    for (const { status } of claims.values()) counts.set(status, (counts.get(status) ?? 0) + 1);
  }
  return counts;
}
