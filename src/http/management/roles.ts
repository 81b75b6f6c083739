import { catalogInForce } from "../../domain/roles-in-force.ts";
import type { RolesReply } from "../contract/policy-replies.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService } from "../service.ts";
import { askedView } from "./asked-view.ts";

/** `GET /roles`: which role may do what, and what says so. */
export function roles(service: HttpService): Handler {
  return (exchange) => {
    const { view } = askedView(service, exchange);
    const custom = view.facts.customRoles?.value ?? new Map();
    const reply: RolesReply = { org: view.organization.login, roles: catalogInForce(view.policy, custom) };
    send(exchange, 200, JSON.stringify(reply));
  };
}
