import { z } from "zod";
import type { Client } from "../client.ts";
import type { FailureKind } from "../failure.ts";
import { GitHubFailure } from "../failure.ts";

/** One attempt of GitHub to deliver a webhook. */
export interface Attempt {
  readonly id: number;
  /** The same for all attempts at one event. */
  readonly guid: string;
  /** Epoch milliseconds. */
  readonly deliveredAt: number;
  /** Whether GitHub got a 2xx. */
  readonly arrived: boolean;
  readonly event: string;
  /** `undefined`: the event concerns the App as a whole. */
  readonly installation: number | undefined;
}

export interface LogPage {
  /** Newest first, though not exactly. */
  readonly attempts: readonly Attempt[];
  /** Items of a shape that nobody expects. */
  readonly strange: readonly unknown[];
}

// Only what is used: a field that nobody reads shall not keep a delivery from being followed.
const item = z.object({
  id: z.number(),
  guid: z.string(),
  delivered_at: z.iso.datetime({ offset: true }),
  status_code: z.number(),
  event: z.string(),
  installation_id: z.number().nullish(),
});

/**
 * GitHub's log of webhook deliveries, page by page and newest first, for as long as the caller asks for more.
 * Rejects with a `GitHubFailure` whose sentence names the fix.
 *
 * https://docs.github.com/rest/apps/webhooks#list-deliveries-for-an-app-webhook
 */
export async function* readLog(app: Pick<Client, "walk">): AsyncGenerator<LogPage, void> {
  try {
    for await (const items of app.walk("GET /app/hook/deliveries", {}, z.array(z.unknown()))) yield pageOf(items);
  } catch (error) {
    throw error instanceof GitHubFailure ? explained(error) : error;
  }
}

function pageOf(items: readonly unknown[]): LogPage {
  const attempts: Attempt[] = [];
  const strange: unknown[] = [];
  for (const each of items) {
    const { data } = item.safeParse(each);
    if (data === undefined) strange.push(each);
    else attempts.push(attemptOf(data));
  }
  // One odd delivery can be made up for; a log that is all odd tells neither what was missed nor where to stop.
  if (attempts.length === 0 && strange.length > 0) {
    const sentence =
      "GitHub's log of webhook deliveries has an unexpected shape: see whether there is a newer Packgate.";
    throw new GitHubFailure("unavailable", sentence);
  }
  return { attempts, strange };
}

function attemptOf(found: z.infer<typeof item>): Attempt {
  const { id, guid, event, status_code: status } = found;
  return {
    id,
    guid,
    deliveredAt: Date.parse(found.delivered_at),
    arrived: status >= 200 && status < 300,
    event,
    installation: found.installation_id ?? undefined,
  };
}

/** The client's sentences are about installations; here it is the App itself that asks. */
function explained(failure: GitHubFailure): GitHubFailure {
  const sentence = SENTENCES[failure.kind];
  return sentence === undefined ? failure : new GitHubFailure(failure.kind, sentence);
}

const SENTENCES: Partial<Record<FailureKind, string>> = {
  gone: "GitHub has no log of webhook deliveries for this App: set the webhook's URL on the App's page, and check APP_ID.",
  forbidden:
    "GitHub does not show the App its webhook deliveries: check APP_ID and PRIVATE_KEY (packgate doctor tries them).",
};
