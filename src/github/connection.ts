import { Probot, ProbotOctokit } from "probot";
import type { Logger } from "pino";
import type { Client, Octokit } from "./client.ts";
import { createClient } from "./client.ts";
import type { Limits } from "./throttle.ts";
import { createThrottle } from "./throttle.ts";
import type { Time } from "./time.ts";

/** The App's line to GitHub: Probot signs in, our own client and throttle do the reading. */
export interface Connection {
  readonly probot: Probot;
  /** Reads as the App itself. */
  readonly app: Client;
  /** Reads as one installation; each has rate limits of its own. */
  readonly installation: (id: number) => Client;
  /** An authenticated Octokit, for those who want every reply and not just the good ones. */
  readonly octokit: (installation?: number) => Promise<Octokit>;
}

export interface ConnectionOptions {
  readonly appId: number;
  readonly privateKey: string;
  readonly webhookSecret: string;
  readonly apiUrl: string;
  readonly fetch: typeof fetch;
  readonly log: Logger;
  readonly time: Time;
  readonly random: () => number;
}

// docs.github.com, "About secondary rate limits": at most 100 requests at once and per minute 900 points of REST
// and 2,000 of GraphQL. GraphQL is kept narrower, because its limit on CPU time (60 s a minute) is what is met first.
const REST: Limits = { concurrency: 24, perMinute: 900 };
const GRAPHQL: Limits = { concurrency: 4, perMinute: 2000 };

export function connect({
  appId,
  privateKey,
  webhookSecret,
  apiUrl,
  fetch,
  log,
  time,
  random,
}: ConnectionOptions): Connection {
  const probot = new Probot({
    appId,
    privateKey,
    secret: webhookSecret,
    baseUrl: apiUrl,
    log,
    request: { fetch },
    // Retries and pacing are the client's: two of them would multiply each other.
    Octokit: ProbotOctokit.defaults((options: NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>) => ({
      ...options,
      retry: { enabled: false },
      throttle: { ...options["throttle"], enabled: false },
    })),
  });
  const octokit = async (installation?: number): Promise<Octokit> => probot.auth(installation);
  const client = (installation?: number): Client =>
    createClient({
      octokit: () => octokit(installation),
      rest: createThrottle(REST, time),
      graphql: createThrottle(GRAPHQL, time),
      time,
      random,
    });
  return { probot, app: client(), installation: client, octokit };
}
