import { readFileSync } from "node:fs";
import {
  buildClientSchema,
  type DocumentNode,
  GraphQLError,
  type GraphQLSchema,
  type IntrospectionQuery,
  parse,
  validate,
} from "graphql";

/** GitHub's own schema, built once per process when first asked for; and queries checked against it, once each. */

let schema: GraphQLSchema | undefined;

export function githubSchema(): GraphQLSchema {
  if (schema === undefined) {
    // importing the package would build the schema as well, and more slowly
    const file = new URL("schema.json", import.meta.resolve("@octokit/graphql-schema"));
    schema = buildClientSchema(JSON.parse(readFileSync(file, "utf8")) as IntrospectionQuery, { assumeValid: true });
  }
  return schema;
}

const checked = new Map<string, DocumentNode | readonly GraphQLError[]>();
const remembered = 200;

export function checkedDocument(query: string): DocumentNode | readonly GraphQLError[] {
  let document = checked.get(query);
  if (document === undefined) {
    document = check(query);
    const oldest = checked.keys().next().value;
    if (checked.size >= remembered && oldest !== undefined) checked.delete(oldest);
    checked.set(query, document);
  }
  return document;
}

function check(query: string): DocumentNode | readonly GraphQLError[] {
  try {
    const document = parse(query, { noLocation: false });
    const errors = validate(githubSchema(), document);
    return errors.length > 0 ? errors : document;
  } catch (error) {
    if (error instanceof GraphQLError) return [error];
    throw error;
  }
}
