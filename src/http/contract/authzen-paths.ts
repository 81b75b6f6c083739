import type * as z from "zod";
import type { ZodOpenApiPathsObject } from "zod-openapi";
import * as authzen from "./authzen.ts";
import { BODY_ERRORS, JSON_TYPE, LISTING_ERRORS, operation } from "./operation.ts";

/** AuthZEN 1.0, in OpenAPI. */
export function authzenPaths(): ZodOpenApiPathsObject {
  const { EvaluationReply, EvaluationsReply, SearchReply } = authzen;
  const rows: readonly (readonly [path: string, summary: string, body: z.ZodType, reply: z.ZodType])[] = [
    ["evaluation", "May this subject do this to that resource?", authzen.EvaluationRequest, EvaluationReply],
    ["evaluations", "The same, several at once", authzen.EvaluationsRequest, EvaluationsReply],
    ["search/subject", "Which subjects may?", authzen.SubjectSearch, SearchReply],
    ["search/resource", "To which resources?", authzen.ResourceSearch, SearchReply],
    ["search/action", "What may they do?", authzen.ActionSearch, SearchReply],
  ];
  const calls = rows.map(([path, summary, body, reply]) => [
    `/access/v1/${path}`,
    {
      post: operation(`${summary} (AuthZEN 1.0)`, {
        body: { [JSON_TYPE]: body },
        replies: { 200: reply, ...LISTING_ERRORS, ...BODY_ERRORS },
        guarded: true,
      }),
    },
  ]);
  return {
    ...Object.fromEntries(calls),
    "/.well-known/authzen-configuration": {
      get: operation("Where the AuthZEN endpoints are", {
        replies: { 200: authzen.Configuration, 400: LISTING_ERRORS[400] },
      }),
    },
  };
}
