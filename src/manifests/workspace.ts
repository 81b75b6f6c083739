import type { ManifestProblem } from "../domain/facts.ts";
import { attempt } from "./fault.ts";
import { quoted } from "../text/excerpt.ts";
import type { Glob } from "../domain/path-glob.ts";
import { cost, matches, parseGlob } from "../domain/path-glob.ts";
import type { SourceFile } from "./source-file.ts";
import { textOf } from "./source-file.ts";
import type { TomlDocument } from "./toml-document.ts";
import { faultAt, readToml, stringsAt, tableAt } from "./toml-document.ts";

/** The globs of a uv workspace, relative to the repository's root. */
export interface Workspace {
  readonly members: readonly Glob[];
  readonly exclude: readonly Glob[];
}

const ROOT = "pyproject.toml";
const WORKSPACE = ["tool", "uv", "workspace"];

const MAX_GLOBS = 1000;
const MAX_MEMBERS = 1000;
// A fraction of a second, and hundreds of times what a large honest repository needs.
const MAX_STEPS = 20_000_000;

const TOO_LARGE: ManifestProblem = {
  path: ROOT,
  message: `The uv workspace has more than ${MAX_MEMBERS} members or too many wildcards, so not all of it is read; list fewer members.`,
};

/** The uv workspace that the root `pyproject.toml` declares, `undefined` without one or when it is at fault. */
export function workspaceGlobs(files: readonly SourceFile[]): Workspace | undefined {
  const root = files.find((file) => file.path === ROOT);
  return root && attempt([], () => workspaceOf(readToml(textOf(root))));
}

/** The workspace of a parsed file. @throws {TextFault} when uv would refuse it. */
export function workspaceOf(document: TomlDocument): Workspace | undefined {
  if (tableAt(document, WORKSPACE) === undefined) return undefined;
  return { members: globsAt(document, "members"), exclude: globsAt(document, "exclude") };
}

function globsAt(document: TomlDocument, key: string): Glob[] {
  const path = [...WORKSPACE, key];
  const texts = stringsAt(document, path);
  if (texts.length > MAX_GLOBS) {
    throw faultAt(
      document,
      path,
      `${path.join(".")} has ${texts.length} globs and ${MAX_GLOBS} are read; use wildcards.`,
    );
  }
  return texts.flatMap((text) => {
    if (parseGlob(text) === undefined) throw faultAt(document, path, `${quoted(text)} is not a valid glob; mend it.`);
    return parseGlob(normalized(text)) ?? [];
  });
}

// Without `.`, `..`, and doubled or trailing `/` (`normalize_path` of uv). What leads out of the repository
// keeps its `..` or leading `/` and so matches nothing in it.
function normalized(text: string): string {
  const parts: string[] = [];
  for (const part of text.split("/")) {
    if (part === ".." && parts.length > 0 && parts.at(-1) !== "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return (text.startsWith("/") ? "/" : "") + parts.join("/");
}

/**
 * Which further manifests a workspace asks for, in the order of their paths.
 *
 * As uv finds members (`collect_members_only` and `WorkspaceExclusions` in its `crates/uv-workspace/src/workspace.rs`):
 * every directory that a glob of `members` matches and that holds a `pyproject.toml`, hidden or not, unless a glob of
 * `exclude` matches it. `*` stays within one component in `members` but crosses `/` in `exclude`; excluding a directory
 * does not exclude those below it. A member's `managed = false` is not looked at: uv then leaves its environment
 * alone, but the package keeps its name.
 *
 * @param paths every path of the repository's tree.
 */
export function memberManifests(
  workspace: Workspace,
  paths: readonly string[],
): { paths: string[]; problems: ManifestProblem[] } {
  const members: string[] = [];
  let steps = 0;
  const someMatch = (globs: readonly Glob[], directory: string, crossing: boolean) =>
    globs.some((glob) => {
      steps += cost(glob, directory);
      return steps <= MAX_STEPS && matches(glob, directory, crossing);
    });
  for (const path of paths.filter((path) => path.endsWith(`/${ROOT}`)).toSorted()) {
    const directory = path.slice(0, -ROOT.length - 1);
    if (!someMatch(workspace.members, directory, false) || someMatch(workspace.exclude, directory, true)) continue;
    if (steps > MAX_STEPS || members.length === MAX_MEMBERS) return { paths: members, problems: [TOO_LARGE] };
    members.push(path);
  }
  return { paths: members, problems: steps > MAX_STEPS ? [TOO_LARGE] : [] };
}
