/** GitHub's opaque global ids: a type prefix and an encoded number. */
const prefixes = {
  User: "U_",
  Organization: "O_",
  Team: "T_",
  Repository: "R_",
  Commit: "C_",
  Tree: "TR_",
  Blob: "B_",
  Integration: "A_",
  Installation: "MDIzOk",
  Invitation: "OI_",
  Ruleset: "RRS_",
} as const;
export type NodeType = keyof typeof prefixes;

export function nodeId(type: NodeType, key: number | string): string {
  return prefixes[type] + Buffer.from(`k${key}`).toString("base64url");
}

/** The numeric id behind a node id of that type, or undefined. */
export function databaseId(type: NodeType, id: string): number | undefined {
  const prefix = prefixes[type];
  if (!id.startsWith(prefix)) return undefined;
  const digits = /^k(\d+)$/.exec(Buffer.from(id.slice(prefix.length), "base64url").toString());
  return digits?.[1] === undefined ? undefined : Number(digits[1]);
}
