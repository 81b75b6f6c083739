import { Webhooks } from "@octokit/webhooks";
import type { Logger } from "pino";
import type { Config } from "./config.ts";
import { isWebhookEvent, packgateApp } from "./github/app.ts";
import type { Connection } from "./github/connection.ts";
import { connect } from "./github/connection.ts";
import { createDeliveries } from "./github/deliveries.ts";
import { createBreaker } from "./github/identity/breaker.ts";
import { createFailureBudget } from "./github/identity/failure-budget.ts";
import { createGitHubUser } from "./github/identity/github-user.ts";
import { createTokenVerifier } from "./github/identity/verify-token.ts";
import type { Installation } from "./github/installations.ts";
import { createInstallations } from "./github/installations.ts";
import { every } from "./github/every.ts";
import { observeFetch } from "./github/observed-fetch.ts";
import type { ManifestReaders } from "./github/reader/manifests.ts";
import { createReader } from "./github/reader/reader.ts";
import type { Session } from "./github/session.ts";
import { createSession } from "./github/session.ts";
import { shortcomingsOf } from "./github/shortcomings.ts";
import { createStart } from "./github/start.ts";
import type { Time } from "./github/time.ts";
import type { HttpService } from "./http/service.ts";
import { createProblemLog } from "./manifest-problems.ts";
import { memberManifests, readManifests, ROOT_MANIFESTS, workspaceGlobs } from "./manifests/index.ts";
import { createMetrics } from "./metrics.ts";
import { createProgress } from "./progress.ts";
import { readinessOf } from "./readiness.ts";
import { createStore } from "./state/store.ts";

/** What the process supplies. */
export interface Surroundings {
  readonly fetch: typeof fetch;
  readonly time: Time;
  /** Monotonic milliseconds with fractions. */
  readonly stopwatch: () => number;
  /** From 0 to 1, for jitter. */
  readonly random: () => number;
  readonly uuid: () => string;
  readonly log: Logger;
  /** Where a person watches the first reading; `undefined` when nobody does. */
  readonly terminal: { readonly write: (text: string) => unknown } | undefined;
  readonly version: string;
}

export interface Service {
  /** What the HTTP side needs. */
  readonly http: HttpService;
  readonly connection: Connection;
  /** Finds the organizations and begins to read them. Rejects when GitHub refuses the App itself. */
  readonly start: () => Promise<void>;
  /** Resolves once nothing is queued or being read from GitHub. */
  readonly idle: () => Promise<void>;
  readonly stop: () => Promise<void>;
}

/** Joins the parts: the only place that knows everybody. */
export async function createService(config: Config, surroundings: Surroundings): Promise<Service> {
  const { time, stopwatch, random, uuid, log, terminal, version } = surroundings;
  const metrics = createMetrics();
  const fetch = observeFetch(surroundings.fetch, ({ kind, status, limit }) => {
    metrics.githubRequests.inc({ kind, status: String(status ?? "none") });
    if (limit !== undefined) metrics.githubRateRemaining.set({ resource: limit.resource }, limit.remaining);
  });
  const { apiUrl, webUrl } = config.github;
  const connection = connect({
    appId: config.appId,
    privateKey: config.privateKey(),
    webhookSecret: config.webhookSecret(),
    apiUrl,
    fetch,
    log,
    time,
    random,
  });

  const tokens = createTokenVerifier({
    ask: createGitHubUser({ apiUrl, fetch, now: time.now, oauth: config.oauth }),
    breaker: createBreaker({ now: time.now }),
    budget: createFailureBudget({ now: time.now }),
    now: time.now,
    ttlMs: config.tokenTtlMs,
    onCheck: (result) => metrics.tokenChecks.inc({ result }),
  });

  const progress = createProgress({ terminal, log: (fields, message) => log.info(fields, message), now: time.now });
  const problems = createProblemLog((sentence) => log.warn(sentence));
  const open = (account: Installation["account"]): Session =>
    createSession({
      organization: account,
      store: createStore(account, time.now),
      reader: (installation) =>
        createReader({
          client: connection.installation(installation),
          organization: account,
          manifests: MANIFESTS,
          time,
        }),
      time,
      onApplied: (view) => {
        progress(view);
        problems(view);
      },
      onSettled: (milliseconds) => metrics.webhookApplySeconds.observe(milliseconds / 1000),
      onFailure: (what, failure, cause) => {
        log.warn({ organization: account.login, what, err: failure === cause ? undefined : cause }, failure.message);
        // Whether it is the organization or the App's place in it that is gone, GitHub's list of installations tells.
        if (failure.kind === "gone" || failure.kind === "forbidden") start.again();
      },
    });
  const warn = (sentence: string, cause?: unknown): void => log.warn({ err: cause }, sentence);
  const installations = createInstallations({
    app: connection.app,
    wanted: config.organizations,
    open,
    shortcomings: (installation) => shortcomingsOf(installation, webUrl),
    warn,
  });
  const start = createStart({ refresh: installations.refresh, time, warn });

  const stopExpiry = every(EXPIRE_EVERY_MS, time, () => {
    for (const { store } of installations.sessions()) store.expire();
  });

  const deliver = createDeliveries({ installations, refresh: start.again, forgetUser: tokens.forgetUser, warn });
  await connection.probot.load(
    packgateApp((delivery) => metrics.webhooks.inc({ event: delivery.name, result: deliver(delivery) })),
  );

  const http: HttpService = {
    clients: config.indexClients,
    wanted: config.organizations,
    organizations: () =>
      installations.sessions().map(({ store, organization: { id } }) => ({
        id,
        login: store.view().organization.login,
        view: store.view,
      })),
    verifyToken: tokens.verify,
    webhook: {
      verify: signatureCheck([config.webhookSecret, config.webhookSecretPrevious]),
      accept: async (delivery) => {
        if (isWebhookEvent(delivery)) await connection.probot.receive(delivery);
        else metrics.webhooks.inc({ event: "other", result: "ignored" });
      },
    },
    readiness: () =>
      readinessOf(installations.sessions(), [...start.problems(), ...installations.problems()], time.now()),
    metrics,
    log,
    clock: time.now,
    stopwatch,
    requestId: uuid,
    info: { version, issuer: webUrl, publicUrl: config.publicUrl },
  };

  return {
    http,
    connection,
    start: start.first,
    idle: async () => {
      const read = () => Promise.all(installations.sessions().map((session) => session.idle()));
      // What cannot be read sends us to look at the installations, and what is found there is read.
      await read();
      await start.idle();
      await read();
    },
    stop: () => {
      connection.close();
      stopExpiry();
      start.stop();
      for (const session of installations.sessions()) session.stop();
      return Promise.resolve();
    },
  };
}

/** How late a name may be free again whose retirement is over. */
const EXPIRE_EVERY_MS = 60 * 60 * 1000;

const MANIFESTS: ManifestReaders = {
  roots: ROOT_MANIFESTS,
  members: (files) => {
    const workspace = workspaceGlobs(files);
    return workspace && ((paths) => memberManifests(workspace, paths));
  },
  read: readManifests,
};

/** GitHub signs with one secret; during a rotation the previous one is as good. */
function signatureCheck(
  secrets: readonly ((() => string) | undefined)[],
): (body: string, signature: string) => Promise<boolean> {
  const verifiers = secrets.flatMap((secret) => (secret === undefined ? [] : [new Webhooks({ secret: secret() })]));
  return async (body, signature) => {
    const verdicts = await Promise.all(verifiers.map((webhooks) => webhooks.verify(body, signature)));
    return verdicts.includes(true);
  };
}
