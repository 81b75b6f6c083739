import { repositoryOf } from "../../domain/phrases.ts";
import * as search from "../../domain/search.ts";
import { ServiceError } from "../../errors.ts";
import { resolveUser } from "../../state/directory.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import { parameter } from "../form.ts";
import { packageNameOf, permissionOf } from "../names.ts";
import type { WhatCanReply, WhoCanReply } from "../contract/replies.ts";
import type { HttpService } from "../service.ts";
import { askedView } from "./asked-view.ts";

/** `GET /who-can?package=&action=`: everybody who may do something to a package. */
export function whoCan(service: HttpService): Handler {
  return (exchange) => {
    const { view, query, index } = askedView(service, exchange);
    const name = packageNameOf(parameter(query, "package"));
    const action = permissionOf(parameter(query, "action"));
    const { found, unknown } = search.whoCan(view, action, name, { index });
    const reply: WhoCanReply = {
      org: view.organization.login,
      package: name,
      action,
      users: found.map(({ id, login, why, member }) => ({
        id,
        login,
        role: why.grant?.role.name ?? null,
        reason: why.reason,
        member,
      })),
      unknown,
    };
    send(exchange, 200, JSON.stringify(reply));
  };
}

/** `GET /what-can?user=`: everything one person may do. */
export function whatCan(service: HttpService): Handler {
  return (exchange) => {
    const { view, query, index } = askedView(service, exchange);
    const resolution = resolveUser(view, parameter(query, "user"));
    if (resolution.status === "ambiguous") {
      throw new ServiceError("unavailable", "More than one person may be meant by this user; ask with a numeric id.");
    }
    if (resolution.status === "unknown") {
      throw new ServiceError("not_found", "Nobody of this login or id is a member or a collaborator here.");
    }
    const { found, unknown } = search.whatCan(view, resolution.person.id, Infinity, { index });
    const reply: WhatCanReply = {
      org: view.organization.login,
      user: resolution.person,
      packages: found.map(({ name, permissions, why }) => ({
        name,
        repository: repositoryOf(view, why) ?? null,
        permissions,
        role: why.grant?.role.name ?? null,
        reason: why.reason,
      })),
      unknown,
    };
    send(exchange, 200, JSON.stringify(reply));
  };
}
