import { isUtf8 } from "node:buffer";
import { ServiceError } from "../errors.ts";
import type { Exchange } from "./exchange.ts";
import { refuse } from "./refusal.ts";

/** What one request may make us keep. */
export const MAX_BODY_BYTES = 64 * 1024;

/**
 * Reads a body whole. One that is too large is refused at its Content-Length, or at the first byte past the limit;
 * then the connection ends, and nothing past the limit is read or kept.
 *
 * @param limit bytes
 * @param use called once, with the body, unless it is refused or the client goes away
 */
export function readBody(exchange: Exchange, limit: number, use: (body: Buffer) => void): void {
  const { request } = exchange;
  const chunks: Buffer[] = [];
  let size = 0;
  const overflow = (): void => {
    request.removeAllListeners("data").removeAllListeners("end").pause();
    chunks.length = 0;
    refuse(request.socket, new ServiceError("payload_too_large", `The body may have ${limit} bytes.`), exchange.id);
  };
  if (Number(request.headers["content-length"]) > limit) {
    overflow();
    return;
  }
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size > limit) overflow();
    else chunks.push(chunk);
  });
  request.on("end", () => {
    const [first] = chunks;
    use(chunks.length === 1 && first !== undefined ? first : Buffer.concat(chunks, size));
  });
}

/** The body as text; `undefined` when it is not UTF-8, because decoding it anyway would change what was sent. */
export function textOf(body: Buffer): string | undefined {
  return isUtf8(body) ? body.toString("utf8") : undefined;
}
