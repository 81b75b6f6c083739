import type { Handler } from "../exchange.ts";
import type { HttpService } from "../service.ts";
import { DIALECTS } from "./dialects.ts";
import { subrequest } from "./subrequest.ts";

/** The proxies that ask at a fixed path. Some ask with HEAD, which node:http answers without a body. */
export function subrequestRoutes(service: HttpService): (readonly [string, Handler])[] {
  const { envoy: _, ...fixed } = DIALECTS;
  return Object.entries(fixed).flatMap(([name, dialect]) => {
    const handler = subrequest(service, dialect);
    return ["GET", "HEAD"].map((method) => [`${method} /authorize/${name}`, handler] as const);
  });
}
