import { isUtf8 } from "node:buffer";
import { ServiceError } from "../errors.ts";
import type { Exchange } from "./exchange.ts";
import { refuse } from "./refusal.ts";

/** What one request may make us keep. */
export const MAX_BODY_BYTES = 64 * 1024;

/** Bytes that keeping a chunk costs beside its content: a body sent byte by byte must not be the cheap way to fill us. */
const CHUNK_COST = 512;

/** What several requests together may make us keep. */
export interface Quota {
  /** @returns whether there was room; if not, nothing is taken */
  readonly take: (bytes: number) => boolean;
  readonly give: (bytes: number) => void;
}

/**
 * Reads a body whole. One that is too large is refused at its Content-Length, or at the first byte past the limit;
 * then the connection ends, and nothing past the limit is read or kept.
 *
 * @param limit bytes
 * @param use called once, with the body, unless it is refused or the client goes away
 * @param quota what is kept is taken from it, and given back unless `use` is called: then the body's bytes are the
 * caller's to give back
 */
export function readBody(exchange: Exchange, limit: number, use: (body: Buffer) => void, quota?: Quota): void {
  if (refusedByLength(exchange, limit)) return;
  const { request } = exchange;
  const chunks: Buffer[] = [];
  let size = 0;
  let taken = 0;
  const drop = (): void => {
    request.removeAllListeners("data").removeAllListeners("end").pause();
    chunks.length = 0;
    quota?.give(taken);
    taken = 0;
  };
  request.on("data", (chunk: Buffer) => {
    const cost = chunk.length + CHUNK_COST;
    size += chunk.length;
    if (size > limit) {
      drop();
      refuse(exchange, tooLarge(limit));
    } else if (quota?.take(cost) === false) {
      drop();
      refuse(exchange, new ServiceError("unavailable"));
    } else {
      taken += cost;
      chunks.push(chunk);
    }
  });
  if (quota !== undefined) request.on("close", drop);
  request.on("end", () => {
    quota?.give(taken - size);
    taken = 0;
    request.off("close", drop);
    const [first] = chunks;
    use(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size));
  });
}

/** Refuses a body that announces itself as too large. @returns whether it did, and nothing more is to be done */
export function refusedByLength(exchange: Exchange, limit: number): boolean {
  const { request } = exchange;
  if (!(Number(request.headers["content-length"]) > limit)) return false;
  request.pause();
  refuse(exchange, tooLarge(limit));
  return true;
}

function tooLarge(limit: number): ServiceError {
  return new ServiceError("payload_too_large", `The body may have ${limit} bytes.`);
}

/** The body as text; `undefined` when it is not UTF-8, because decoding it anyway would change what was sent. */
export function textOf(body: Buffer): string | undefined {
  return isUtf8(body) ? body.toString("utf8") : undefined;
}
