import { ServiceError } from "../../errors.ts";
import { resolveUser } from "../../state/directory.ts";
import type { Identity } from "../decision/identity.ts";
import { identify } from "../decision/identity.ts";
import type { Exchange, Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService } from "../service.ts";
import { trustedView } from "../trusted-view.ts";
import type { Asked } from "./asked.ts";
import { asked, sent } from "./asked.ts";

/**
 * `GET /pypicloud/verify?username=&password=`: does this token belong to this login, and is that somebody of ours?
 * pypicloud's user *is* the name it asked with, so `__token__` and the like are nobody here: there would be no telling
 * later whose name that was. The query holds a secret; nothing of it may be logged or echoed.
 */
export function verify(service: HttpService): Handler {
  return (exchange) => {
    const question = asked(service, exchange);
    const login = sent(question.query, "username");
    const token = sent(question.query, "password");
    const credentials = login === "" || token === "" ? NOBODY : ({ kind: "token", token, login } as const);
    const identity = identify(credentials, service.verifyToken, question.client.name);
    const finish = (settled: Identity): void => respond(service, exchange, question, login, settled);
    return identity instanceof Promise ? identity.then(finish) : finish(identity);
  };
}

const NOBODY = { kind: "none" } as const;

function respond(
  { log }: HttpService,
  exchange: Exchange,
  { client, organization }: Asked,
  login: string,
  identity: Identity,
): void {
  // Who was known a while ago may still read, but pypicloud would let them do everything: it cannot be told half.
  if (identity.status === "unverifiable") {
    throw new ServiceError("unavailable", "GitHub could not be asked whose token this is; try again shortly.");
  }
  const user = identity.status === "user" ? identity.identity.id : undefined;
  const verified = user !== undefined && isOurs(organization, login, user);
  log.debug({ requestId: exchange.id, client: client.name, user, verified }, "verified");
  send(exchange, 200, String(verified));
}

/** Every later call names the login alone, so it must lead to the same person. */
function isOurs(organization: Asked["organization"], login: string, user: number): boolean {
  const resolution = resolveUser(trustedView(organization), login);
  return resolution.status === "known" && resolution.person.id === user;
}
