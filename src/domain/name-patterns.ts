import type { PackageName } from "./package-name.ts";

/** Whether a pattern of names covers one: `acme-*` covers `acme` and `acme-…` (PEP 752), `*` every name. */
export function covers(pattern: string, name: PackageName): boolean {
  if (pattern === "*") return true;
  if (!pattern.endsWith("-*")) return pattern === name;
  const prefix = pattern.slice(0, -"*".length);
  return name.startsWith(prefix) || `${name}-` === prefix;
}
