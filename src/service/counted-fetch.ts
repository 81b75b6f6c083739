import { observeFetch } from "../github/observed-fetch.ts";
import type { Metrics } from "../metrics.ts";

/** A `fetch` whose exchanges with GitHub show in the metrics. */
export function countedFetch(fetch: typeof globalThis.fetch, metrics: Metrics): typeof globalThis.fetch {
  return observeFetch(fetch, ({ kind, status, limit }) => {
    metrics.githubRequests.inc({ kind, status: String(status ?? "none") });
    if (limit !== undefined) metrics.githubRateRemaining.set({ resource: limit.resource }, limit.remaining);
  });
}
