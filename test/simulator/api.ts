import { createHash } from "node:crypto";
import { answerQuery } from "./graphql/execute.ts";
import type { RequestInfo } from "./faults/requests.ts";
import type { History } from "./history.ts";
import type { World } from "./model.ts";
import { rateLimitHeaders } from "./rate-limits.ts";
import { budgetOf, callerKey } from "./rest/budget.ts";
import { callerOf } from "./rest/caller.ts";
import { MovedRepository } from "./rest/reach.ts";
import {
  type ApiRequest,
  ApiError,
  type Call,
  type Caller,
  errorReply,
  notFound,
  type Reply,
  type Route,
  type Services,
} from "./rest/route.ts";
import { findRoute } from "./rest/router.ts";

/** One request to the API from beginning to end: faults, caller, budget, answer, ETag, headers. */

export type Counts = { rest: number; graphqlQueries: number; graphqlPoints: number; byRoute: Map<string, number> };
export type ReplyCheck = (route: Route, reply: Reply) => void;
export type ApiParts = Services & {
  world: World;
  history: History;
  clock: () => number;
  counts: Counts;
  unknownRoutes: string[];
  check: ReplyCheck | undefined;
};
/** A reply, or never one. */
export type Answer = Reply | "never";

const graphql = "POST /graphql";

export function createApi(parts: ApiParts): (request: ApiRequest) => Promise<Answer> {
  const { faults, clock } = parts;
  let requests = 0;

  const count = (route: string): void => {
    parts.counts.byRoute.set(route, (parts.counts.byRoute.get(route) ?? 0) + 1);
    if (route !== graphql) parts.counts.rest += 1;
  };
  const counter = {
    query(points: number): void {
      parts.counts.graphqlQueries += 1;
      parts.counts.graphqlPoints += points;
    },
    unknown: (what: string): unknown => parts.unknownRoutes.push(what),
  };

  const answerRest = (
    found: { route: Route; params: Record<string, string> } | undefined,
    request: ApiRequest,
    caller: Caller,
  ): Reply => {
    if (found === undefined) {
      parts.unknownRoutes.push(`${request.method} ${request.path}`);
      throw notFound();
    }
    admit(found.route, caller);
    const call: Call = {
      ...parts,
      ...request,
      caller: seenBy(caller, parts.history.seen()),
      world: parts.history.seen(),
      now: clock(),
      params: found.params,
    };
    return found.route.answer(call);
  };

  return async (request) => {
    if (faults.state.down) throw new TypeError("fetch failed", { cause: new Error("connect ECONNREFUSED") });
    const isQuery = request.method === "POST" && request.path === "/graphql";
    const found = isQuery ? undefined : findRoute(request.method, request.path);
    const route = isQuery ? graphql : found ? `${found.route.method} ${found.route.path}` : `${request.method} unknown`;
    const info: RequestInfo = { method: request.method, path: request.path, route, body: request.body };
    count(route);
    await faults.pass(info, "before");
    const fault = faults.next(info);
    if (fault === "never") return "never";

    let caller: Caller = { kind: "anonymous" };
    let reply: Reply;
    try {
      caller = callerOf(request.headers.get("authorization"), parts.app, parts.tokens, parts.world, clock());
      if (fault !== undefined) reply = fault;
      else if (isQuery) {
        if (caller.kind === "anonymous") throw new ApiError(401, "This endpoint requires you to be authenticated.");
        const world = parts.history.seen();
        reply = await answerQuery(
          { ...parts, ...request, caller: seenBy(caller, world), world, now: clock(), params: {} },
          counter,
        );
      } else {
        const { remaining } = budgetOf(caller, parts.rateLimits, "core");
        if (remaining === 0 && !isFree(found?.route)) throw new ApiError(403, "API rate limit exceeded");
        reply = answerRest(found, request, caller);
      }
    } catch (error) {
      reply = replyToError(error, request);
    }
    if (found !== undefined && found.route.web !== true && fault === undefined) parts.check?.(found.route, reply);
    reply = conditional(request, reply);
    if (!isQuery && reply.status !== 304 && !isFree(found?.route)) parts.rateLimits.spend(callerKey(caller), "core", 1);
    const limits = rateLimitHeaders(budgetOf(caller, parts.rateLimits, isQuery ? "graphql" : "core"));
    const headers = { ...commonHeaders(clock(), ++requests), ...limits, ...reply.headers };
    await faults.pass(info, "after");
    return { ...reply, headers };
  };
}

function isFree(route: Route | undefined): boolean {
  return route?.web === true || route?.path === "/rate_limit";
}

function admit(route: Route, caller: Caller): void {
  if (route.audience === "anyone") return;
  if (route.audience === "app" && caller.kind !== "app")
    throw new ApiError(401, "A JSON web token could not be decoded");
  if (route.audience === "client" && caller.kind !== "client") throw notFound();
  const isToken = caller.kind === "user" || caller.kind === "installation";
  if ((route.audience === "token" || route.audience === "user") && !isToken)
    throw new ApiError(401, "Requires authentication");
}

/** A replica that lags behind shows the caller's own organization as it was, too. */
function seenBy(caller: Caller, world: World): Caller {
  if (caller.kind !== "installation") return caller;
  return { ...caller, organization: world.organizations.get(caller.organization.id) ?? caller.organization };
}

function replyToError(error: unknown, request: ApiRequest): Reply {
  if (error instanceof MovedRepository) {
    const rest = /^\/repos\/[^/]+\/[^/]+(.*)$/.exec(request.path)?.[1] ?? "";
    const url = `${request.base}/repositories/${error.repositoryId}${rest}`;
    const body = { message: error.message, url, documentation_url: "https://docs.github.com/rest" };
    return { status: 301, headers: { location: url }, body };
  }
  if (error instanceof ApiError) return errorReply(error);
  throw error;
}

function conditional(request: ApiRequest, reply: Reply): Reply {
  if (request.method !== "GET" || reply.status !== 200) return reply;
  const content = reply.text ?? JSON.stringify(reply.body);
  // GitHub's ETags differ by caller, too
  const hash = createHash("sha256")
    .update(request.headers.get("authorization") ?? "")
    .update(content)
    .digest("hex");
  const headers = { ...reply.headers, etag: `W/"${hash}"`, vary: "Accept, Authorization, Cookie, X-GitHub-OTP" };
  const same = request.headers.get("if-none-match")?.replace(/^W\//, "") === `"${hash}"`;
  return same ? { status: 304, headers } : { ...reply, text: content, headers };
}

function commonHeaders(now: number, number: number): Record<string, string> {
  return {
    date: new Date(now).toUTCString(),
    "x-github-request-id": `SIM:${number.toString(16).toUpperCase().padStart(8, "0")}`,
    "x-github-media-type": "github.v3; format=json",
    "x-github-api-version-selected": "2022-11-28",
    "cache-control": "private, max-age=60, s-maxage=60",
  };
}
