import type { View } from "../../domain/decide.ts";
import type { Circumstances } from "../../domain/judge.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService } from "../service.ts";
import { trustedView } from "../trusted-view.ts";
import { asked } from "./asked.ts";
import { groupMembers, userData } from "./people.ts";
import { groupPackagePermissions, groupPermissions } from "./permissions.ts";
import type { Conditional } from "./proven.ts";
import { groups, provenAdmin, provenPackagePermissions, provenUserPermissions } from "./proven.ts";
import { verify } from "./verify.ts";
import type { Visitors } from "./visitors.ts";
import { createVisitors } from "./visitors.ts";

export type Query = ReadonlyMap<string, string>;

export type Where = Circumstances & { readonly index: string };
type List<T> = (view: View, query: Query, where: Where) => T;

const json =
  (list: List<unknown>): List<string> =>
  (view, query, where) =>
    JSON.stringify(list(view, query, where));

const LISTS: Readonly<Record<string, List<string | Buffer>>> = {
  group_members: json(groupMembers),
  group_permissions: groupPermissions,
  group_package_permissions: json(groupPackagePermissions),
  user_data: json(userData),
};

type ConditionalList = (...of: [...Parameters<List<unknown>>, visitors: Visitors]) => Conditional;

const CONDITIONAL: Readonly<Record<string, ConditionalList>> = {
  admin: provenAdmin,
  user_permissions: provenUserPermissions,
  user_package_permissions: provenPackagePermissions,
};

/**
 * pypicloud's remote access protocol (its access/remote.py, version 1.3.12), for `auth.backend_server = URL/pypicloud`.
 * Whatever is not 2xx makes pypicloud answer 500, which its clients try again and which opens nothing: so that is
 * what is not known, and what is merely not there is an empty answer.
 */
export function pypicloudRoutes(service: HttpService): readonly (readonly [route: string, handler: Handler])[] {
  const visitors = createVisitors(service.clock);
  const route = (name: string, handler: Handler) => [`GET /pypicloud/${name}`, handler] as const;
  const reply =
    (list: List<string | Buffer>): Handler =>
    (exchange) => {
      const { client, organization, query } = asked(service, exchange);
      send(exchange, 200, list(trustedView(organization), query, { index: client.name }));
    };
  const replyToProven =
    (list: ConditionalList): Handler =>
    (exchange) => {
      const { client, organization, query } = asked(service, exchange);
      const settle = (): void | Promise<void> => {
        const view = trustedView(organization);
        const { needs, given } = list(view, query, { index: client.name }, visitors);
        const proofs = visitors.prove(view, client.name, needs);
        if (!(proofs instanceof Promise)) return send(exchange, 200, given(proofs));
        // What was looked at may be about another repository by now.
        return proofs.then((seen) =>
          trustedView(organization).revision === view.revision ? send(exchange, 200, given(seen)) : settle(),
        );
      };
      return settle();
    };
  return [
    route("verify", verify(service, visitors)),
    route(
      "groups",
      reply((view, query, where) => groups(view, query, where, visitors)),
    ),
    ...Object.entries(LISTS).map(([name, list]) => route(name, reply(list))),
    ...Object.entries(CONDITIONAL).map(([name, list]) => route(name, replyToProven(list))),
  ];
}
