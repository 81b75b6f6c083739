import type { Logger } from "pino";
import { Probot, ProbotOctokit } from "probot";
import { boundedFetch } from "./bounded-fetch.ts";
import { createBudget } from "./budget.ts";
import type { Client, Octokit } from "./client.ts";
import { createClient } from "./client.ts";
import { sharingOneForEvents } from "./event-octokit.ts";
import { readError } from "./octokit-error.ts";
import type { Limits } from "./throttle.ts";
import { createThrottle } from "./throttle.ts";
import type { Time } from "./time.ts";

/** The App's line to GitHub: Probot signs in, our own client and throttle do the reading. */
export interface Connection {
  readonly probot: Probot;
  /** Reads as the App itself. */
  readonly app: Client;
  /** Reads as one installation; each has rate limits of its own, and begins with a token of its own. */
  readonly installation: (id: number) => Client;
  /** An authenticated Octokit, for those who want every reply and not just the good ones. */
  readonly octokit: (installation?: number) => Promise<Octokit>;
  /** Sends nothing more. */
  readonly close: () => void;
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

export function connect(options: ConnectionOptions): Connection {
  const { appId, privateKey, webhookSecret, apiUrl, log, time, random } = options;
  const { fetch, close } = boundedFetch(options.fetch);
  // Retries and pacing are the client's: two of them would multiply each other.
  const unhurried = { retry: { enabled: false }, throttle: { enabled: false } };
  // Probot leaves the line by which tokens are renewed without its base URL, and GHES would never be asked.
  const { request } = new ProbotOctokit({ ...unhurried, baseUrl: apiUrl, request: { fetch } });
  const forEvents = new ProbotOctokit({ ...unhurried, baseUrl: apiUrl, request: { fetch } });
  const probot = new Probot({
    appId,
    privateKey,
    secret: webhookSecret,
    baseUrl: apiUrl,
    log,
    request: { fetch },
    Octokit: sharingOneForEvents(forEvents).defaults(
      (defaults: NonNullable<ConstructorParameters<typeof ProbotOctokit>[0]>) => ({
        ...defaults,
        ...unhurried,
        auth: { ...defaults["auth"], request },
      }),
    ),
  });

  const withNewToken = async (installation: number): Promise<ProbotOctokit> => {
    const app = await probot.auth();
    await app.auth({ type: "installation", installationId: installation, refresh: true });
    return probot.auth(installation);
  };

  const client = (authenticate: () => Promise<ProbotOctokit>): Client => {
    const budget = createBudget(time.now);
    const counting = async (): Promise<Octokit> => {
      const octokit = await authenticate();
      octokit.hook.after("request", ({ headers }) => budget.note(headers));
      // "Not modified" and "limited" are errors, too.
      octokit.hook.error("request", (error) => {
        budget.note(readError(error).headers);
        throw error;
      });
      return octokit;
    };
    let kit: Promise<Octokit> | undefined;
    const renew = (): void => {
      kit = undefined;
    };
    const signedIn = async (): Promise<Octokit> => {
      const current = (kit ??= counting());
      try {
        return await current;
      } catch (error) {
        if (kit === current) renew();
        throw error;
      }
    };
    return createClient({
      octokit: signedIn,
      renew,
      rest: createThrottle(REST, time),
      graphql: createThrottle(GRAPHQL, time),
      budget,
      time,
      random,
    });
  };

  return {
    probot,
    app: client(() => probot.auth()),
    installation: (id) => client(() => withNewToken(id)),
    octokit: (installation) => probot.auth(installation),
    close,
  };
}
