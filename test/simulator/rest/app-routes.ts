import type { AppPermissions, Organization, Repository } from "../model.ts";
import { isoTime } from "../resources/account.ts";
import { installationResource, integration } from "../resources/installation.ts";
import { repository as repositoryResource } from "../resources/repository.ts";
import { ApiError, type Call, integer, jsonBody, notFound, type Reply, type Route } from "./route.ts";
import { paged, pagedAs } from "./pages.ts";
import { isInstalledOn, organizationOfPath } from "./reach.ts";

/** The App about itself: its installations and their tokens. */

const app = "app" as const;

export const appRoutes: Route[] = [
  {
    method: "GET",
    path: "/app",
    audience: app,
    answer: (call) => {
      const installed = installedOn(call);
      const owner = installed[0] ?? [...call.world.organizations.values()][0];
      if (owner === undefined) throw notFound();
      return { status: 200, body: integration(call.app, owner, installed.length) };
    },
  },
  {
    method: "GET",
    path: "/app/installations",
    audience: app,
    answer: (call) => paged(call, installedOn(call), (each) => shown(call, each).body, "/app/installations"),
  },
  {
    method: "GET",
    path: "/app/installations/{installation_id}",
    audience: app,
    answer: (call) => shown(call, byInstallation(call)),
  },
  {
    method: "GET",
    path: "/orgs/{org}/installation",
    audience: app,
    answer: (call) => shown(call, organizationOfPath(call)),
  },
  {
    method: "GET",
    path: "/repos/{owner}/{repo}/installation",
    audience: app,
    answer: (call) => {
      const home = installedOn(call).find((each) => each.login.toLowerCase() === call.params["owner"]?.toLowerCase());
      if (home === undefined || !home.repositoryNames.has(call.params["repo"]?.toLowerCase() ?? "")) throw notFound();
      return shown(call, home);
    },
  },
  { method: "POST", path: "/app/installations/{installation_id}/access_tokens", audience: app, answer: mintToken },
  {
    method: "GET",
    path: "/installation/repositories",
    audience: "token",
    answer: (call) => {
      const { caller } = call;
      if (caller.kind !== "installation")
        throw new ApiError(403, "You must authenticate with an installation access token.");
      const { organization } = caller;
      const repositories = [...organization.repositories.values()].filter((each) => isInstalledOn(call, each));
      return pagedAs(
        call,
        "repositories",
        repositories,
        (each) => repositoryResource(organization, each),
        "/installation/repositories",
      );
    },
  },
];

function installedOn(call: Call): Organization[] {
  return [...call.world.organizations.values()].filter((organization) => organization.installation !== null);
}

function byInstallation(call: Call): Organization {
  const id = integer(call, "installation_id");
  const organization = installedOn(call).find((each) => each.installation?.id === id);
  if (organization === undefined) throw notFound();
  return organization;
}

function shown(call: Call, organization: Organization): Reply {
  const { installation } = organization;
  if (installation === null) throw notFound();
  return { status: 200, body: installationResource(call.app, organization, installation) };
}

function mintToken(call: Call): Reply {
  const organization = byInstallation(call);
  const { installation } = organization;
  if (installation === null) throw notFound();
  if (installation.suspendedAt !== null) throw new ApiError(403, "This installation has been suspended");
  const asked = jsonBody(call);
  const permissions = narrowed(installation.permissions, asked["permissions"]);
  const repositories = selected(organization, asked["repository_ids"] ?? asked["repositories"]);
  const { token, expiresAt } = call.tokens.issueToInstallation({
    organizationId: organization.id,
    installationId: installation.id,
    permissions,
    repositoryIds: repositories === undefined ? null : new Set(repositories.map((each) => each.id)),
  });
  const selection = {
    repository_selection: repositories === undefined ? installation.repositorySelection : "selected",
    ...(repositories && { repositories: repositories.map((each) => repositoryResource(organization, each)) }),
  };
  return { status: 201, body: { token, expires_at: isoTime(expiresAt), permissions, ...selection } };
}

/** A token may do less than its installation, never more. */
function narrowed(granted: AppPermissions, asked: unknown): AppPermissions {
  if (typeof asked !== "object" || asked === null) return granted;
  return Object.fromEntries(
    Object.entries(asked).map(([name, level]) => {
      if (granted[name] === undefined || (level !== "read" && level !== granted[name]))
        throw new ApiError(422, "The permissions requested are not granted to this installation.");
      return [name, level === "read" ? "read" : "write"];
    }),
  );
}

/** Repositories by id or by name. */
function selected(organization: Organization, asked: unknown): Repository[] | undefined {
  if (!Array.isArray(asked)) return undefined;
  return asked.map((wanted: unknown) => {
    const id = typeof wanted === "number" ? wanted : organization.repositoryNames.get(String(wanted).toLowerCase());
    const repository = organization.repositories.get(id ?? 0);
    if (repository === undefined)
      throw new ApiError(
        422,
        "There is at least one repository that does not exist or is not accessible to the parent installation.",
      );
    return repository;
  });
}
