import type { Logger } from "pino";
import type { Config } from "../config.ts";
import type { View } from "../domain/decide.ts";
import type { Connection } from "../github/connection.ts";
import type { Installation } from "../github/installations.ts";
import { createReader } from "../github/reader/reader.ts";
import type { Session } from "../github/session.ts";
import type { Resumed } from "../github/session-options.ts";
import { createSession } from "../github/session.ts";
import type { Time } from "../github/time.ts";
import type { Metrics } from "../metrics.ts";
import { sliceKind } from "../state/slice.ts";
import type { StoreState } from "../state/store.ts";
import { createStore } from "../state/store.ts";
import { manifestReaders } from "./manifest-readers.ts";
import { policyReader } from "./policy.ts";

export interface OpeningOptions {
  readonly config: Config;
  readonly connection: Connection;
  readonly metrics: Metrics;
  readonly log: Logger;
  readonly time: Time;
  /** From 0 to 1. */
  readonly random: () => number;
  /** What is known of an organization has changed. */
  readonly onChange: (view: View) => void;
  /** A webhook was followed. */
  readonly onFollowed: () => void;
  /** GitHub shows no longer what it showed: the App's place in an organization may be another. */
  readonly onLost: () => void;
}

/** Makes sessions: one organization with its state, its reader, and whoever is told of what happens to it. */
export function createOpening(
  options: OpeningOptions,
): (account: Installation["account"], known?: StoreState, resumed?: Resumed) => Session {
  const { config, connection, metrics, log, time, random, onChange, onFollowed, onLost } = options;
  const { policy: place } = config;
  const readPolicy = policyReader(place);
  return (account, known, resumed) => {
    const store = createStore(account, time.now, known);
    return createSession({
      organization: account,
      store,
      // Nothing but these two: what else came along is let go of as it changes.
      resumed: resumed && { grant: resumed.grant, doubts: resumed.doubts },
      policyRepository: place.kind === "repository" ? place.repository.toLowerCase() : undefined,
      open: (installation) => {
        const client = connection.installation(installation);
        const reader = createReader({
          client,
          organization: account,
          manifests: ({ repositories }) => manifestReaders(repositories),
          readPolicy,
          policy: () => store.view().policy,
          time,
        });
        return { reader, budget: client.budget };
      },
      intervals: { poll: config.pollIntervalMs, resync: config.resyncIntervalMs },
      maxStaleness: config.maxStalenessMs,
      time,
      random,
      onApplied: onChange,
      onFollowed,
      onSettled: (milliseconds) => metrics.webhookApplySeconds.observe(milliseconds / 1000),
      onDrift: (keys) => {
        for (const key of keys) metrics.drift.inc({ slice: sliceKind(key) });
        log.warn({ organization: account.login, slices: keys }, DRIFT);
      },
      onAudit: (result, { user, repo }) => {
        metrics.audits.inc({ result });
        if (result === "mismatch") log.warn({ organization: account.login, user, repository: repo }, MISMATCH);
      },
      onFailure: (what, failure, cause) => {
        log.warn({ organization: account.login, what, err: failure === cause ? undefined : cause }, failure.message);
        // Whether it is the organization or the App's place in it that is gone, GitHub's list of installations tells.
        if (failure.kind === "gone" || failure.kind === "forbidden") onLost();
      },
    });
  };
}

const DRIFT =
  "The resync found changes that nobody had told us of: webhooks may be getting lost (packgate doctor looks).";
const MISMATCH =
  "GitHub gives somebody another role than we believe: what it depends on is read again. If this comes back, please report it.";
