import type { LoginRefusal, MintRefusal } from "../contract/publishing.ts";
import type { Exchange } from "../exchange.ts";
import { headersFor, send } from "../exchange.ts";
import type { Log } from "../service.ts";

/** Says why no token is made, in the shape that upload tools know from PyPI; `description` is public, and logged. */
export function refuseToken(
  log: Log,
  exchange: Exchange,
  code: (MintRefusal | LoginRefusal)["error"],
  description: string,
): void {
  log.info({ requestId: exchange.id, code }, `no token was made: ${description}`);
  const status = code === "unavailable" ? 503 : 422;
  const reply = { error: code, message: "Token request failed", errors: [{ code, description }] } as const;
  send(exchange, status, JSON.stringify(reply), headersFor(status));
}
