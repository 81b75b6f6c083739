import { createDocument } from "zod-openapi";
import { z } from "zod";
import { authzenPaths } from "./authzen-paths.ts";
import { BODY_ERRORS, JSON_TYPE, LISTING_ERRORS, operation, STATUS_TEXT } from "./operation.ts";
import { pypicloudPaths } from "./pypicloud-paths.ts";
import * as policyReplies from "./policy-replies.ts";
import * as replies from "./replies.ts";
import * as requests from "./requests.ts";
import { subrequestPaths } from "./subrequest-paths.ts";

/** The version of what is visible from outside, not of the program. */
const API_VERSION = "1.0.0";

/** The OpenAPI 3.1 description of everything here, from the schemas that check requests and type replies. */
export function renderOpenApi(publicUrl?: string): string {
  const document = createDocument({
    openapi: "3.1.0",
    info: {
      title: "Packgate",
      version: API_VERSION,
      description: "GitHub decides who may pull, publish and manage the packages of an organization.",
      license: { name: "MIT", identifier: "MIT" },
    },
    ...(publicUrl === undefined ? {} : { servers: [{ url: publicUrl }] }),
    components: {
      securitySchemes: {
        basic: { type: "http", scheme: "basic", description: "An index client's name and secret" },
        bearer: { type: "http", scheme: "bearer", description: "An index client's secret" },
        key: { type: "apiKey", in: "header", name: "X-Packgate-Key", description: "An index client's secret" },
      },
    },
    paths: {
      "/authorize": {
        post: operation("May this user do this to that package?", {
          body: { [JSON_TYPE]: requests.AuthorizeRequest },
          replies: {
            200: replies.AuthorizeReply,
            401: z.union([replies.AuthorizeReply, replies.ErrorReply]),
            403: replies.AuthorizeReply,
            503: replies.AuthorizeReply,
            ...BODY_ERRORS,
          },
          guarded: true,
        }),
      },
      "/introspect": {
        post: operation("Whose token is this, and what may it do? (RFC 7662)", {
          body: { "application/x-www-form-urlencoded": requests.IntrospectRequest },
          replies: {
            200: replies.IntrospectReply,
            401: replies.ErrorReply,
            415: replies.ErrorReply,
            503: replies.ErrorReply,
            ...BODY_ERRORS,
          },
          guarded: true,
        }),
      },
      "/api/github/webhooks": {
        post: operation("GitHub's webhook deliveries, signed", {
          body: { [JSON_TYPE]: z.record(z.string(), z.unknown()) },
          replies: {
            202: replies.AcceptedReply,
            401: replies.ErrorReply,
            415: replies.ErrorReply,
            503: replies.ErrorReply,
            ...BODY_ERRORS,
          },
        }),
      },
      "/claims": {
        get: operation("Which repository owns which name, and which manifests need mending", {
          query: requests.ClaimsQuery,
          replies: { 200: replies.ClaimsReply, ...LISTING_ERRORS },
          guarded: true,
        }),
      },
      "/roles": {
        get: operation("Which role may do what, and what says so", {
          query: requests.RolesQuery,
          replies: { 200: policyReplies.RolesReply, ...LISTING_ERRORS },
          guarded: true,
        }),
      },
      "/policy/check": {
        post: operation("Who would gain and who would lose what under another policy", {
          body: { [JSON_TYPE]: requests.PolicyCheckRequest },
          replies: {
            200: policyReplies.PolicyCheckReply,
            401: replies.ErrorReply,
            503: replies.ErrorReply,
            ...BODY_ERRORS,
          },
          guarded: true,
        }),
      },
      "/who-can": {
        get: operation("Everybody who may do something to a package", {
          query: requests.WhoCanQuery,
          replies: { 200: replies.WhoCanReply, ...LISTING_ERRORS },
          guarded: true,
        }),
      },
      "/what-can": {
        get: operation("Everything that one person may do", {
          query: requests.WhatCanQuery,
          replies: { 200: replies.WhatCanReply, 404: replies.ErrorReply, ...LISTING_ERRORS },
          guarded: true,
        }),
      },
      ...subrequestPaths(),
      ...authzenPaths(),
      ...pypicloudPaths(),
      "/healthz": { get: operation("Does the process live?", { replies: { 200: replies.HealthReply } }) },
      "/readyz": {
        get: operation("Are decisions served?", { replies: { 200: replies.ReadyReply, 503: replies.ReadyReply } }),
      },
      "/metrics": {
        get: {
          summary: "Prometheus metrics",
          responses: { 200: { description: STATUS_TEXT[200], content: { "text/plain": { schema: z.string() } } } },
        },
      },
      "/openapi.json": {
        get: operation("This description", { replies: { 200: z.record(z.string(), z.unknown()) } }),
      },
    },
  });
  return `${JSON.stringify(document, null, 2)}\n`;
}
