import { createCatchUp } from "./service/catch-up.ts";
import type { Config } from "./config.ts";
import { packgateApp } from "./github/app.ts";
import type { Connection } from "./github/connection.ts";
import type { Delivery, DeliveryResult } from "./github/deliveries.ts";
import { createDeliveries } from "./github/deliveries.ts";
import { createInstallations } from "./github/installations.ts";
import { shortcomingsOf } from "./github/shortcomings.ts";
import { createStart } from "./github/start.ts";
import { createFollowed } from "./github/sweep/followed.ts";
import { createRecheck } from "./github/sweep/recheck.ts";
import { sweepRegularly } from "./github/sweep/regular.ts";
import { createSweep } from "./github/sweep/sweep.ts";
import type { HttpService } from "./http/service.ts";
import { createProblemLog } from "./manifest-problems.ts";
import { createMetrics } from "./metrics.ts";
import { expireRegularly } from "./service/expiry.ts";
import { createOpening } from "./service/opening.ts";
import { createProgress } from "./progress.ts";
import { problemsIn, readinessOf } from "./readiness.ts";
import { keepRegularly } from "./service/keeping.ts";
import { openLine } from "./service/line.ts";
import type { Surroundings } from "./service/surroundings.ts";
import { textReader } from "./service/policy.ts";
import { isServed, loginIn, servedOrganizations } from "./service/served.ts";
import { createTokens } from "./service/tokens.ts";
import { webhookPort } from "./service/webhook.ts";
import { historyOf, remember, resumable } from "./service/remembrance.ts";
import { openSnapshots } from "./snapshot/snapshots.ts";
import { createSnapshotWriter } from "./snapshot/writer.ts";

export type { Surroundings };

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
  const clients = config.indexClients.map(({ name }) => name);
  const { connection, fetch } = openLine(config, metrics, surroundings);
  const { apiUrl, webUrl } = config.github;
  const progress = createProgress({ terminal, log: (fields, message) => log.info(fields, message), now: time.now });
  const problems = createProblemLog(
    (view) => problemsIn(view, clients),
    (sentence) => log.warn(sentence),
  );
  const warn = (sentence: string, cause?: unknown): void => log.warn({ err: cause }, sentence);
  const snapshots = openSnapshots(config.stateFolder, { appId: config.appId, apiUrl }, textReader(config.policy), warn);
  // Before all else that takes its time: until it is unpacked there is other work.
  const loading = snapshots.load();
  const tokens = await createTokens(config, {
    fetch,
    fetchKeys: surroundings.fetch,
    now: time.now,
    uuid,
    onCheck: metrics.tokenChecked,
    serves: (id) => isServed(id, installations.sessions(), config.organizations),
    loginOf: (user, organizations) => loginIn(organizations, user, installations.sessions()),
    warn,
  });
  const began = await loading;
  const { organizations, others, since } = resumable(began, config.organizations, time.now());
  const followed = createFollowed(time.now, began?.followed);
  const writer = createSnapshotWriter({
    collect: () =>
      remember({
        sessions: installations.sessions,
        others,
        sweptUntil: () => sweep.status().sweptUntil,
        followed: followed.recent,
        now: time.now,
      }),
    save: snapshots.save,
    sleep: time.sleep,
  });
  const open = createOpening({
    config,
    connection,
    metrics,
    log,
    time,
    random,
    onChange: (view) => {
      progress(view);
      problems(view);
      writer.changed();
    },
    onFollowed: () => writer.changed(),
    onLost: () => start.again(),
  });
  const resumed = organizations.map((saved) => open(saved.organization, saved, saved));
  const catchUp = createCatchUp(resumed, time);
  const installations = createInstallations({
    app: connection.app,
    wanted: config.organizations,
    resumed,
    open: (account) => open(account, historyOf(others, account.id)),
    shortcomings: (installation) => shortcomingsOf(installation, webUrl),
    warn,
  });
  const start = createStart({ refresh: installations.refresh, time, warn });

  const stopExpiry = expireRegularly(installations.sessions, time, writer.changed);
  const stopKeeping = keepRegularly(tokens, time);

  const { forgetUser, endLogins } = tokens;
  const deliver = createDeliveries({ installations, refresh: start.again, forgetUser, endLogins, warn, now: time.now });
  const follow = (delivery: Delivery): DeliveryResult => {
    const result = deliver(delivery);
    metrics.webhooks.inc({ event: delivery.name, result });
    return result;
  };
  await connection.probot.load(packgateApp(follow));

  const recheck = createRecheck({ installations, refresh: start.again, forgetTokens: tokens.forgetAll });
  const sweep = createSweep({ app: connection.app, deliver: follow, recheck, followed, time, since, warn });
  const sweeping = sweepRegularly({
    sweep,
    time,
    onSwept: (swept) => {
      void catchUp.swept(swept);
      writer.changed();
    },
    info: (sentence) => log.info(sentence),
    warn,
  });

  const http: HttpService = {
    clients: config.indexClients,
    wanted: config.organizations,
    organizations: () => servedOrganizations(installations.sessions()),
    verifyToken: tokens.verify,
    publishing: tokens.publishing,
    login: tokens.login,
    webhook: webhookPort(config, { connection, tokens, followed, metrics }),
    readiness: () =>
      readinessOf({
        sessions: installations.sessions(),
        clients,
        deliveries: sweep.status(),
        problems: [start, installations, sweeping, catchUp, tokens].flatMap((part) => part.problems()),
        resyncInterval: config.resyncIntervalMs,
        now: time.now(),
      }),
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
    start: async () => {
      catchUp.begin();
      await start.first();
      void sweeping.begin();
    },
    idle: async () => {
      const read = () => Promise.all(installations.sessions().map((session) => session.idle()));
      // What was missed is read.
      await sweeping.idle();
      // What cannot be read sends us to look at the installations, and what is found there is read.
      await read();
      await start.idle();
      await read();
    },
    stop: async () => {
      connection.close();
      stopExpiry();
      stopKeeping();
      sweeping.stop();
      catchUp.stop();
      start.stop();
      // What is still in doubt must be remembered as such, and a session that has stopped knows of no doubts.
      await writer.flush();
      for (const session of installations.sessions()) session.stop();
    },
  };
}
