import type { Client } from "../client.ts";
import type { Time } from "../time.ts";
import type { FollowOptions } from "./follow.ts";
import { followAll } from "./follow.ts";
import type { Followed } from "./followed.ts";
import { createFollowed } from "./followed.ts";
import type { Attempt } from "./log.ts";
import { readLog } from "./log.ts";
import type { Outcome } from "./missed.ts";
import { outcomeOf } from "./missed.ts";

/** Finds in GitHub's log what we were told and did not follow, and follows it. */
export interface Sweep {
  /** Sweeps once; whoever asks meanwhile waits for the same. Rejects with a `GitHubFailure`, and has done nothing then. */
  readonly run: () => Promise<Swept>;
  readonly status: () => SweepStatus;
}

/**
 * - `caught-up`: `followed` events were followed one by one, so what they take away has been taken away. `reread` of
 *   them could not be: their organizations are being read again, and until then are believed as they were.
 * - `beyond-retention`: GitHub's log does not reach back to the last sweep. Everything is being read again, and what
 *   was known before should not be served until it has been.
 */
export type Swept =
  | { readonly kind: "caught-up"; readonly followed: number; readonly reread: number }
  | { readonly kind: "beyond-retention" };

export interface SweepStatus {
  /** When the last sweep ended that went well, epoch milliseconds. */
  readonly lastSweepAt: number | undefined;
  /** Until when every delivery has been followed, epoch milliseconds: what to begin from after a restart. */
  readonly sweptUntil: number | undefined;
  /** How many events GitHub could not bring to us, of those that the last sweep looked at. */
  readonly failedDeliveries: number;
  /** When GitHub last tried to deliver anything, epoch milliseconds. */
  readonly lastDeliveryAt: number | undefined;
}

export interface SweepOptions extends FollowOptions {
  readonly app: Pick<Client, "get" | "walk">;
  /** Reads again all that an installation shows, in the background; `undefined`: whatever there is. */
  readonly recheck: (installation: number | undefined) => void;
  /** What came as a webhook and was followed. */
  readonly followed: Pick<Followed, "has">;
  readonly time: Time;
  /** An earlier `sweptUntil`; `undefined`: nothing is known from before, and all is being read. */
  readonly since: number | undefined;
}

/** Deliveries appear in the log late and out of order, and GitHub's clock is not ours. */
const OVERLAP_MS = 10 * 60 * 1000;
/** How far GitHub's clock may differ from ours before deliveries may be overlooked, which the resync then heals. */
const SKEW_MS = 60 * 1000;
/** 3 days on GitHub.com, 7 on GHES (docs.github.com, "Redelivering webhooks"). */
const RETENTION_MS = 3 * 24 * 60 * 60 * 1000;
/** Beyond this, reading everything again costs less than asking for every delivery. */
const MAX_MISSED = 200;
/** 20,000 deliveries, none of them missed: no walk takes longer. */
const MAX_PAGES = 200;

interface Seen extends Outcome {
  /** Whether the walk came to its end. */
  readonly whole: boolean;
  readonly strange: readonly string[];
}

export function createSweep(options: SweepOptions): Sweep {
  const { app, recheck, followed, time, since, warn } = options;
  /** What a sweep followed. A webhook's id is unsigned, so GitHub must have said, too, that it arrived; this is proof. */
  const swept = createFollowed(time.now);
  const isDone = (guid: string, arrived: boolean): boolean => swept.has(guid) || (arrived && followed.has(guid));
  const createdAt = time.now();
  let status: SweepStatus = {
    lastSweepAt: undefined,
    sweptUntil: since,
    failedDeliveries: 0,
    lastDeliveryAt: undefined,
  };
  /** Since when all has been read anew: nothing that was delivered before need be followed. Epoch milliseconds. */
  let readSince = since === undefined ? createdAt : -Infinity;
  let running: Promise<Swept> | undefined;

  const look = async (from: number): Promise<Seen> => {
    const attempts: Attempt[] = [];
    const strange: string[] = [];
    let outcome = outcomeOf([], isDone);
    let pages = 0;
    for await (const page of readLog(app)) {
      pages += 1;
      const lastDeliveryAt = page.attempts[0]?.deliveredAt;
      if (pages === 1 && lastDeliveryAt !== undefined) status = { ...status, lastDeliveryAt };
      attempts.push(...page.attempts.filter(({ deliveredAt }) => deliveredAt >= from));
      strange.push(...page.strange.map((item) => JSON.stringify(item)).filter((text) => !swept.has(text)));
      outcome = outcomeOf(attempts, isDone);
      if (outcome.missed.length > MAX_MISSED || pages === MAX_PAGES) return { ...outcome, strange, whole: false };
      const oldest = page.attempts.at(-1);
      if (oldest !== undefined && oldest.deliveredAt < from) break;
    }
    return { ...outcome, strange, whole: true };
  };

  const readEverything = (began: number): void => {
    readSince = began;
    recheck(undefined);
  };

  const catchUp = async ({ missed, strange, whole }: Seen, began: number): Promise<Swept> => {
    if (!whole || strange.length > 0) {
      const why = whole ? "a webhook delivery of an unexpected shape" : "more webhooks than can be followed one by one";
      warn(`GitHub's log shows ${why}: everything is read again instead.`);
      readEverything(began);
      for (const text of strange) swept.add(text);
    }
    const unfollowed = whole ? await followAll(missed, options) : missed;
    if (whole)
      for (const installation of new Set(unfollowed.map((attempt) => attempt.installation))) recheck(installation);
    for (const { guid } of missed) swept.add(guid);
    return {
      kind: "caught-up",
      followed: missed.length - unfollowed.length,
      reread: unfollowed.length + strange.length,
    };
  };

  const sweep = async (): Promise<Swept> => {
    const began = time.now();
    const reflected = status.sweptUntil ?? createdAt;
    // A time to come is one of a clock that has been set back since: nobody knows what it stands for.
    if (began - reflected > RETENTION_MS - OVERLAP_MS || reflected > began + SKEW_MS) {
      readEverything(began);
      status = { ...status, sweptUntil: began };
      return { kind: "beyond-retention" };
    }
    const seen = await look(Math.max(reflected - OVERLAP_MS, readSince - SKEW_MS));
    const result = await catchUp(seen, began);
    status = { ...status, lastSweepAt: time.now(), sweptUntil: began, failedDeliveries: seen.failed };
    return result;
  };

  return {
    run: () => (running ??= sweep().finally(() => (running = undefined))),
    status: () => status,
  };
}
