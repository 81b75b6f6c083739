import type { Config } from "../config.ts";
import type { Connection } from "../github/connection.ts";
import { connect } from "../github/connection.ts";
import { observeFetch } from "../github/observed-fetch.ts";
import type { Metrics } from "../metrics.ts";
import type { Surroundings } from "./surroundings.ts";

/** The App's line to GitHub, every exchange on it counted. @returns it, and what else speaks to GitHub is to use */
export function openLine(
  config: Config,
  metrics: Metrics,
  { fetch, log, time, random }: Surroundings,
): { readonly connection: Connection; readonly fetch: typeof globalThis.fetch } {
  const observed = observeFetch(fetch, ({ kind, status, limit }) => {
    metrics.githubRequests.inc({ kind, status: String(status ?? "none") });
    if (limit !== undefined) metrics.githubRateRemaining.set({ resource: limit.resource }, limit.remaining);
  });
  const connection = connect({
    appId: config.appId,
    privateKey: config.privateKey(),
    webhookSecret: config.webhookSecret(),
    apiUrl: config.github.apiUrl,
    fetch: observed,
    log,
    time,
    random,
  });
  return { connection, fetch: observed };
}
