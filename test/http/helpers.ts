import { createHash } from "node:crypto";
import type { IncomingHttpHeaders, Server } from "node:http";
import { request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll } from "vitest";
import type { View } from "../../src/domain/decide.ts";
import type { ServerLimits } from "../../src/http/server.ts";
import { createHttpServer, LIMITS } from "../../src/http/server.ts";
import type { Delivery, HttpService, TokenCheck, TokenIdentity } from "../../src/http/service.ts";
import { createMetrics } from "../../src/metrics.ts";
import { NO_PUBLISHING } from "../helpers/no-publishing.ts";
import { ALICE, BOB, NOW, viewOf } from "./acme.ts";
import { conforms } from "./conforms.ts";

/** Secrets that must never come out again. */
export const SECRET = "canary-secret-of-index-a-0123456789";
export const OTHER_SECRET = "canary-secret-of-index-b-0123456789";
export const TOKEN = "ghp_canaryTokenOfAlice000000000000000000";
export const BOBS_TOKEN = "ghp_canaryTokenOfBob00000000000000000000";
export const DEAD_TOKEN = "ghp_canaryTokenThatIsDead000000000000000";
export const LOST_TOKEN = "ghp_canaryTokenThatNobodyCanCheck0000000";
export const STRANGERS_TOKEN = "ghp_canaryTokenOfAStranger00000000000000";
export const CANARIES = [SECRET, OTHER_SECRET, TOKEN, BOBS_TOKEN, DEAD_TOKEN, LOST_TOKEN, STRANGERS_TOKEN];

/** What comes out of us, in a reply or a log; throws if a secret came with it. */
export function clean(text: string): string {
  const leaked = CANARIES.find((canary) => text.includes(canary));
  if (leaked !== undefined) throw new Error(`${leaked} came out again: ${text}`);
  return text;
}

export function digestOf(secret: string): Buffer {
  return createHash("sha256").update(secret).digest();
}

export function identityOf(id: number, login: string, more: Partial<TokenIdentity> = {}): TokenIdentity {
  return { id, login, kind: "classic", checkedAt: NOW - 500, expiresAt: NOW + 60_500, sees: () => "visible", ...more };
}

const CHECKS: ReadonlyMap<string, TokenCheck> = new Map<string, TokenCheck>([
  [TOKEN, { status: "active", identity: identityOf(ALICE, "alice") }],
  [BOBS_TOKEN, { status: "active", identity: identityOf(BOB, "bob", { clientId: "Iv1.abc" }) }],
  [STRANGERS_TOKEN, { status: "active", identity: identityOf(999, "mallory") }],
  [LOST_TOKEN, { status: "unverifiable", reason: "GitHub answers 502" }],
]);

export interface TestService extends HttpService {
  readonly lines: string[];
  readonly deliveries: Delivery[];
}

/** A service by hand: everything real but GitHub, the clock and the log. */
export function testService(more: Partial<HttpService> = {}): TestService {
  const lines: string[] = [];
  const deliveries: Delivery[] = [];
  const view = viewOf();
  let requests = 0;
  const write =
    (level: string) =>
    (fields: object, message: string): void => {
      const shown = Object.entries(fields).map(([key, value]) => [
        key,
        value instanceof Error ? String(value.stack) : value,
      ]);
      lines.push(clean(`${level} ${message} ${JSON.stringify(Object.fromEntries(shown))}`));
    };
  return {
    lines,
    deliveries,
    clients: [
      { name: "index-a", org: undefined, digest: digestOf(SECRET) },
      { name: "index-b", org: undefined, digest: digestOf(OTHER_SECRET) },
    ],
    wanted: [],
    organizations: () => [{ id: 1, login: "acme", view: () => view, confirm: asItIs }],
    verifyToken: (token) => CHECKS.get(token) ?? { status: "inactive", reason: "unknown" },
    publishing: NO_PUBLISHING,
    login: undefined,
    webhook: {
      verify: (body, signature) => Promise.resolve(signature === signatureOf(body)),
      accept: (delivery) => {
        deliveries.push(delivery);
      },
    },
    readiness: () => ({
      ready: true,
      orgs: [],
      deliveries: { lastSweepAt: undefined, lastDeliveryAt: undefined, failedDeliveries: 0 },
      problems: [],
    }),
    metrics: createMetrics(),
    log: { debug: write("debug"), info: write("info"), warn: write("warn"), error: write("error") },
    clock: () => NOW,
    stopwatch: () => performance.now(),
    requestId: () => `request-${++requests}`,
    info: { version: "1.2.3", issuer: "https://packgate.example", publicUrl: undefined },
    ...more,
  };
}

