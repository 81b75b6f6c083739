import type { View } from "../../domain/decide.ts";
import { ServiceError } from "../../errors.ts";
import type { Person } from "../../state/directory.ts";
import { resolveUser } from "../../state/directory.ts";
import { authenticateClient } from "../decision/index-client.ts";
import type { Exchange } from "../exchange.ts";
import { parseQuery } from "../form.ts";
import { organizationFor } from "../organization.ts";
import type { HttpService, IndexClient, ServedOrganization } from "../service.ts";

/** What every call of pypicloud's begins with. */
export interface Asked {
  readonly client: IndexClient;
  readonly query: ReadonlyMap<string, string>;
  /** `undefined` while it is not being served. */
  readonly organization: ServedOrganization | undefined;
}

export function asked(service: HttpService, { request }: Exchange): Asked {
  const client = authenticateClient(service.clients, request.headers);
  const query = parseQuery(request);
  return { client, query, organization: organizationFor(service, client, query.get("org")) };
}

/** A parameter that pypicloud always sends, though it may be empty. */
export function sent(query: ReadonlyMap<string, string>, name: string): string {
  const value = query.get(name);
  if (value === undefined) throw new ServiceError("invalid_request", `${name}: missing`);
  return value;
}

/** Whom pypicloud means by a user name. @returns `undefined` for nobody we know */
export function personNamed(view: View, username: string): Person | undefined {
  const resolution = resolveUser(view, username);
  if (resolution.status === "ambiguous") {
    throw new ServiceError("unavailable", "More than one person may be meant by this user name; try again shortly.");
  }
  return resolution.status === "known" ? resolution.person : undefined;
}
