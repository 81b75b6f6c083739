import { MAX_BODY_BYTES, readBody } from "../body.ts";
import type { MintReply } from "../contract/publishing.ts";
import type { Exchange, Handler } from "../exchange.ts";
import { attempt, send } from "../exchange.ts";
import { refuseToken } from "../publishing/refuse-token.ts";
import { tokenIn } from "../publishing/token-body.ts";
import type { HttpService, Login } from "../service.ts";
import { offered } from "./about.ts";

/**
 * `POST /_/login/mint-token`: what GitHub's device flow gave a person for our App, for a token of ours. Needs no index
 * client: GitHub says whose it is, and that it was given to this App.
 */
export function mintForPerson(service: HttpService): Handler {
  return (exchange) => {
    const login = offered(service.login);
    readBody(exchange, MAX_BODY_BYTES, (body) => {
      attempt(exchange, service.log, () => respond(service, login, exchange, tokenIn(body)));
    });
  };
}

async function respond(
  { log }: HttpService,
  login: Login,
  exchange: Exchange,
  token: string | undefined,
): Promise<void> {
  if (token === undefined) return refuseToken(log, exchange, "invalid-payload", SEND);
  const exchanged = await login.exchange(token);
  if (exchanged.status === "unverifiable") return refuseToken(log, exchange, "unavailable", UNVERIFIABLE);
  if (exchanged.status === "crowded") {
    const seconds = Math.ceil(exchanged.retryAfterMs / 1000);
    return refuseToken(log, exchange, "unavailable", crowded(seconds), seconds);
  }
  if (exchanged.status === "refused") return refuseToken(log, exchange, exchanged.code, exchanged.problem);
  log.info({ requestId: exchange.id, user: exchanged.user }, "made a token for a person who logged in");
  const reply: MintReply = {
    success: true,
    token: exchanged.token,
    expires: Math.floor(exchanged.expiresAt / 1000),
  };
  send(exchange, 200, JSON.stringify(reply));
}

const SEND = 'send {"token": "the token that GitHub\'s device flow gave"}';
const crowded = (seconds: number): string => `too many logins are tried at the moment; try again in ${seconds} s`;
const UNVERIFIABLE = "GitHub could not be asked whose token this is; try again in a minute";