/** Stands in for GitHub's HMAC; the real one belongs to the webhook port. */
export function signatureOf(body: string): string {
  return `sha256=${createHash("sha256").update(`webhook secret ${body}`).digest("hex")}`;
}

export interface Listening {
  readonly server: Server;
  readonly port: number;
  readonly service: TestService;
}

export async function listen(more: Partial<HttpService> = {}, limits: Partial<ServerLimits> = {}): Promise<Listening> {
  const service = testService(more);
  const server = createHttpServer(service, { ...LIMITS, ...limits });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { server, port: (server.address() as AddressInfo).port, service };
}

/** A server for all tests of a file, which is gone after the last of them. */
export function listenThroughout(...how: Parameters<typeof listen>): Pick<Listening, "port"> {
  let listening: Listening | undefined;
  beforeAll(async () => {
    listening = await listen(...how);
  });
  afterAll(() => {
    listening?.server.closeAllConnections();
    listening?.server.close();
  });
  return {
    get port() {
      if (listening === undefined) throw new Error("only a test may ask");
      return listening.port;
    },
  };
}

/** Asks a server of its own, which is gone afterwards. */
export async function during<T>(more: Partial<HttpService>, use: (listening: Listening) => Promise<T>): Promise<T> {
  const listening = await listen(more);
  try {
    return await use(listening);
  } finally {
    listening.server.close();
  }
}

/** A service of one organization in this state. */
export function serving(view: View): Pick<HttpService, "organizations"> {
  return { organizations: () => [{ id: 1, login: "acme", view: () => view, confirm: asItIs }] };
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  readonly text: string;
  readonly json: Record<string, unknown>;
}

export interface Ask {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Buffer;
}

export function ask(port: number, path: string, { method = "GET", headers = {}, body }: Ask = {}): Promise<Reply> {
  return new Promise((resolve, reject) => {
    const sent = request({ port, host: "127.0.0.1", path, method, headers, agent: false }, (response) => {
      const chunks: Buffer[] = [];
      response.on("data", (chunk: Buffer) => chunks.push(chunk));
      response.on("end", () => {
        const text = clean(Buffer.concat(chunks).toString());
        clean(JSON.stringify(response.headers));
        conforms(method, path, response.statusCode ?? 0, response.headers["content-type"], text);
        const isJson = response.headers["content-type"] === "application/json" && text !== "";
        resolve({
          status: response.statusCode ?? 0,
          headers: response.headers,
          text,
          json: isJson ? (JSON.parse(text) as Record<string, unknown>) : {},
        });
      });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

export const BASIC = { authorization: `Basic ${Buffer.from(`index-a:${SECRET}`).toString("base64")}` };
const AS_JSON = { "content-type": "application/json" };

export function askAuthorize(
  port: number,
  body: object,
  headers: Readonly<Record<string, string>> = BASIC,
): Promise<Reply> {
  return ask(port, "/authorize", { method: "POST", headers: { ...AS_JSON, ...headers }, body: JSON.stringify(body) });
}

export function askIntrospect(port: number, form: Readonly<Record<string, string>>): Promise<Reply> {
  const headers = { ...BASIC, "content-type": "application/x-www-form-urlencoded" };
  return ask(port, "/introspect", { method: "POST", headers, body: new URLSearchParams(form).toString() });
}

export function deliver(port: number, body: string, headers: Readonly<Record<string, string>> = {}): Promise<Reply> {
  return ask(port, "/api/github/webhooks", {
    method: "POST",
    body,
    headers: {
      ...AS_JSON,
      "x-github-event": "team",
      "x-github-delivery": "72d3162e-cc78-11e3-81ab-4c9367dc0958",
      "x-hub-signature-256": signatureOf(body),
      ...headers,
    },
  });
}

export interface Deferred<T> {
  readonly promise: Promise<T>;
  readonly resolve: (value: T) => void;
  readonly reject: (error: Error) => void;
}

/** A promise to settle by hand. */
export function deferred<T>(): Deferred<T> {
  const handles: { resolve?: (value: T) => void; reject?: (error: Error) => void } = {};
  const promise = new Promise<T>((resolve, reject) => Object.assign(handles, { resolve, reject }));
  return { promise, resolve: (value) => handles.resolve?.(value), reject: (error) => handles.reject?.(error) };
}

export function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => {
    setTimeout(resolve, milliseconds);
  });
}

/** Confirms nothing: the facts of these tests are as new as they will be. */
export const asItIs = (): Promise<void> => Promise.resolve();
