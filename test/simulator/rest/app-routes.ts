import type { Organization } from "../model.ts";
import { isoTime } from "../resources/account.ts";
import { installationResource, integration } from "../resources/installation.ts";
import { repository as repositoryResource } from "../resources/repository.ts";
import { ApiError, type Call, integer, notFound, type Reply, type Route } from "./route.ts";
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

type TokenRequest = {
  repositories?: string[];
  repository_ids?: number[];
  permissions?: Record<string, "read" | "write">;
};

function mintToken(call: Call): Reply {
  const organization = byInstallation(call);
  const { installation } = organization;
  if (installation === null) throw notFound();
  if (installation.suspendedAt !== null) throw new ApiError(403, "This installation has been suspended");
  const asked = (call.body === "" ? {} : JSON.parse(call.body)) as TokenRequest;
  const permissions = asked.permissions ?? installation.permissions;
  for (const [name, level] of Object.entries(permissions)) {
    const granted = installation.permissions[name];
    if (granted === undefined || (granted === "read" && level === "write"))
      throw new ApiError(422, "The permissions requested are not granted to this installation.");
  }
  const named = asked.repositories?.map((name) => organization.repositoryNames.get(name.toLowerCase()));
  const ids = asked.repository_ids ?? named;
  const repositories = ids?.map((id) => organization.repositories.get(id ?? 0));
  if (repositories?.includes(undefined))
    throw new ApiError(
      422,
      "There is at least one repository that does not exist or is not accessible to the parent installation.",
    );
  const listed = repositories?.filter((each) => each !== undefined);
  const { token, expiresAt } = call.tokens.issueToInstallation({
    organizationId: organization.id,
    installationId: installation.id,
    permissions,
    repositoryIds: listed === undefined ? null : new Set(listed.map((each) => each.id)),
  });
  const selection = {
    repository_selection: listed === undefined ? installation.repositorySelection : "selected",
    ...(listed && { repositories: listed.map((each) => repositoryResource(organization, each)) }),
  };
  return { status: 201, body: { token, expires_at: isoTime(expiresAt), permissions, ...selection } };
}
