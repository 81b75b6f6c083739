import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { Ajv2019, type AnySchema, type ValidateFunction } from "ajv/dist/2019.js";
import addFormats from "ajv-formats";

/** GitHub's own descriptions of its API and webhooks, read when first needed and compiled piece by piece. */

export type Schema = Record<string, unknown>;
export type Description = { document: Schema; compile: (schema: unknown) => ValidateFunction };

const require = createRequire(import.meta.url);
const files = {
  "api.github.com": "@octokit/openapi/generated/api.github.com.json",
  ghec: "@octokit/openapi/generated/ghec.json",
  webhooks: "@octokit/openapi-webhooks/generated/ghec.json",
};
const read = new Map<string, Description>();

export function description(name: keyof typeof files): Description {
  let known = read.get(name);
  if (known === undefined) read.set(name, (known = open(files[name])));
  return known;
}

function open(file: string): Description {
  const document = JSON.parse(readFileSync(require.resolve(file), "utf8")) as Schema;
  const ajv = new Ajv2019({ strict: false, logger: false, validateSchema: false, inlineRefs: false });
  // the types of ajv-formats describe its CommonJS form
  addFormats.default(ajv);
  // templates such as {/owner} are described, not checked
  ajv.addFormat("uri-template", true);

  const components = at(document, "components", "schemas");
  const added = new Set<string>();
  const refer = (name: string, closed: boolean): string => {
    // absolute, or Ajv would resolve one against the other
    const id = `github://${closed ? "closed" : "open"}/${name}`;
    if (!added.has(id)) {
      added.add(id);
      ajv.addSchema(rewritten(components[name], closed, refer), id);
    }
    return id;
  };
  return { document, compile: (schema) => ajv.compile(rewritten(schema, true, refer)) };
}

const combinators = ["allOf", "anyOf", "oneOf"];

/**
 * OpenAPI's schema as plain JSON Schema: `nullable` becomes a type, references are followed, and members that GitHub does
 * not describe are refused. `closed` is false inside a combination, where other parts describe the rest.
 */
function rewritten(schema: unknown, closed: boolean, refer: (name: string, closed: boolean) => string): AnySchema {
  if (typeof schema !== "object" || schema === null) return schema === true;
  const all: Schema = { ...schema };
  const { nullable, $ref, example: _, examples: __, discriminator: ___, ...rest } = all;
  if (typeof $ref === "string") return { $ref: refer($ref.replace("#/components/schemas/", ""), closed) };
  const result: Schema = { ...rest };
  for (const [name, property] of Object.entries(at(rest, "properties"))) {
    result["properties"] = { ...at(result, "properties"), [name]: rewritten(property, true, refer) };
  }
  for (const name of ["items", "additionalProperties"])
    if (name in rest) result[name] = rewritten(rest[name], true, refer);
  for (const name of combinators) {
    const parts = rest[name];
    if (Array.isArray(parts)) result[name] = parts.map((part: unknown) => rewritten(part, false, refer));
  }
  const describesMembers = "properties" in rest || combinators.some((name) => name in rest);
  if (closed && describesMembers && !("additionalProperties" in rest)) result["unevaluatedProperties"] = false;
  return nullable === true ? { anyOf: [{ type: "null" }, result] } : result;
}

/** The object at that path, or an empty one. */
export function at(from: unknown, ...path: string[]): Schema {
  let value: unknown = from;
  for (const name of path) value = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  return typeof value === "object" && value !== null ? { ...value } : {};
}
