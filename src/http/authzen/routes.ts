import type { ZodType } from "zod";
import { ServiceError } from "../../errors.ts";
import { MAX_BODY_BYTES, readBody } from "../body.ts";
import * as contract from "../contract/authzen.ts";
import { authenticateClient } from "../decision/index-client.ts";
import type { Handler } from "../exchange.ts";
import { attempt, send } from "../exchange.ts";
import { parseJson } from "../json.ts";
import { isMediaType } from "../media-type.ts";
import type { HttpService } from "../service.ts";
import { configuration } from "./configuration.ts";
import type { DecisionPoint, Found, PointOf } from "./decision-point.ts";
import { evaluateAll, evaluateOne } from "./evaluations.ts";
import { packgatePoint } from "./packgate-point.ts";
import { pageOf } from "./page.ts";

/** The point for the context that a question, or one of several, comes with. */
type Points = (context: contract.Context) => DecisionPoint;
type Question = { readonly context?: contract.Context; readonly page?: contract.Page };

/** OpenID AuthZEN Authorization API 1.0. @param pointOf who decides */
export function authzenRoutes(
  service: HttpService,
  pointOf: PointOf = packgatePoint(service),
): readonly (readonly [route: string, handler: Handler])[] {
  const call = <T>(path: string, schema: ZodType<T>, reply: (points: Points, request: T) => unknown) =>
    [`POST /access/v1/${path}`, handlerOf(service, pointOf, schema, reply)] as const;
  const search = <T extends Question>(
    path: string,
    schema: ZodType<T>,
    find: (point: DecisionPoint, question: T) => Found,
    show: (id: string, question: T) => contract.SearchReply["results"][number],
  ) =>
    call(`search/${path}`, schema, (points, question): contract.SearchReply => {
      // Whoever sends one would take the answer for one that it proves.
      if (question.context?.token !== undefined) {
        throw new ServiceError("invalid_request", "context.token: only evaluations take one");
      }
      const { ids, unknown } = find(points(question.context), question);
      const { page, ...asked } = question;
      const { results, ...rest } = pageOf(ids, page, asked);
      return {
        ...rest,
        ...(unknown > 0 && { context: { unknown } }),
        results: results.map((id) => show(id, question)),
      };
    });
  return [
    call("evaluation", contract.EvaluationRequest, (points, question) =>
      evaluateOne((one) => points(one.context).evaluate(one), question),
    ),
    call("evaluations", contract.EvaluationsRequest, (points, request) =>
      evaluateAll((one) => points(one.context).evaluate(one), request),
    ),
    search(
      "subject",
      contract.SubjectSearch,
      (point, question) => point.subjects(question),
      (id, { subject: { type } }) => ({ type, id }),
    ),
    search(
      "resource",
      contract.ResourceSearch,
      (point, question) => point.resources(question),
      (id, { resource: { type } }) => ({ type, id }),
    ),
    search(
      "action",
      contract.ActionSearch,
      (point, question) => point.actions(question),
      (name) => ({ name }),
    ),
    ["GET /.well-known/authzen-configuration", configuration(service)],
  ];
}

/** What is no JSON is 400 here, whatever it is called: AuthZEN's certification wants no 415. */
function handlerOf<T>(
  service: HttpService,
  pointOf: PointOf,
  schema: ZodType<T>,
  reply: (points: Points, request: T) => unknown,
): Handler {
  return (exchange) => {
    const { headers } = exchange.request;
    const client = authenticateClient(service.clients, headers);
    if (!isMediaType(headers["content-type"], "application/json")) {
      throw new ServiceError("invalid_request", "Send JSON, as Content-Type: application/json.");
    }
    readBody(exchange, MAX_BODY_BYTES, (body) => {
      attempt(exchange, service.log, async () => {
        const request = parseJson(schema, body);
        send(exchange, 200, JSON.stringify(await reply((context) => pointOf(exchange, client, context), request)));
      });
    });
  };
}
