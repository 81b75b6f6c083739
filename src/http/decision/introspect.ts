import { ServiceError } from "../../errors.ts";
import { MAX_BODY_BYTES, readBody, textOf } from "../body.ts";
import type { Exchange, Handler } from "../exchange.ts";
import { attempt, send } from "../exchange.ts";
import { parameter, parseForm } from "../form.ts";
import { isMediaType } from "../media-type.ts";
import { packageNameOf } from "../names.ts";
import { organizationFor } from "../organization.ts";
import type { HttpService, IndexClient } from "../service.ts";
import { trustedView } from "../trusted-view.ts";
import { authenticateClient } from "./index-client.ts";
import { introspection, sightsFor } from "./introspection.ts";

/** `POST /introspect` (RFC 7662): whose token is this, and what may it do? */
export function introspect(service: HttpService): Handler {
  return (exchange) => {
    const { headers } = exchange.request;
    const client = authenticateClient(service.clients, headers);
    if (!isMediaType(headers["content-type"], "application/x-www-form-urlencoded")) {
      throw new ServiceError("unsupported_media_type", "Send a form: application/x-www-form-urlencoded.");
    }
    readBody(exchange, MAX_BODY_BYTES, (body) => {
      attempt(exchange, service.log, () => respond(service, exchange, client, parseForm(textOf(body))));
    });
  };
}

async function respond(
  service: HttpService,
  exchange: Exchange,
  client: IndexClient,
  form: ReadonlyMap<string, string>,
): Promise<void> {
  const token = parameter(form, "token");
  const text = form.get("package");
  const name = text === undefined ? undefined : packageNameOf(text);
  const organization = organizationFor(service, client, form.get("org"));
  const check = await service.verifyToken(token, client.name, organization?.id);
  // "Inactive" would be a lie where nobody could be asked.
  if (check.status === "unverifiable")
    throw new ServiceError("unavailable", "GitHub could not be asked about this token.");
  if (check.status === "inactive") {
    send(exchange, 200, JSON.stringify({ active: false }));
    return;
  }
  const asked = { name, index: client.name, issuer: service.info.issuer };
  const seen = await sightsFor(trustedView(organization), check, asked);
  // Nothing is awaited from here on: one reply sees one state.
  send(exchange, 200, JSON.stringify(introspection(trustedView(organization), check, { ...asked, seen })));
}
