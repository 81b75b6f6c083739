import type { ValidateFunction } from "ajv";
import type { Reply, Route } from "../rest/route.ts";
import { at, description } from "./descriptions.ts";
import { isKnownFault } from "./known-faults.ts";

const compiled = new Map<string, ValidateFunction>();

/** Holds every reply and webhook against GitHub's description of it, and keeps account of what it looked at. */
export function createValidator() {
  const violations: string[] = [];
  const validated = new Map<string, number>();

  const check = (what: string, schema: () => ValidateFunction, value: unknown): void => {
    let validate = compiled.get(what);
    if (validate === undefined) compiled.set(what, (validate = schema()));
    validated.set(what, (validated.get(what) ?? 0) + 1);
    if (validate(value)) return;
    for (const { instancePath, message, params } of validate.errors ?? []) {
      const violation = `${what}: ${instancePath} ${message} ${JSON.stringify(params)}`;
      if (!isKnownFault(violation)) violations.push(violation);
    }
  };

  return {
    violations,
    /** "GET /user 200" or "membership.added" → how often it was looked at */
    validated,
    reply: (route: Route, reply: Reply): void => {
      // what has no JSON body has no schema
      if (reply.status === 304 || (reply.text !== undefined && reply.body === undefined)) return;
      const what = `${route.method} ${route.path} ${reply.status}`;
      // what a client receives: JSON knows no undefined
      check(what, () => replySchema(route, reply.status), JSON.parse(JSON.stringify(reply.body ?? null)));
    },
    webhook: (event: string, action: string | null, payload: unknown): void => {
      const what = action === null ? event : `${event}.${action}`;
      check(what, () => webhookSchema(event, action), JSON.parse(JSON.stringify(payload)));
    },
  };
}

function replySchema(route: Route, status: number): ValidateFunction {
  const { document, compile } = description(route.enterprise === true ? "ghec" : "api.github.com");
  const operation = at(document, "paths", route.path, route.method.toLowerCase());
  if (Object.keys(operation).length === 0) throw new Error(`GitHub describes no ${route.method} ${route.path}`);
  let reply = at(operation, "responses", String(status));
  if (typeof reply["$ref"] === "string")
    reply = at(document, "components", "responses", reply["$ref"].split("/").at(-1) ?? "");
  const schema = at(reply, "content", "application/json")["schema"];
  if (schema !== undefined) return compile(schema);
  if (status === 204 && Object.keys(reply).length > 0) return compile({ type: "null" });
  if (status < 400) throw new Error(`GitHub describes no ${status} of ${route.method} ${route.path}`);
  // errors every route can give are described once
  return compile({ $ref: "#/components/schemas/basic-error" });
}

function webhookSchema(event: string, action: string | null): ValidateFunction {
  const { document, compile } = description("webhooks");
  const name = [event, ...(action === null ? [] : [action])].join("-").replaceAll("_", "-");
  const content = at(document, "webhooks", name, "post", "requestBody", "content", "application/json");
  if (content["schema"] === undefined) throw new Error(`GitHub describes no webhook ${name}`);
  return compile(content["schema"]);
}
