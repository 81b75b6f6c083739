import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ServiceError } from "../errors.ts";
import { errorBody } from "../errors.ts";
import { afterCohort } from "./cohorts.ts";
import { headersFor } from "./exchange.ts";

/** Milliseconds for which a refused connection stays half open, so that the client can read why. */
const LINGER_MS = 500;

/**
 * Refuses on the bare connection and ends it: where the request could not be parsed, or where the client is still
 * sending what we will not take. Nothing more is read. Closing at once would make the kernel send a reset, which
 * overtakes the reply.
 */
export function refuse(socket: Duplex, error: ServiceError, id: string): void {
  socket.pause();
  // As replies are (see `send`), so that those to what came before it on this connection leave first.
  afterCohort(() => {
    if (!socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(replyOf(error, id));
    setTimeout(() => socket.destroy(), LINGER_MS).unref();
  });
}

function replyOf(error: ServiceError, id: string): string {
  const body = errorBody(error);
  return (
    `HTTP/1.1 ${error.status} ${STATUS_CODES[error.status] ?? ""}\r\n` +
    "Content-Type: application/json\r\n" +
    `Content-Length: ${Buffer.byteLength(body)}\r\n` +
    "Cache-Control: no-store\r\n" +
    `X-Request-Id: ${id}\r\n` +
    `${lines(headersFor(error.status))}Connection: close\r\n\r\n${body}`
  );
}

function lines(headers: readonly string[]): string {
  return headers.map((text, index) => (index % 2 === 0 ? `${text}: ` : `${text}\r\n`)).join("");
}
