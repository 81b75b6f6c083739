import type { View } from "../../domain/decide.ts";
import type { Handler } from "../exchange.ts";
import { send } from "../exchange.ts";
import type { HttpService } from "../service.ts";
import { trustedView } from "../trusted-view.ts";
import { asked } from "./asked.ts";
import { admin, groupMembers, groups, userData } from "./people.ts";
import { groupPackagePermissions, groupPermissions, userPackagePermissions, userPermissions } from "./permissions.ts";
import { verify } from "./verify.ts";

export type Query = ReadonlyMap<string, string>;

const LISTS: Readonly<Record<string, (view: View, query: Query) => unknown>> = {
  groups,
  group_members: groupMembers,
  admin,
  group_permissions: groupPermissions,
  user_permissions: userPermissions,
  user_package_permissions: userPackagePermissions,
  group_package_permissions: groupPackagePermissions,
  user_data: userData,
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
      const { organization, query } = asked(service, exchange);
      send(exchange, 200, JSON.stringify(list(trustedView(organization), query)));
    },
  ]);
  return [["GET /pypicloud/verify", verify(service)], ...lists];
}
