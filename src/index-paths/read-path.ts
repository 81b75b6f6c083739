import type { PackageName } from "../domain/package-name.ts";
import { parsePackageName } from "../domain/package-name.ts";
import type { Permission } from "../domain/roles.ts";
import { projectsOf } from "./file-name.ts";
import type { Layout, Sense } from "./layouts.ts";
import { LAYOUTS } from "./layouts.ts";
import { decodeTarget } from "./target.ts";

/** What a request to an index is about. */
export type PathQuestion =
  /**
   * May somebody do this to the package? With several names the path does not say which of them it is about:
   * it takes the permission on each of them that anybody claims.
   */
  | { readonly kind: "package"; readonly permission: Permission; readonly names: Names }
  /** A list of many packages, which only the index itself could filter. */
  | { readonly kind: "listing" }
  /** An upload: the form in the body says of what, and perhaps the path as well. */
  | { readonly kind: "form"; readonly name: PackageName | undefined }
  | { readonly kind: "refused"; readonly reason: PathRefusal; readonly message: string };

export type Names = readonly [PackageName, ...PackageName[]];
export type PathRefusal = "malformed-path" | "unknown-path" | "name-mismatch";

const BY_METHOD: ReadonlyMap<string, Permission> = new Map([
  ["GET", "read"],
  ["HEAD", "read"],
  ["POST", "upload"],
  ["PUT", "upload"],
  ["DELETE", "delete"],
]);

const ROWS: ReadonlyMap<string, readonly Layout[]> = new Map(
  [...BY_METHOD.keys()].map((method) => [method, LAYOUTS.filter(({ methods }) => methods.includes(method))]),
);

const UNKNOWN = refused("unknown-path", "this is no request that an index of packages answers");
// Some indexes take a parameter from either, and the query's before the form's (WebOb's `request.params`).
const QUERY = refused("malformed-path", "an upload says everything in its form, and nothing in a query");
const MISMATCH = refused("name-mismatch", "the file belongs to another project than the one it is asked for as");

/**
 * Reads what a request is about from its method and target. A path that several layouts know is about all the
 * packages that any of them sees in it; a path that none knows is refused.
 *
 * @param target as it stood in the request line: raw, with its query
 */
export function readPath(method: string, target: string): PathQuestion {
  const decoded = decodeTarget(target);
  if ("problem" in decoded) return refused("malformed-path", decoded.problem);
  const permission = BY_METHOD.get(method);
  const found = new Set<PackageName>();
  let sense: Sense | undefined;
  for (const { sense: mine, start, pattern } of ROWS.get(method) ?? []) {
    const match = decoded.path.startsWith(start) ? pattern.exec(decoded.path) : null;
    const names = match === null ? undefined : namesIn(match.groups);
    if (names === "mismatch") return MISMATCH;
    if (names === undefined) continue;
    for (const name of names) found.add(name);
    // Of two senses the narrower counts.
    sense = mine === "package" ? mine : (sense ?? mine);
  }
  const [first, ...others] = found;
  if (sense === "listing") return { kind: "listing" };
  if (sense === "form") return target.includes("?") ? QUERY : { kind: "form", name: first };
  if (permission === undefined || first === undefined) return UNKNOWN;
  return { kind: "package", permission, names: [first, ...others] };
}

/**
 * The packages that one layout sees in a path; `undefined` when what stands in their place is no name and no file of
 * any. A directory and the file in it must be able to mean the same.
 */
function namesIn({ name, file }: Readonly<Record<string, string | undefined>> = {}):
  readonly PackageName[] | "mismatch" | undefined {
  const said = name === undefined ? undefined : nameOf(name);
  if (name !== undefined && said === undefined) return undefined;
  const own = said === undefined ? [] : [said];
  if (file === undefined) return own;
  const projects = projectsOf(file);
  if (projects.length === 0) return undefined;
  return said === undefined || projects.includes(said) ? [...own, ...projects] : "mismatch";
}

/** Not of what could be a file: where files lie flat among the pages, nobody may get one under a name of its own. */
function nameOf(text: string): PackageName | undefined {
  return projectsOf(text).length > 0 ? undefined : parsePackageName(text);
}

function refused(reason: PathRefusal, message: string): PathQuestion {
  return { kind: "refused", reason, message };
}
