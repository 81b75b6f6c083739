import type { LoginRefusal, MintRefusal } from "../contract/publishing.ts";
import type { Exchange } from "../exchange.ts";
import { headersFor, send } from "../exchange.ts";
import type { Log } from "../service.ts";

/**
 * Says why no token is made, in the shape that upload tools know from PyPI.
 *
 * @param description public, and logged
 * @param retryAfter seconds, of what is unavailable; unless told, as for everything that is
 */
export function refuseToken(
  log: Log,
  exchange: Exchange,
  code: (MintRefusal | LoginRefusal)["error"],
  description: string,
  retryAfter?: number,
): void {
  log.info({ requestId: exchange.id, code }, `no token was made: ${description}`);
  const status = code === "unavailable" ? 503 : 422;
  const reply = { error: code, message: "Token request failed", errors: [{ code, description }] } as const;
  send(
    exchange,
    status,
    JSON.stringify(reply),
    retryAfter === undefined ? headersFor(status) : ["retry-after", String(retryAfter)],
  );
}
