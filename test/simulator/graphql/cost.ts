import {
  type DocumentNode,
  type FieldNode,
  getNamedType,
  type GraphQLSchema,
  isCompositeType,
  isInterfaceType,
  isObjectType,
  Kind,
  type SelectionSetNode,
  valueFromASTUntyped,
} from "graphql";

/**
 * What GitHub charges for a query before it runs it: the requests needed if every page were full, divided by 100,
 * rounded, at least 1. And what it refuses: pages without a size or above 100, more than 500,000 nodes.
 */
export type Measure = {
  requests: number;
  cost: number;
  nodeCount: number;
  /** The widest outermost page: what a client makes smaller when GitHub cannot answer. */
  page: number;
  problems: { type: string; message: string }[];
};

const largestPage = 100;
const mostNodes = 500_000;

export function measure(schema: GraphQLSchema, document: DocumentNode, variables: Record<string, unknown>): Measure {
  const result: Measure = { requests: 0, cost: 1, nodeCount: 0, page: 0, problems: [] };
  const counted = new Set<string>();

  const argument = (field: FieldNode, name: string): unknown => {
    const node = field.arguments?.find((each) => each.name.value === name);
    return node && valueFromASTUntyped(node.value, variables);
  };

  const connection = (field: FieldNode, times: number, isNew: boolean): number => {
    const size = argument(field, "first") ?? argument(field, "last");
    const name = field.name.value;
    if (typeof size !== "number") {
      const message = `You must provide a \`first\` or \`last\` value to properly paginate the \`${name}\` connection.`;
      result.problems.push({ type: "MISSING_PAGINATION_BOUNDARIES", message });
      return 1;
    }
    if (size > largestPage) {
      const message = `Requesting ${size} records on the \`${name}\` connection exceeds the \`first\` limit of 100 records.`;
      result.problems.push({ type: "EXCESSIVE_PAGINATION", message });
    }
    if (isNew) {
      result.requests += times;
      result.nodeCount += times * size;
    }
    return size;
  };

  const walk = (
    selections: SelectionSetNode,
    typeName: string,
    times: number,
    path: string,
    outermost: boolean,
  ): void => {
    const type = schema.getType(typeName);
    for (const selection of selections.selections) {
      if (selection.kind === Kind.INLINE_FRAGMENT) {
        walk(selection.selectionSet, selection.typeCondition?.name.value ?? typeName, times, path, outermost);
        continue;
      }
      if (selection.kind === Kind.FRAGMENT_SPREAD) {
        const spread = document.definitions.find(
          (each) => each.kind === Kind.FRAGMENT_DEFINITION && each.name.value === selection.name.value,
        );
        if (spread?.kind === Kind.FRAGMENT_DEFINITION)
          walk(spread.selectionSet, spread.typeCondition.name.value, times, path, outermost);
        continue;
      }
      if (!isObjectType(type) && !isInterfaceType(type)) continue;
      const field = type.getFields()[selection.name.value];
      if (field === undefined || selection.selectionSet === undefined) continue;
      const fieldType = getNamedType(field.type);
      if (!isCompositeType(fieldType)) continue;

      const here = `${path}.${selection.alias?.value ?? selection.name.value}`;
      const ids = field.name === "nodes" && typeName === "Query" ? argument(selection, "ids") : undefined;
      let size: number | undefined;
      if (Array.isArray(ids)) {
        size = ids.length;
        if (size > largestPage) {
          const message = `You may not provide more than 100 node ids; you provided ${size}.`;
          result.problems.push({ type: "ARGUMENT_LIMIT", message });
        }
      } else if (fieldType.name.endsWith("Connection")) size = connection(selection, times, !counted.has(here));
      counted.add(here);
      if (size !== undefined && outermost) result.page = Math.max(result.page, size);
      walk(selection.selectionSet, fieldType.name, times * (size ?? 1), here, outermost && size === undefined);
    }
  };

  for (const definition of document.definitions) {
    if (definition.kind === Kind.OPERATION_DEFINITION) walk(definition.selectionSet, "Query", 1, "", true);
  }
  result.cost = Math.max(1, Math.round(result.requests / 100));
  if (result.nodeCount > mostNodes) {
    const [asked, most] = [result.nodeCount, mostNodes].map((count) => count.toLocaleString("en-US"));
    const message = `This query requests up to ${asked} possible nodes which exceeds the maximum limit of ${most}.`;
    result.problems.push({ type: "MAX_NODE_LIMIT_EXCEEDED", message });
  }
  return result;
}
