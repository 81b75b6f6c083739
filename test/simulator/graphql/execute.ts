import { execute, type GraphQLError, type GraphQLFieldResolver, Kind, OperationTypeNode } from "graphql";
import { budgetOf, callerKey } from "../rest/budget.ts";
import { ApiError, type Call, jsonBody, type Reply } from "../rest/route.ts";
import { measure } from "./cost.ts";
import { githubError } from "./nodes.ts";
import { queryRoot } from "./query.ts";
import { checkedDocument, githubSchema } from "./schema.ts";

/** POST /graphql. */

export type Counter = { query(points: number): void; unknown(what: string): void };
type ShownError = { type?: unknown; path?: readonly (string | number)[]; locations?: unknown; message: string };

export async function answerQuery(call: Call, counter: Counter): Promise<Reply> {
  const { query, variables: given } = jsonBody(call);
  const variables = typeof given === "object" && given !== null ? { ...given } : {};
  if (typeof query !== "string") throw new ApiError(400, "A query attribute must be specified and must be a string.");
  const document = checkedDocument(query);
  if (!("kind" in document)) return failed(document.map(shown));
  if (
    document.definitions.some(
      (each) => each.kind === Kind.OPERATION_DEFINITION && each.operation !== OperationTypeNode.QUERY,
    )
  ) {
    counter.unknown("GraphQL mutation");
    return failed([{ type: "FORBIDDEN", message: "Resource not accessible by integration" }]);
  }

  const schema = githubSchema();
  const measured = measure(schema, document, variables);
  if (measured.problems.length > 0) return failed(measured.problems);
  const before = budgetOf(call.caller, call.rateLimits, "graphql");
  if (before.remaining === 0)
    return failed([{ type: "RATE_LIMITED", message: "API rate limit exceeded for installation." }]);
  call.rateLimits.spend(callerKey(call.caller), "graphql", measured.cost);
  counter.query(measured.cost);
  if (measured.page > call.faults.state.failingPage) return { status: 502, body: { message: "Server Error" } };

  const budget = budgetOf(call.caller, call.rateLimits, "graphql");
  const rootValue = queryRoot(call, budget, measured);
  const fieldResolver = resolverOf(counter);
  const result = await execute({ schema, document, rootValue, variableValues: variables, fieldResolver });
  const errors: ShownError[] = (result.errors ?? []).map(shown);
  const limit = call.faults.state.limitedPage;
  const data: unknown = measured.page > limit ? cut(result.data, limit, [], errors) : result.data;
  return { status: 200, body: errors.length > 0 ? { data, errors } : { data } };
}

/** Fields the model does not have must fail loudly: a silent null would pass for GitHub's answer. */
function resolverOf(counter: Counter): GraphQLFieldResolver<unknown, unknown> {
  return (source, args, _context, info) => {
    const value: unknown =
      typeof source === "object" && source !== null ? Reflect.get(source, info.fieldName) : undefined;
    if (typeof value === "function") return Reflect.apply(value, source, [args]);
    if (value !== undefined) return value;
    const name = `GraphQL ${info.parentType.name}.${info.fieldName}`;
    counter.unknown(name);
    throw githubError("SIMULATOR", `the simulator does not model ${name}`);
  };
}

function failed(errors: ShownError[]): Reply {
  return { status: 200, body: { data: null, errors } };
}

function shown(error: GraphQLError): ShownError {
  const { message, path, locations, extensions } = error;
  return {
    ...(extensions["type"] !== undefined && { type: extensions["type"] }),
    ...(path && { path }),
    locations,
    message,
  };
}

/** The outermost lists lose what is beyond the limit: nulls in place, and an error for each. */
function cut(value: unknown, limit: number, path: (string | number)[], errors: ShownError[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item: unknown, index) => {
      if (index < limit) return item;
      errors.push({
        type: "RESOURCE_LIMITS_EXCEEDED",
        path: [...path, index],
        message: "Resource limits for this query exceeded.",
      });
      return null;
    });
  }
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inside]) => [name, cut(inside, limit, [...path, name], errors)]),
  );
}
