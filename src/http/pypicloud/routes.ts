import type { View } from "../../domain/decide.ts";
import type { Circumstances } from "../../domain/judge.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService } from "../service.ts";
import { trustedView } from "../trusted-view.ts";
import { asked } from "./asked.ts";
import { admin, groupMembers, groups, userData } from "./people.ts";
import { groupPackagePermissions, groupPermissions, userPackagePermissions, userPermissions } from "./permissions.ts";
import { verify } from "./verify.ts";

export type Query = ReadonlyMap<string, string>;

type List<T> = (view: View, query: Query, where: Circumstances) => T;

const json =
  (list: List<unknown>): List<string> =>
  (view, query, where) =>
    JSON.stringify(list(view, query, where));

const LISTS: Readonly<Record<string, List<string>>> = {
  groups: json(groups),
  group_members: json(groupMembers),
  admin: json(admin),
  group_permissions: groupPermissions,
  user_permissions: userPermissions,
  user_package_permissions: json(userPackagePermissions),
  group_package_permissions: json(groupPackagePermissions),
  user_data: json(userData),
};

/**
 * pypicloud's remote access protocol (its access/remote.py, version 1.3.12), for `auth.backend_server = URL/pypicloud`.
 * Whatever is not 2xx makes pypicloud answer 500, which its clients try again and which opens nothing: so that is
 * what is not known, and what is merely not there is an empty answer.
 */
export function pypicloudRoutes(service: HttpService): readonly (readonly [route: string, handler: Handler])[] {
  const lists = Object.entries(LISTS).map(([name, list]): readonly [string, Handler] => [
    `GET /pypicloud/${name}`,
    (exchange) => {
      const { client, organization, query } = asked(service, exchange);
      send(exchange, 200, list(trustedView(organization), query, { index: client.name }));
    },
  ]);
  return [["GET /pypicloud/verify", verify(service)], ...lists];
}
