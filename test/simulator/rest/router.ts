import { appRoutes } from "./app-routes.ts";
import { contentRoutes } from "./content-routes.ts";
import { deviceRoutes } from "./device-routes.ts";
import { hookRoutes } from "./hook-routes.ts";
import { organizationRoutes } from "./organization-routes.ts";
import { repositoryRoutes } from "./repository-routes.ts";
import type { Route } from "./route.ts";
import { roleRoutes } from "./role-routes.ts";
import { teamRoutes } from "./team-routes.ts";
import { userRoutes } from "./user-routes.ts";

/** Path → route. Organizations, teams and repositories answer under their names and under their ids. */

export const routes: readonly Route[] = [
  ...appRoutes,
  ...deviceRoutes,
  ...hookRoutes,
  ...userRoutes,
  ...organizationRoutes,
  ...roleRoutes,
  ...teamRoutes,
  ...repositoryRoutes,
  ...contentRoutes,
];

const table = routes.flatMap((route) => {
  const byId = route.path
    .replace("/orgs/{org}", "/organizations/{org_id}")
    .replace("/teams/{team_slug}", "/team/{team_id}")
    .replace("/repos/{owner}/{repo}", "/repositories/{repository_id}");
  return [...new Set([route.path, byId])].map((path) => ({ route, pattern: expression(path) }));
});

export function findRoute(method: string, path: string): { route: Route; params: Record<string, string> } | undefined {
  for (const { route, pattern } of table) {
    if (route.method !== method) continue;
    const groups = pattern.exec(path)?.groups;
    if (groups === undefined) continue;
    const params = Object.fromEntries(Object.entries(groups).map(([name, value]) => [name, decodeURIComponent(value)]));
    return { route, params };
  }
  return undefined;
}

function expression(path: string): RegExp {
  const source = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => `(?<${name}>${name === "path" ? ".*" : "[^/]+"})`);
  // a pattern without parameters must still have groups, or a match could not be told from none
  return new RegExp(`^${source}$(?<_>)`);
}
