import type { RateLimit } from "../rate-limits.ts";
import { isoTime, type Json, publicUser, simpleUser } from "../resources/account.ts";
import type { Organization } from "../model.ts";
import { installationResource } from "../resources/installation.ts";
import { isOutsideCollaborator } from "../world.ts";
import { budgetOf } from "./budget.ts";
import { pagedAs } from "./pages.ts";
import { userLevel } from "./reach.ts";
import { ApiError, type Call, inaccessible, jsonBody, notFound, type Reply, type Route } from "./route.ts";

/** Callers about themselves, and what GitHub tells everybody. */
export const userRoutes: Route[] = [
  { method: "GET", path: "/user", audience: "user", answer: currentUser },
  { method: "GET", path: "/user/installations", audience: "user", answer: installationsForUser },
  { method: "POST", path: "/applications/{client_id}/token", audience: "client", answer: checkToken },
  { method: "DELETE", path: "/applications/{client_id}/token", audience: "client", answer: endToken },
  {
    method: "GET",
    path: "/rate_limit",
    audience: "anyone",
    answer: (call) => {
      const core = withoutName(budgetOf(call.caller, call.rateLimits, "core"));
      const graphql = withoutName(budgetOf(call.caller, call.rateLimits, "graphql"));
      const search = { ...core, limit: 30, used: 0, remaining: 30 };
      return { status: 200, body: { resources: { core, search, graphql }, rate: core } };
    },
  },
  {
    method: "GET",
    path: "/meta",
    audience: "anyone",
    answer: () => ({ status: 200, body: { verifiable_password_authentication: false, hooks: ["192.30.252.0/22"] } }),
  },
];

function withoutName({ limit, used, remaining, reset }: RateLimit): Json {
  return { limit, used, remaining, reset };
}

function currentUser(call: Call): Reply {
  const { caller } = call;
  if (caller.kind === "installation") throw inaccessible();
  if (caller.kind !== "user") throw new ApiError(401, "Requires authentication");
  const { token, user } = caller;
  const scoped = token.kind === "classic" || token.kind === "oauth";
  const headers = {
    ...(scoped && { "x-oauth-scopes": token.scopes.join(", "), "x-accepted-oauth-scopes": "" }),
    ...(token.expiresAt !== null && {
      "github-authentication-token-expiration": isoTime(token.expiresAt).replace("T", " ").replace("Z", " UTC"),
    }),
  };
  return { status: 200, body: publicUser(user), headers };
}

/** Whether a token issued to this App (a user's, through it) is good; for any other token 404. */
function checkToken(call: Call): Reply {
  if (call.params["client_id"] !== call.app.clientId) throw notFound();
  const { access_token: value } = jsonBody(call);
  if (typeof value !== "string") throw new ApiError(422, "Validation Failed");
  const token = call.tokens.find(value);
  if (token?.kind !== "app-user" || token.foreign) throw notFound();
  const user = call.world.users.get(token.userId);
  if (user === undefined || user.suspended) throw notFound();
  return {
    status: 200,
    body: {
      id: token.userId * 10,
      url: `https://api.github.com/authorizations/${token.userId * 10}`,
      scopes: [],
      token: value,
      token_last_eight: value.slice(-8),
      hashed_token: null,
      app: { client_id: call.app.clientId, name: call.app.name, url: "https://packgate.example" },
      note: null,
      note_url: null,
      created_at: isoTime(token.createdAt),
      updated_at: isoTime(token.createdAt),
      fingerprint: null,
      expires_at: token.expiresAt === null ? null : isoTime(token.expiresAt),
      user: simpleUser(user),
    },
  };
}

/** Ends one token; the person's consent to the App stays, so no webhook tells of it. */
function endToken(call: Call): Reply {
  if (call.params["client_id"] !== call.app.clientId) throw notFound();
  const { access_token: value } = jsonBody(call);
  if (typeof value !== "string") throw new ApiError(422, "Validation Failed");
  const token = call.tokens.find(value);
  if (token?.kind !== "app-user" || token.foreign) throw notFound();
  call.tokens.revoke(value);
  return { status: 204 };
}

/** Where the caller's App is installed, as far as the caller has an explicit permission there. */
function installationsForUser(call: Call): Reply {
  const { caller } = call;
  if (caller.kind !== "user" || caller.token.kind !== "app-user")
    throw new ApiError(403, "You must authenticate with an access token authorized to a GitHub App.");
  const { token, user } = caller;
  const shows = (organization: Organization): boolean => {
    if (organization.installation === null || token.foreign || token.withoutSso.has(organization.id)) return false;
    // that everybody sees what is public is no permission
    if (!organization.members.has(user.id) && !isOutsideCollaborator(organization, user.id)) return false;
    return [...organization.repositories.values()].some((each) => userLevel(call, each, user) !== undefined);
  };
  const shown = [...call.world.organizations.values()].filter(shows);
  const show = (organization: Organization): Json =>
    organization.installation === null ? {} : installationResource(call.app, organization, organization.installation);
  return pagedAs(call, "installations", shown, show, "/user/installations");
}
