import { ServiceError } from "../../errors.ts";
import { MAX_BODY_BYTES, readBody, textOf } from "../body.ts";
import type { Exchange, Handler } from "../exchange.ts";
import { attempt, send } from "../exchange.ts";
import { parameter, parseForm } from "../form.ts";
import { isMediaType } from "../media-type.ts";
import { packageNameOf } from "../names.ts";
import { organizationFor } from "../organization.ts";
import type { HttpService, IndexClient, TokenCheck } from "../service.ts";
import { trustedView } from "../trusted-view.ts";
import { authenticateClient } from "./index-client.ts";
import { INACTIVE, introspection, wantedFor } from "./introspection.ts";
import type { Sights } from "./proof.ts";
import { prove } from "./proof.ts";

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
  const asked = { name, index: client.name, issuer: service.info.issuer };
  const verified = () => service.verifyToken(token, client.name, organization?.id);
  // Nothing is awaited from here on: one reply sees one state.
  const conclude = (check: TokenCheck, seen: Sights): void => {
    // "Inactive" would be a lie where nobody could be asked.
    if (check.status === "unverifiable")
      throw new ServiceError("unavailable", "GitHub could not be asked about this token.");
    const reply =
      check.status === "inactive" ? INACTIVE : introspection(trustedView(organization), check, { ...asked, seen });
    send(exchange, 200, JSON.stringify(reply));
  };
  const check = await verified();
  const wanted = check.status === "active" ? wantedFor(trustedView(organization), check, asked) : undefined;
  await prove(check, verified, wanted, conclude);
}
