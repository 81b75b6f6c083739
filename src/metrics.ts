import type { CounterConfiguration, HistogramConfiguration, LabelValues } from "prom-client";
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
  readonly policyValid: Gauge<"org">;
  readonly drift: Counter<"slice">;
  readonly audits: Counter<"result">;
  /** Counts one check of an end user's token. */
  readonly tokenChecked: (result: string) => void;
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
    decided: countDecisions(registers),
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
    drift: new Counter({
      name: "packgate_drift_total",
      help: "Slices that a resync found to be other than believed, though no webhook and no poll had told of a change",
      labelNames: ["slice"],
      registers,
    }),
    audits: new Counter({
      name: "packgate_audit_total",
      help: "Random permissions compared with GitHub's own computed answer, by result",
      labelNames: ["result"],
      registers,
    }),
    claims: new Gauge({
      name: "packgate_claims",
      help: "Claims on package names by status",
      labelNames: ["status"],
      registers,
    }),
    policyValid: new Gauge({
      name: "packgate_policy_valid",
      help: "1 while the policy file has no faults, or there is none; 0 while an earlier one stays in force",
      labelNames: ["org"],
      registers,
    }),
    tokenChecked: countLater(
      {
        name: "packgate_token_checks_total",
        help: "Checks of end users' tokens by result",
        labelNames: ["result"],
        registers,
      },
      (result) => ({ result }),
    ),
  };
}

/** Counts decisions and how long they took. */
function countDecisions(registers: Registry[]): Metrics["decided"] {
  const count = countLater(
    {
      name: "packgate_decisions_total",
      help: "Decisions by answer and reason",
      labelNames: ["decision", "reason"],
      registers,
    },
    (decision, reason) => ({ decision, reason }),
  );
  const observe = observeLater({
    name: "packgate_decision_duration_seconds",
    help: "From the headers of a question to its answer",
    buckets: DECISION_BUCKETS,
    registers,
  });
  return (decision, reason, seconds) => {
    count(decision, reason);
    observe(seconds);
  };
}

// prom-client hashes the labels of each count and each value anew, which costs more than a decision does. So what is
// counted on the path of a decision is only noted there, and handed over when somebody scrapes.

/**
 * A counter by one or two label values.
 *
 * @param labels the labels that the values stand for
 * @returns counts one
 */
export function countLater<Label extends string>(
  configuration: CounterConfiguration<Label>,
  labels: (first: string, second: string) => LabelValues<Label>,
): (first: string, second?: string) => void {
  const counts = new Map<string, Map<string, number>>();
  const counter: Counter<Label> = new Counter({
    ...configuration,
    collect: () => {
      counter.reset();
      for (const [first, row] of counts) {
        for (const [second, count] of row) counter.inc(labels(first, second), count);
      }
    },
  });
  return (first, second = "") => {
    let row = counts.get(first);
    if (row === undefined) counts.set(first, (row = new Map<string, number>()));
    row.set(second, (row.get(second) ?? 0) + 1);
  };
}

/** Values noted before they are handed over though nobody scrapes. */
const BATCH = 256;

/** A histogram without labels. @returns notes a value */
export function observeLater(configuration: HistogramConfiguration<string>): (value: number) => void {
  const noted = new Float64Array(BATCH);
  let length = 0;
  const collect = (): void => {
    for (const value of noted.subarray(0, length)) histogram.observe(value);
    length = 0;
  };
  const histogram = new Histogram({ ...configuration, collect });
  return (value) => {
    noted[length] = value;
    length += 1;
    if (length === BATCH) collect();
  };
}
