import { collectDefaultMetrics, Counter, Gauge, Histogram, Registry } from "prom-client";

/** Every metric, declared once. One registry per service: nothing is global. */
export interface Metrics {
  readonly registry: Registry;
  /** Counts one decision. @param seconds from the request's headers to the answer */
  readonly decided: (decision: string, reason: string, seconds: number) => void;
  readonly webhooks: Counter<"event" | "result">;
  readonly webhookApplySeconds: Histogram;
  readonly factsAgeSeconds: Gauge<"slice">;
  readonly githubRequests: Counter<"kind" | "status">;
  readonly githubRateRemaining: Gauge<"resource">;
  readonly claims: Gauge<"status">;
  readonly tokenChecks: Counter<"result">;
}

/** Seconds. A decision takes microseconds, a token check with GitHub a good part of a second. */
const DECISION_BUCKETS = [0.00001, 0.000025, 0.00005, 0.0001, 0.00025, 0.001, 0.01, 0.1, 1];
/** Seconds from a webhook's arrival until its re-reads are applied. */
const APPLY_BUCKETS = [0.01, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function createMetrics(): Metrics {
  const registry = new Registry();
  const registers = [registry];
  collectDefaultMetrics({ register: registry });
  return {
    registry,
    decided: countDecisions(registry),
    webhooks: new Counter({
      name: "packgate_webhooks_total",
      help: "Webhook deliveries by event and by what became of them",
      labelNames: ["event", "result"],
      registers,
    }),
    webhookApplySeconds: new Histogram({
      name: "packgate_webhook_apply_seconds",
      help: "From the arrival of a webhook until everything it asked to re-read is applied",
      buckets: APPLY_BUCKETS,
      registers,
    }),
    factsAgeSeconds: new Gauge({
      name: "packgate_facts_age_seconds",
      help: "Age of the oldest fact of each kind of slice",
      labelNames: ["slice"],
      registers,
    }),
    githubRequests: new Counter({
      name: "packgate_github_requests_total",
      help: "Requests to GitHub by kind and by status",
      labelNames: ["kind", "status"],
      registers,
    }),
    githubRateRemaining: new Gauge({
      name: "packgate_github_rate_remaining",
      help: "What GitHub last said is left of each rate limit",
      labelNames: ["resource"],
      registers,
    }),
    claims: new Gauge({
      name: "packgate_claims",
      help: "Claims on package names by status",
      labelNames: ["status"],
      registers,
    }),
    tokenChecks: new Counter({
      name: "packgate_token_checks_total",
      help: "Checks of end users' tokens by result",
      labelNames: ["result"],
      registers,
    }),
  };
}

/**
 * prom-client looks labels up by hashing them anew each time, which costs more than a decision does.
 * So decisions are counted in plain maps, and handed over when somebody scrapes.
 */
function countDecisions(registry: Registry): Metrics["decided"] {
  const counts = new Map<string, Map<string, number>>();
  const duration = new Histogram({
    name: "packgate_decision_duration_seconds",
    help: "From the headers of a question to its answer",
    buckets: DECISION_BUCKETS,
    registers: [registry],
  });
  const total = new Counter({
    name: "packgate_decisions_total",
    help: "Decisions by answer and reason",
    labelNames: ["decision", "reason"],
    registers: [registry],
    collect: () => {
      total.reset();
      for (const [decision, reasons] of counts) {
        for (const [reason, count] of reasons) total.inc({ decision, reason }, count);
      }
    },
  });
  return (decision, reason, seconds) => {
    let reasons = counts.get(decision);
    if (reasons === undefined) counts.set(decision, (reasons = new Map<string, number>()));
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
    duration.observe(seconds);
  };
}
