import type { IncomingMessage, ServerResponse } from "node:http";
import { asServiceError, errorBody } from "../errors.ts";
import { afterCohort } from "./cohorts.ts";
import type { Log } from "./service.ts";

/** One request with its reply, and the id both carry. */
export interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly id: string;
}

/** May throw or reject; whoever calls it sends the error. */
export type Handler = (exchange: Exchange) => void | Promise<void>;

const CHALLENGE = ["www-authenticate", 'Basic realm="packgate", charset="UTF-8"'];
/** Seconds after which what is unknown now is worth asking again. */
const RETRY_AFTER = ["retry-after", "5"];
const NONE: readonly string[] = [];

/** A client's own id is echoed only if it cannot upset a log or a header: printable ASCII, at most 128 characters. */
const SANE_ID = /^[!-~]{1,128}$/;

export function exchangeOf(request: IncomingMessage, response: ServerResponse, freshId: () => string): Exchange {
  const given = request.headers["x-request-id"];
  return { request, response, id: typeof given === "string" && SANE_ID.test(given) ? given : freshId() };
}

/**
 * Sends text, or its bytes in UTF-8, JSON unless said. One `writeHead` and one `end`, so that it leaves in one packet; when
 * all that arrived together is handled.
 * The media type has no parameters: uv compares it literally.
 *
 * @param headers more headers, flat: name, value, name, value…
 */
export function send(
  { response, id }: Exchange,
  status: number,
  body: string | Buffer,
  headers: readonly string[] = NONE,
  mediaType = "application/json",
): void {
  const head = [
    "content-type",
    mediaType,
    "content-length",
    String(Buffer.byteLength(body)),
    "cache-control",
    "no-store",
    "x-request-id",
    id,
  ];
  for (const text of headers) head.push(text);
  response.writeHead(status, head);
  afterCohort(end, response, body);
}

function end(response: ServerResponse, body: string | Buffer): void {
  response.end(body);
}

/** Sends whatever was thrown, as the public error it is; what we did not foresee goes to the log and not to the caller. */
export function sendError(exchange: Exchange, log: Log, thrown: unknown, headers: readonly string[] = []): void {
  const error = asServiceError(thrown);
  if (error.code === "internal") log.error({ requestId: exchange.id, err: error.cause }, "a request failed");
  // Nothing to say to somebody who has gone, nor in the middle of a reply.
  if (exchange.response.headersSent || exchange.response.destroyed) return;
  send(exchange, error.status, errorBody(error), [...headersFor(error.status), ...headers]);
}

/** What a status obliges us to send with it. */
export function headersFor(status: number): readonly string[] {
  if (status === 401) return CHALLENGE;
  return status === 503 ? RETRY_AFTER : NONE;
}

/** Runs a step of an exchange; its error is the reply. */
export function attempt(exchange: Exchange, log: Log, step: () => void | Promise<void>): void {
  try {
    const pending = step();
    if (pending !== undefined) pending.catch((error: unknown) => sendError(exchange, log, error));
  } catch (error) {
    sendError(exchange, log, error);
  }
}
