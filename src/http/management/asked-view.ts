import type { View } from "../../domain/decide.ts";
import { authenticateClient } from "../decision/index-client.ts";
import type { Exchange } from "../exchange.ts";
import { parseQuery } from "../form.ts";
import { organizationFor } from "../organization.ts";
import type { HttpService } from "../service.ts";
import { completeView } from "../trusted-view.ts";

export interface Asked {
  readonly view: View;
  readonly query: ReadonlyMap<string, string>;
  /** The name of the index client that asks. */
  readonly index: string;
}

/** What every listing begins with: who asks, about which organization, and is it known? */
export function askedView(service: HttpService, { request }: Exchange): Asked {
  const client = authenticateClient(service.clients, request.headers);
  const query = parseQuery(request);
  const view = completeView(organizationFor(service, client, query.get("org")));
  return { view, query, index: client.name };
}
