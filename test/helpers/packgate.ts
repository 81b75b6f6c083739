import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { setTimeout as sleep } from "node:timers/promises";
import type { DestinationStream } from "pino";
import type { Config } from "../../src/config.ts";
import { loadConfig } from "../../src/config.ts";
import { createLogger } from "../../src/logger.ts";
import { closeGracefully, createHttpServer } from "../../src/http/server.ts";
import type { Surroundings } from "../../src/service.ts";
import { createService } from "../../src/service.ts";
import type { Simulator } from "../simulator/index.ts";
import { inspect, inspected } from "./canary.ts";

export const INDEX_SECRET = "index-secret-of-24-letters";
export const WEBHOOK_SECRET = "webhook-secret-of-tests";

/** The environment that makes Packgate serve what the simulator simulates. */
export function environmentFor({ app }: Simulator): Record<string, string> {
  return {
    APP_ID: String(app.id),
    PRIVATE_KEY: app.privateKey,
    WEBHOOK_SECRET: app.webhookSecret,
    GITHUB_CLIENT_ID: app.clientId,
    GITHUB_CLIENT_SECRET: app.clientSecret,
    PACKGATE_INDEX_CLIENTS: `index:${INDEX_SECRET}`,
    PACKGATE_STATE: "memory:",
    LOG_FORMAT: "json",
  };
}

export interface RunningOptions {
  readonly env?: Readonly<Record<string, string>>;
  readonly surroundings?: Partial<Surroundings>;
  /** Any free one by default. */
  readonly port?: number;
  /** Where the log goes, too, besides being searched for secrets. */
  readonly log?: DestinationStream;
}

/** A whole Packgate on a simulated GitHub: the real service behind a real listener, its webhooks delivered over HTTP. */
export async function startPackgate(
  github: Simulator,
  { env = {}, surroundings = {}, port = 0, log }: RunningOptions = {},
) {
  const config: Config = loadConfig({ ...environmentFor(github), ...env }, () => "");
  const secrets = [WEBHOOK_SECRET, INDEX_SECRET, github.app.webhookSecret, github.app.clientSecret];
  const service = await createService(config, {
    fetch: github.fetch,
    time: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds, undefined, { ref: false }) },
    stopwatch: () => performance.now(),
    random: Math.random,
    uuid: randomUUID,
    log: createLogger({ level: "trace", destination: inspected(secrets, log) }),
    terminal: undefined,
    version: "0.0.0",
    ...surroundings,
  });
  const server = createHttpServer(service.http);
  server.listen(port, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port was given");
  const url = `http://127.0.0.1:${address.port}`;
  github.deliverTo(`${url}/api/github/webhooks`);
  await service.start();

  const post = async (path: string, body: unknown): Promise<{ status: number; body: Record<string, unknown> }> => {
    const response = await fetch(`${url}${path}`, {
      method: "POST",
      headers: { authorization: `Bearer ${INDEX_SECRET}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    const text = await response.text();
    inspect(`${JSON.stringify([...response.headers])} ${text}`, secrets);
    const reply: Record<string, unknown> = Object(JSON.parse(text));
    return { status: response.status, body: reply };
  };
  return {
    url,
    service,
    /** Asks `/authorize`. */
    ask: (question: Record<string, unknown>) => post("/authorize", question),
    /** Resolves once every webhook is delivered and everything they asked for has been read. */
    settle: async (): Promise<void> => {
      await github.settle();
      await service.idle();
    },
    stop: async (): Promise<void> => {
      // Some tests stop twice.
      for (const path of server.listening ? ["/readyz", "/metrics", "/healthz"] : []) {
        inspect(await (await fetch(`${url}${path}`)).text(), secrets);
      }
      await Promise.all([closeGracefully(server, 1000), service.stop()]);
    },
  };
}

export type Running = Awaited<ReturnType<typeof startPackgate>>;
