import type { RateLimit } from "../rate-limits.ts";
import { isoTime, type Json, publicUser, simpleUser } from "../resources/account.ts";
import { budgetOf } from "./budget.ts";
import { ApiError, type Call, inaccessible, jsonBody, notFound, type Reply, type Route } from "./route.ts";

/** Callers about themselves, and what GitHub tells everybody. */
export const userRoutes: Route[] = [
  { method: "GET", path: "/user", audience: "user", answer: currentUser },
  { method: "POST", path: "/applications/{client_id}/token", audience: "client", answer: checkToken },
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
  if (token?.kind !== "app-user") throw notFound();
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
