import type { IncomingHttpHeaders } from "node:http";
import { answer, askerOf } from "../../src/http/decision/answer.ts";
import type { Credentials } from "../../src/http/decision/credentials.ts";
import { parseCredentials } from "../../src/http/decision/credentials.ts";
import { identify } from "../../src/http/decision/identity.ts";
import { authenticateClient } from "../../src/http/decision/index-client.ts";
import type { Handler } from "../../src/http/exchange.ts";
import { send } from "../../src/http/exchange.ts";
import { packageNameOf, permissionOf } from "../../src/http/names.ts";
import { organizationFor } from "../../src/http/organization.ts";
import type { HttpService } from "../../src/http/service.ts";

/**
 * `GET /authorize?package=…&action=…` with the end user's credentials in Authorization: what a proxy's sub-request
 * will be. The parts are those of `POST /authorize`; only where the question is read from differs.
 */
export function bodiless(service: HttpService): Handler {
  return (exchange) => {
    const started = service.stopwatch();
    const { headers, url = "" } = exchange.request;
    const client = authenticateClient(service.clients, headers);
    const parameters = new URLSearchParams(url.slice(url.indexOf("?")));
    const name = packageNameOf(parameters.get("package") ?? "");
    const permission = permissionOf(parameters.get("action") ?? "");
    const credentials = credentialsIn(headers);
    const identity = identify(credentials, service.verifyToken, client.name);
    if (identity instanceof Promise) throw new Error("a token that is not known yet");
    const view = organizationFor(service, client, undefined)?.view();
    if (view === undefined) throw new Error("the organization is not served");
    const question = { name, permission, ecosystem: "pypi", claimant: credentials, org: undefined } as const;
    const reply = answer(
      view,
      { ...question, minAsOf: undefined, explain: false },
      askerOf(view, identity),
      client.name,
    );
    service.metrics.decided(reply.decision, reply.reason, (service.stopwatch() - started) / 1000);
    send(exchange, reply.decision === "allow" ? 200 : 403, JSON.stringify(reply));
  };
}

function credentialsIn({ authorization = "" }: IncomingHttpHeaders): Credentials {
  const text = Buffer.from(authorization.slice("Basic ".length), "base64").toString();
  const colon = text.indexOf(":");
  return parseCredentials(text.slice(0, colon), text.slice(colon + 1));
}
