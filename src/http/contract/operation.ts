import type { ZodOpenApiOperationObject, ZodOpenApiResponseObject, ZodOpenApiResponsesObject } from "zod-openapi";
import type { ZodType } from "zod";
import type * as z from "zod";
import { ErrorReply } from "./replies.ts";

export const STATUS_TEXT: Readonly<Record<Status, string>> = {
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
  422: "The token is not worth one of ours; the description says why",
  431: "The headers are too large",
  500: "Something went wrong on our side",
  503: "Not known right now; see Retry-After",
};
type Status = 200 | 202 | 400 | 401 | 403 | 404 | 405 | 408 | 413 | 415 | 422 | 431 | 500 | 503;

export const JSON_TYPE = "application/json";
/** What any path may answer before its own code runs, or when it fails. */
const ANYWHERE = { 405: ErrorReply, 408: ErrorReply, 431: ErrorReply, 500: ErrorReply };
export const BODY_ERRORS = { 400: ErrorReply, 413: ErrorReply };
export const LISTING_ERRORS = { 400: ErrorReply, 401: ErrorReply, 503: ErrorReply };
const INDEX_CLIENT = [{ basic: [] }, { bearer: [] }, { key: [] }];

/** Plain errors are alike everywhere, so each status has one entry that all paths refer to. */
const PLAIN_ERRORS: Readonly<Record<string, ZodOpenApiResponseObject>> = Object.fromEntries(
  Object.keys(STATUS_TEXT).map((status) => [status, { id: `Error${status}`, ...responseOf(status, ErrorReply) }]),
);

interface Operation {
  readonly body?: Readonly<Record<string, ZodType>>;
  readonly query?: z.ZodObject;
  readonly replies: Readonly<Partial<Record<Status, ZodType>>>;
  /** Only index clients may ask. */
  readonly guarded?: true;
}

export function operation(summary: string, { body, query, replies, guarded }: Operation): ZodOpenApiOperationObject {
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
    const response = schema === ErrorReply ? PLAIN_ERRORS[status] : schema && responseOf(status, schema);
    return response === undefined ? [] : [[status, response] as const];
  });
  return Object.fromEntries(responses);
}

function responseOf(status: string, schema: ZodType): ZodOpenApiResponseObject {
  const description = new Map(Object.entries(STATUS_TEXT)).get(status) ?? "";
  return { description, content: { [JSON_TYPE]: { schema } } };
}
