import { MAX_BODY_BYTES, readBody, textOf } from "../body.ts";
import type { BurnReply } from "../contract/publishing.ts";
import { authenticateClient } from "../decision/index-client.ts";
import type { Exchange, Handler } from "../exchange.ts";
import { attempt, send } from "../exchange.ts";
import { ServiceError } from "../../errors.ts";
import { parameter, parseForm } from "../form.ts";
import { isMediaType } from "../media-type.ts";
import type { HttpService } from "../service.ts";
import { tokenIn } from "./token-body.ts";

/**
 * `POST /_/oidc/burn-token`: a client has no more use for its token. 202 whatever it was and became of it, as upload tools
 * expect; that it could not be ended is told in the body.
 */
export function burnToken(service: HttpService): Handler {
  return (exchange) => {
    readBody(exchange, MAX_BODY_BYTES, (body) => {
      attempt(exchange, service.log, async () => {
        const token = tokenIn(body);
        const ended = token === undefined ? "kept" : await service.publishing.revoke(token);
        const reply: BurnReply = { status: "accepted", ...(ended !== "kept" && { problem: NOT_ENDED[ended] }) };
        send(exchange, 202, JSON.stringify(reply));
      });
    });
  };
}

/** `POST /revoke` (RFC 7009). */
export function revoke(service: HttpService): Handler {
  return (exchange) => {
    const { headers } = exchange.request;
    authenticateClient(service.clients, headers);
    if (!isMediaType(headers["content-type"], "application/x-www-form-urlencoded")) {
      throw new ServiceError("unsupported_media_type", "Send a form: application/x-www-form-urlencoded.");
    }
    readBody(exchange, MAX_BODY_BYTES, (body) => {
      attempt(exchange, service.log, () => end(service, exchange, parameter(parseForm(textOf(body)), "token")));
    });
  };
}

/** What GitHub made, only GitHub can end. */
const OF_GITHUB = /^(?:gh[a-z]_|github_pat_|eyJ)/;

async function end({ publishing }: HttpService, exchange: Exchange, token: string): Promise<void> {
  if (OF_GITHUB.test(token)) throw new ServiceError("unsupported_token_type");
  const ended = await publishing.revoke(token);
  if (ended !== "kept") throw new ServiceError("unavailable", NOT_ENDED[ended]);
  // RFC 7009, section 2.2: also what is not ours, or has ended, ends well.
  send(exchange, 200, "{}");
}

const NOT_ENDED = {
  full: "The token could not be revoked, because too many are; try again in some minutes.",
  unkept:
    "The token could not be revoked for good: it is refused now, and a restart would revive it; see /readyz, and try again.",
} as const;
