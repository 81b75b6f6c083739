import type { View } from "../../domain/decide.ts";
import { decide } from "../../domain/decide.ts";
import type { Circumstances } from "../../domain/judge.ts";
import type { PackageName } from "../../domain/package-name.ts";
import type { Permission } from "../../domain/roles.ts";
import { PERMISSIONS } from "../../domain/roles.ts";
import { whatCan } from "../../domain/search.ts";
import { ServiceError } from "../../errors.ts";
import { personOf } from "../../state/directory.ts";
import { MAX_BODY_BYTES, readBody, textOf } from "../body.ts";
import type { Exchange, Handler } from "../exchange.ts";
import { attempt, send } from "../exchange.ts";
import { parameter, parseForm } from "../form.ts";
import { isMediaType } from "../media-type.ts";
import { packageNameOf } from "../names.ts";
import { organizationFor } from "../organization.ts";
import type { HttpService, IndexClient, TokenIdentity } from "../service.ts";
import { trustedView } from "../trusted-view.ts";
import { authenticateClient } from "./index-client.ts";

/** Beyond so many packages the list is left out; ask about one package then. */
const MAX_PACKAGES = 200;

/** RFC 7662, section 2.2: a dead token gets this and nothing else, whatever it died of. */
export const INACTIVE = JSON.stringify({ active: false });

type PermissionList = readonly (readonly [PackageName, readonly Permission[]])[];

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
  const check = await service.verifyToken(token, client.name);
  // "Inactive" would be a lie where nobody could be asked.
  if (check.status === "unverifiable")
    throw new ServiceError("unavailable", "GitHub could not be asked about this token.");
  if (check.status === "inactive") {
    send(exchange, 200, INACTIVE);
    return;
  }
  const view = trustedView(organization);
  send(exchange, 200, describe(view, check.identity, name, service.info.issuer, { index: client.name }));
}

/** Starts from "inactive"; only the last line says otherwise. */
function describe(
  view: View,
  identity: TokenIdentity,
  name: PackageName | undefined,
  issuer: string,
  circumstances: Circumstances,
): string {
  if (personOf(view, identity.id) === undefined) return INACTIVE;
  const list =
    name === undefined ? listAll(view, identity.id, circumstances) : listOne(view, identity.id, name, circumstances);
  return JSON.stringify({
    active: true,
    sub: String(identity.id),
    username: identity.login,
    token_type: "Bearer",
    iss: issuer,
    client_id: identity.clientId ?? `github:${identity.kind}`,
    iat: Math.floor(identity.checkedAt / 1000),
    exp: Math.floor(identity.expiresAt / 1000),
    ...(list === undefined ? { permissions_truncated: true } : permissionMembers(list)),
  });
}

function permissionMembers(list: PermissionList): {
  scope: string;
  permissions: Record<string, readonly Permission[]>;
} {
  return {
    scope: list.flatMap(([name, permissions]) => permissions.map((permission) => `${permission}:${name}`)).join(" "),
    permissions: Object.fromEntries(list),
  };
}

function listOne(view: View, id: number, name: PackageName, circumstances: Circumstances): PermissionList {
  const decisions = PERMISSIONS.map((permission) =>
    decide(view, { kind: "user", id }, permission, name, circumstances),
  );
  if (decisions.some(({ outcome }) => outcome === "unknown")) {
    throw new ServiceError("unavailable", "Not everything about this package has been read from GitHub yet.");
  }
  return [[name, PERMISSIONS.filter((_, index) => decisions[index]?.outcome === "allow")]];
}

/** @returns `undefined` when the list would be too long, or would leave out what is not known yet */
function listAll(view: View, id: number, circumstances: Circumstances): PermissionList | undefined {
  const { found, unknown } = whatCan(view, id, MAX_PACKAGES + 1, circumstances);
  return unknown > 0 || found.length > MAX_PACKAGES
    ? undefined
    : found.map(({ name, permissions }) => [name, permissions]);
}
