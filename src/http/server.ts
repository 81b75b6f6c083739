import type { IncomingMessage, RequestListener, Server, ServerResponse } from "node:http";
import { createServer } from "node:http";
import type { Duplex } from "node:stream";
import { madeOnce } from "../domain/made-once.ts";
import type { ErrorCode } from "../errors.ts";
import { ServiceError } from "../errors.ts";
import { authzenRoutes } from "./authzen/routes.ts";
import { authorize } from "./decision/authorize.ts";
import { introspect } from "./decision/introspect.ts";
import { createCohorts } from "./cohorts.ts";
import type { Handler } from "./exchange.ts";
import { attempt, exchangeOf, sendError } from "./exchange.ts";
import { managementApp } from "./management/app.ts";
import { publishingRoutes } from "./publishing/routes.ts";
import { pypicloudRoutes } from "./pypicloud/routes.ts";
import { refuseRest } from "./refusal.ts";
import type { HttpService } from "./service.ts";
import { DIALECTS, ENVOY_PREFIX } from "./subrequest/dialects.ts";
import { subrequestRoutes } from "./subrequest/routes.ts";
import { subrequest } from "./subrequest/subrequest.ts";
import { webhook } from "./webhook.ts";

/** Milliseconds, unless a name says otherwise. */
export interface ServerLimits {
  /** Until the headers are complete. */
  readonly headersTimeout: number;
  /** Until the whole request has arrived. */
  readonly requestTimeout: number;
  /** An idle connection is kept this long: longer than proxies keep theirs, so that they close first. */
  readonly keepAliveTimeout: number;
  /** How often the two above are looked at. */
  readonly connectionsCheckingInterval: number;
  /** Bytes of request line and headers together. */
  readonly maxHeaderSize: number;
  /** After so many requests a connection is renewed, so that load spreads. */
  readonly maxRequestsPerSocket: number;
}

export const LIMITS: ServerLimits = {
  headersTimeout: 10_000,
  requestTimeout: 60_000,
  keepAliveTimeout: 75_000,
  connectionsCheckingInterval: 2_000,
  maxHeaderSize: 16 * 1024,
  maxRequestsPerSocket: 100_000,
};

/**
 * One server for everything. The decision plane is found by one look-up and never sees a framework; then come
 * GitHub's webhooks; all the rest is Express.
 */
export function createHttpServer(service: HttpService, limits: ServerLimits = LIMITS): Server {
  const routes = byPath([
    ["POST /authorize", authorize(service)],
    ["POST /introspect", introspect(service)],
    ["POST /api/github/webhooks", webhook(service)],
    ...publishingRoutes(service),
    ...authzenRoutes(service),
    ...pypicloudRoutes(service),
    ...subrequestRoutes(service),
  ]);
  const inCohort = createCohorts();
  const envoy = subrequest(service, DIALECTS.envoy);
  const management = managementApp(service);

  const handle: RequestListener = (request, response) => {
    // RFC 9112, section 3.2. Node would refuse this as well, but without a word.
    if (request.headers.host === undefined && request.httpVersion === "1.1") {
      const error = new ServiceError("invalid_request", "The Host header is missing.");
      sendError(exchangeOf(request, response, service.requestId), service.log, error, ["connection", "close"]);
      return;
    }
    const path = pathOf(request);
    // Envoy puts what it is asked for behind its prefix, with the method it was asked with.
    const methods = routes.get(path);
    const handler = path.startsWith(`${ENVOY_PREFIX}/`) ? envoy : methods?.get(request.method ?? "");
    if (handler === undefined && methods === undefined) {
      management(request, response);
      return;
    }
    const exchange = exchangeOf(request, response, service.requestId);
    if (handler === undefined) {
      const allowed = [...(methods?.keys() ?? [])].join(", ");
      sendError(exchange, service.log, new ServiceError("method_not_allowed"), ["allow", allowed]);
      return;
    }
    attempt(exchange, service.log, () => handler(exchange));
  };
  /** What each connection asked for last. */
  const last = new WeakMap<Duplex, ServerResponse>();
  const listener: RequestListener = (request, response) => {
    last.set(request.socket, response);
    inCohort(() => handle(request, response));
  };

  const server = createServer({ ...limits, requireHostHeader: false }, listener);
  server.maxRequestsPerSocket = limits.maxRequestsPerSocket;
  // Their size is limited. Node would keep the first 2,000 and drop the rest quietly, among them what contradicts.
  server.maxHeadersCount = 0;
  // A client may expect what it likes; it gets an answer like everybody.
  server.on("checkExpectation", listener);
  server.on("clientError", (error: NodeJS.ErrnoException, socket: Duplex) => {
    const code = CLIENT_ERRORS.get(error.code ?? "") ?? "invalid_request";
    if (error.code === "ECONNRESET") {
      socket.destroy();
      return;
    }
    // What came before it on this connection is answered first.
    socket.pause();
    inCohort(() => refuseRest(socket, last.get(socket), new ServiceError(code), service.requestId()));
  });
  return server;
}

/** Handlers by path and method, of routes such as `POST /authorize`. */
function byPath(
  routes: readonly (readonly [route: string, handler: Handler])[],
): ReadonlyMap<string, ReadonlyMap<string, Handler>> {
  const paths = new Map<string, Map<string, Handler>>();
  for (const [route, handler] of routes) {
    const [method = "", path = ""] = route.split(" ");
    madeOnce(paths, path, () => new Map<string, Handler>()).set(method, handler);
  }
  return paths;
}

const CLIENT_ERRORS: ReadonlyMap<string, ErrorCode> = new Map([
  ["ERR_HTTP_REQUEST_TIMEOUT", "timeout"],
  ["HPE_HEADER_OVERFLOW", "headers_too_large"],
  ["HPE_CHUNK_EXTENSIONS_OVERFLOW", "payload_too_large"],
]);

/**
 * The path without its query. A proxy may send the absolute form, which a server must take (RFC 9112, section 3.2.2);
 * it is rewritten, so that Express reads the same path as we do.
 */
function pathOf(request: IncomingMessage): string {
  let url = request.url ?? "/";
  if (!url.startsWith("/")) request.url = url = url.replace(/^https?:\/\/[^/?]*/i, "") || "/";
  const query = url.indexOf("?");
  return query < 0 ? url : url.slice(0, query);
}

/**
 * Stops: takes no new connection, finishes what is in flight, drops connections as they fall idle.
 *
 * @param within milliseconds after which what is left is cut off
 */
export function closeGracefully(server: Server, within: number): Promise<void> {
  return new Promise((resolve) => {
    const sweep = setInterval(() => server.closeIdleConnections(), 20);
    const cut = setTimeout(() => server.closeAllConnections(), within);
    server.close(() => {
      clearInterval(sweep);
      clearTimeout(cut);
      resolve();
    });
    server.closeIdleConnections();
  });
}
