import type { ServerResponse } from "node:http";
import { STATUS_CODES } from "node:http";
import type { Duplex } from "node:stream";
import type { ServiceError } from "../errors.ts";
import { errorBody } from "../errors.ts";
import { afterCohort } from "./cohorts.ts";
import type { Exchange } from "./exchange.ts";
import { headersFor } from "./exchange.ts";

/** Milliseconds for which a refused connection stays half open, so that the client can read why. */
const LINGER_MS = 500;

/**
 * Refuses a request whose client is still sending what we will not take: on the bare connection, which ends with it.
 * Nothing more is read, and what came before it on this connection is answered first.
 */
export function refuse({ request: { socket }, response, id }: Exchange, error: ServiceError): void {
  if (isFirst(socket)) whenItsTurn(response, () => end(socket, error, id));
}

/**
 * The same for what could not be parsed.
 *
 * @param last the response to what was parsed last on this connection
 */
export function refuseRest(socket: Duplex, last: ServerResponse | undefined, error: ServiceError, id: string): void {
  if (!isFirst(socket)) return;
  const step = (): void => end(socket, error, id);
  if (last === undefined) step();
  else if (last.req.complete && !last.writableFinished) last.once("finish", step);
  // If it is not complete, its own body is what could not be parsed, or did not come in time.
  else whenItsTurn(last, step);
}

/** Node gives a response its connection when those before it have left, and takes it back when that one has. */
function whenItsTurn(response: ServerResponse, step: () => void): void {
  if (response.socket === null && !response.writableFinished) response.once("socket", step);
  else step();
}

const refused = new WeakSet<Duplex>();

/** Stops reading. Of what cannot be parsed Node tells piece by piece, and one refusal is enough. */
function isFirst(socket: Duplex): boolean {
  socket.pause();
  const isNew = !refused.has(socket);
  refused.add(socket);
  return isNew;
}

/** Closing at once would make the kernel send a reset, which overtakes the reply. */
function end(socket: Duplex, error: ServiceError, id: string): void {
  // As replies are (see `send`), so that the one before it leaves first.
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
