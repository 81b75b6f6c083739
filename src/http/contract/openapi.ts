import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from "zod-openapi";
import { createDocument } from "zod-openapi";
import type { ZodType } from "zod";
import { z } from "zod";
import * as policyReplies from "./policy-replies.ts";
import * as replies from "./replies.ts";
import * as requests from "./requests.ts";

/** The version of what is visible from outside, not of the program. */
const API_VERSION = "1.0.0";

const STATUS_TEXT: Readonly<Record<Status, string>> = {
  200: "Yes, or the answer",
  202: "Accepted",
  400: "The request could not be understood; the message has the path of the fault",
  401: "The caller is not a known index client, or the end user has no usable identity",
  403: "An identity without the permission",
  404: "Nothing here",
  405: "Another method is wanted; see Allow",
  408: "The request took too long to arrive",
  413: "The body is too large",
  415: "Another media type is wanted",
  431: "The headers are too large",
  500: "Something went wrong on our side",
  503: "Not known right now; see Retry-After",
};
type Status = 200 | 202 | 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 431 | 500 | 503;

const JSON_TYPE = "application/json";
/** What any path may answer before its own code runs, or when it fails. */
const ANYWHERE = { 405: replies.ErrorReply, 408: replies.ErrorReply, 431: replies.ErrorReply, 500: replies.ErrorReply };
const BODY_ERRORS = { 400: replies.ErrorReply, 413: replies.ErrorReply };
const LISTING_ERRORS = { 400: replies.ErrorReply, 401: replies.ErrorReply, 503: replies.ErrorReply };
const INDEX_CLIENT = [{ basic: [] }, { bearer: [] }, { key: [] }];

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

/** Plain errors are alike everywhere, so each status has one entry that all paths refer to. */
const PLAIN_ERRORS: Readonly<Record<string, ZodOpenApiResponseObject>> = Object.fromEntries(
  Object.keys(STATUS_TEXT).map((status) => [
    status,
    { id: `Error${status}`, ...responseOf(status, replies.ErrorReply) },
  ]),
);

interface Operation {
  readonly body?: Readonly<Record<string, ZodType>>;
  readonly query?: z.ZodObject;
  readonly replies: Readonly<Partial<Record<Status, ZodType>>>;
  /** Only index clients may ask. */
  readonly guarded?: true;
}

function operation(summary: string, { body, query, replies, guarded }: Operation): ZodOpenApiOperationObject {
  return {
    summary,
    ...(guarded && { security: INDEX_CLIENT }),
    ...(query && { requestParams: { query } }),
    ...(body && { requestBody: { required: true, content: schemasOf(body) } }),
    responses: responsesOf({ ...replies, ...ANYWHERE }),
  };
}

function schemasOf(body: Readonly<Record<string, ZodType>>): Record<string, { schema: ZodType }> {
  return Object.fromEntries(Object.entries(body).map(([type, schema]) => [type, { schema }]));
}

function responsesOf(schemas: Operation["replies"]): ZodOpenApiResponsesObject {
  const responses = Object.keys(STATUS_TEXT).flatMap((status) => {
    const schema = new Map(Object.entries(schemas)).get(status);
    const response = schema === replies.ErrorReply ? PLAIN_ERRORS[status] : schema && responseOf(status, schema);
    return response === undefined ? [] : [[status, response] as const];
  });
  return Object.fromEntries(responses);
}

function responseOf(status: string, schema: ZodType): ZodOpenApiResponseObject {
  const description = new Map(Object.entries(STATUS_TEXT)).get(status) ?? "";
  return { description, content: { [JSON_TYPE]: { schema } } };
}
