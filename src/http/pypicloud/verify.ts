import { ServiceError } from "../../errors.ts";
import { resolveUser } from "../../state/directory.ts";
import type { Identity } from "../decision/identity.ts";
import { identify } from "../decision/identity.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService } from "../service.ts";
import { trustedView } from "../trusted-view.ts";
import type { Asked } from "./asked.ts";
import { asked, sent } from "./asked.ts";
import type { Shown, Visitors } from "./visitors.ts";

/**
 * `GET /pypicloud/verify?username=&password=`: does this token belong to this login, and is that somebody of ours?
 * pypicloud's user *is* the name it asked with, so `__token__` and the like are nobody here: there would be no telling
 * later whose name that was. The query holds a secret; nothing of it may be logged or echoed.
 */
export function verify(service: HttpService, visitors: Visitors): Handler {
  return (exchange) => {
    const question = asked(service, exchange);
    const login = sent(question.query, "username");
    const token = sent(question.query, "password");
    const credentials = login === "" || token === "" ? NOBODY : ({ kind: "token", token, login } as const);
    const { client, organization } = question;
    const again = () => identify(credentials, service.verifyToken, client.name, organization?.id);
    const finish = (settled: Identity): void => {
      const person = whoseToken(question, login, settled);
      if (person !== undefined && !visitors.came(client.name, token, { owner: person, again })) {
        throw new ServiceError("unavailable", "Too many people sign in at once; try again shortly.");
      }
      service.log.debug(
        { requestId: exchange.id, client: client.name, user: person?.identity.id, verified: person !== undefined },
        "verified",
      );
      send(exchange, 200, String(person !== undefined));
    };
    const identity = again();
    return identity instanceof Promise ? identity.then(finish) : finish(identity);
  };
}

const NOBODY = { kind: "none" } as const;

function whoseToken({ organization }: Asked, login: string, identity: Identity): Shown["owner"] | undefined {
  // Who was known a while ago may still read, but pypicloud would let them do everything: it cannot be told half.
  if (identity.status === "unverifiable") {
    throw new ServiceError("unavailable", "GitHub could not be asked whose token this is; try again shortly.");
  }
  if (identity.status !== "user") return undefined;
  // Every later call names the login alone, so it must lead to the same person.
  const resolution = resolveUser(trustedView(organization), login);
  return resolution.status === "known" && resolution.person.id === identity.identity.id ? identity : undefined;
}
