import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { renderOpenApi } from "../../src/http/contract/openapi.ts";

interface Document {
  readonly paths: Readonly<
    Record<string, Readonly<Record<string, { readonly responses: Readonly<Record<string, object>> }>>>
  >;
}

const document = JSON.parse(renderOpenApi()) as Document;
const ajv = new Ajv2020({ strict: false, allErrors: true });
addFormats.default(ajv);
ajv.addSchema(document, "openapi");

let checked = 0;

/** How many replies were compared with the description. */
export function conformed(): number {
  return checked;
}

/** Throws unless a reply is what `openapi.json` says it is; what no path describes must be an error reply. */
export function conforms(method: string, target: string, status: number, type: string | undefined, text: string): void {
  const path = target.replace(/\?.*$/, "").replace(/^(\/authorize\/envoy\/).*/, "$1{path}");
  const verb = method === "HEAD" ? "get" : method.toLowerCase();
  const operations = document.paths[path];
  const operation = operations?.[verb];
  if (operation !== undefined && operation.responses[status] === undefined) {
    throw new Error(`openapi.json does not know ${method} ${path} → ${status}: ${text}`);
  }
  if (text === "" || type !== "application/json") return;
  const response = operation?.responses[status];
  const pointer =
    response === undefined
      ? "openapi#/components/schemas/ErrorReply"
      : "$ref" in response
        ? `openapi${String(response.$ref)}/content/application~1json/schema`
        : `openapi#/paths/${encodeURIComponent(path.replaceAll("/", "~1"))}/${verb}/responses/${status}/content/application~1json/schema`;
  const validate = ajv.compile({ $ref: pointer });
  if (!validate(JSON.parse(text))) {
    throw new Error(`${method} ${path} → ${status} is not as described: ${text} ${ajv.errorsText(validate.errors)}`);
  }
  checked += 1;
}
