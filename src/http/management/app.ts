import type { Express } from "express";
import express from "express";
import { ServiceError } from "../../errors.ts";
import type { Handler } from "../exchange.ts";
import { attempt, exchangeOf, sendError } from "../exchange.ts";
import { login } from "../login/about.ts";
import { audience, metadata } from "../publishing/metadata.ts";
import type { HttpService } from "../service.ts";
import { claims } from "./claims.ts";
import { healthz, openApi, readyz } from "./health.ts";
import { metrics } from "./metrics.ts";
import { policyCheck } from "./policy-check.ts";
import { roles } from "./roles.ts";
import { whatCan, whoCan } from "./search.ts";

/** The management plane: everything that is not on the path of a decision. Nothing here changes anything. */
export function managementApp(service: HttpService): Express {
  const endpoints: readonly (readonly [path: string, handler: Handler, method?: "post"])[] = [
    ["/healthz", healthz(service)],
    ["/readyz", readyz(service)],
    ["/metrics", metrics(service)],
    ["/openapi.json", openApi(service)],
    ["/claims", claims(service)],
    ["/roles", roles(service)],
    ["/policy/check", policyCheck(service), "post"],
    ["/who-can", whoCan(service)],
    ["/what-can", whatCan(service)],
    ["/_/oidc/audience", audience(service)],
    ["/_/login", login(service)],
    ["/.well-known/oauth-authorization-server", metadata(service)],
  ];
  const { log } = service;
  const app = express();
  app.disable("x-powered-by").disable("etag").enable("strict routing").enable("case sensitive routing");
  app.set("query parser", false);

  app.use((_request, response, next) => {
    response.setHeader("x-content-type-options", "nosniff");
    next();
  });
  for (const [path, handler, method = "get"] of endpoints) {
    const route = app.route(path);
    route[method]((request, response) => {
      const exchange = exchangeOf(request, response, service.requestId);
      attempt(exchange, log, () => handler(exchange));
    });
    route.all((request, response) => {
      const exchange = exchangeOf(request, response, service.requestId);
      sendError(exchange, log, new ServiceError("method_not_allowed"), [
        "allow",
        method === "get" ? "GET, HEAD" : "POST",
      ]);
    });
  }
  app.use((request, response) => {
    sendError(exchangeOf(request, response, service.requestId), log, new ServiceError("not_found"));
  });
  return app;
}
