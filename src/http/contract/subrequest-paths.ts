import * as z from "zod";
import type { ZodOpenApiOperationObject, ZodOpenApiPathsObject } from "zod-openapi";
import { operation } from "./operation.ts";
import { ErrorReply } from "./replies.ts";

const SubrequestReply = z
  .object({
    decision: z.enum(["allow", "deny", "unknown"]),
    reason: z.string().meta({ description: "Also in X-Packgate-Reason", example: "no-grant" }),
    message: z.string(),
  })
  .meta({ id: "SubrequestReply", description: "Unknown is 403 as well: proxies make errors of other statuses" });

const PROXIES = [
  ["nginx", "nginx's auth_request"],
  ["caddy", "Caddy's forward_auth"],
  ["traefik", "Traefik's ForwardAuth"],
  ["haproxy", "HAProxy"],
] as const;
const METHODS = ["get", "head", "put", "post", "delete", "options", "patch", "trace"] as const;

/** The sub-requests of reverse proxies, in OpenAPI. */
export function subrequestPaths(): ZodOpenApiPathsObject {
  const ask = (whose: string): ZodOpenApiOperationObject =>
    operation(`May the request that is held back go on to the index? (${whose})`, {
      replies: { 200: SubrequestReply, 401: z.union([SubrequestReply, ErrorReply]), 403: SubrequestReply },
      guarded: true,
    });
  const envoy = ask("Envoy's ext_authz, with the original method and path");
  return {
    ...Object.fromEntries(
      PROXIES.map(([name, whose]) => [`/authorize/${name}`, { get: ask(whose), head: ask(whose) }]),
    ),
    "/authorize/envoy/{path}": {
      parameters: [
        { name: "path", in: "path", required: true, schema: { type: "string" }, description: "May hold slashes" },
      ],
      ...Object.fromEntries(METHODS.map((method) => [method, envoy])),
    },
  };
}
