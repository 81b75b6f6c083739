import { fail, type Finding, warn } from "../../github/doctor/finding.ts";
import { ageOf, duration } from "../age.ts";
import type { OrganizationReply, ReadinessReply } from "../replies.ts";

/** Below these shares of an hourly limit, first the resync and then the polls wait (docs/freshness.md). */
const LOW = 0.25;
const LOWER = 0.1;
/** What is heard of is read within seconds, as a rule. */
const LONG_LAG_S = 120;
const DAY_MS = 24 * 60 * 60 * 1000;

export interface Examined {
  readonly reply: ReadinessReply;
  /** Seconds in which every fact is to be confirmed once, where that is configured here. */
  readonly resyncInterval: number | undefined;
  /** Epoch milliseconds. */
  readonly now: number;
}

/** What keeps the facts of a running Packgate from being as fresh as they should be; empty when nothing does. */
export function troublesOf({ reply, resyncInterval, now }: Examined): Finding[] {
  const { orgs, deliveries, problems, ready } = reply;
  // Why it is not ready has been said.
  const said = ready ? (problems ?? []) : [];
  return [
    ...said.map((sentence): Finding => ({ status: "warn", check: "server", message: sentence })),
    ...(deliveries ? webhookTroubles(deliveries, now) : []),
    ...orgs.flatMap((org) =>
      [readsOnly(org), waiting(org), tooOld(org, resyncInterval), drifting(org), exhausted(org)]
        .filter((finding) => finding !== undefined)
        .map((finding) => ({ ...finding, org: org.login })),
    ),
  ];
}

function webhookTroubles({ lastSweepAt, lastDeliveryAt, failedDeliveries }: Deliveries, now: number): Finding[] {
  const found: Finding[] = [];
  if (failedDeliveries) {
    const fix = "see that GitHub reaches the webhook URL; what was missed is followed within 5 minutes";
    found.push(warn("webhooks", `${failedDeliveries} of the latest deliveries failed`, fix));
  }
  const quiet = lastDeliveryAt ? now - Date.parse(lastDeliveryAt) > DAY_MS : Boolean(lastSweepAt);
  if (quiet) {
    const last = lastDeliveryAt ? `the last one was sent ${ageOf(lastDeliveryAt, now)}` : "GitHub's log shows none";
    const fix = "nothing if nothing changed; else see that the App's webhook is active and its events are subscribed";
    found.push(warn("webhooks", last, fix));
  }
  return found;
}

type Deliveries = NonNullable<ReadinessReply["deliveries"]>;

function readsOnly({ readsOnly }: OrganizationReply): Finding | undefined {
  const message = "only reads are answered: GitHub could not be asked yet what has changed since the last run";
  return readsOnly ? fail("freshness", message, "let this server reach GitHub; it then goes on by itself") : undefined;
}

function waiting({ lag, queued }: OrganizationReply): Finding | undefined {
  if (!lag || lag <= LONG_LAG_S) return undefined;
  const message = `a change has been waiting for ${duration(lag * 1000)} to be read from GitHub (reads queued: ${queued ?? 0})`;
  return warn("freshness", message, "see the log for what GitHub refuses, and the budget for what it still allows");
}

function tooOld({ staleBound }: OrganizationReply, resyncInterval: number | undefined): Finding | undefined {
  if (!staleBound || resyncInterval === undefined || staleBound <= resyncInterval) return undefined;
  const [bound, wanted] = [staleBound, resyncInterval].map((seconds) => duration(seconds * 1000));
  const message = `the oldest fact is ${bound} old, and PACKGATE_RESYNC_INTERVAL wants ${wanted}`;
  return warn("freshness", message, "raise PACKGATE_RESYNC_INTERVAL to what GitHub's limits allow");
}

function drifting({ drift }: OrganizationReply): Finding | undefined {
  if (!drift) return undefined;
  const message = `changes that the resync found and no webhook had told of: ${drift} since the start`;
  const fix =
    "see that every event is subscribed and that deliveries arrive (registration, permissions, deliveries above); " +
    "a few are normal: GitHub tells nobody of a new login, or of private to internal";
  return warn("drift", message, fix);
}

function exhausted({ budget }: OrganizationReply): Finding | undefined {
  if (typeof budget !== "number" || budget >= LOW) return undefined;
  const waits = budget < LOWER ? "polls and the resync wait" : "the resync waits";
  const message = `${Math.floor(budget * 100)} % of GitHub's hourly limit is left, so ${waits}`;
  return warn("budget", message, "see whether another process uses this App; if not, raise PACKGATE_RESYNC_INTERVAL");
}
