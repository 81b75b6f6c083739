import type { ManifestProblem } from "../domain/facts.ts";
import type { Glob } from "../domain/path-glob.ts";
import { cost, matches, parseGlob } from "../domain/path-glob.ts";

/** Where manifests are read from, as somebody chose: paths are read as they are, globs need the list of files. */
export interface Places {
  readonly paths: readonly string[];
  readonly globs: readonly Glob[];
}

export function placesOf(chosen: readonly string[]): Places {
  const paths = chosen.filter((text) => !/[*?[]/.test(text));
  const globs = chosen.filter((text) => !paths.includes(text)).flatMap((text) => parseGlob(text) ?? []);
  return { paths, globs };
}

const MAX_FILES = 1000;
// As for workspaces: a fraction of a second, and far more than a large honest repository needs.
const MAX_STEPS = 20_000_000;

const TOO_MANY: ManifestProblem = {
  path: "pyproject.toml",
  message: `More than ${MAX_FILES} files of this repository are manifests by the policy, or its globs have too many wildcards, so not all are read; choose fewer in packgate.toml.`,
};

/**
 * The files that globs choose, in the order of their paths, without those that are read anyway.
 *
 * @param all every path of the repository's tree
 */
export function filesAt(
  { paths, globs }: Places,
  all: readonly string[],
): { paths: string[]; problems: ManifestProblem[] } {
  const chosen: string[] = [];
  let steps = 0;
  for (const path of all.toSorted()) {
    const isChosen = globs.some((glob) => {
      steps += cost(glob, path);
      return steps <= MAX_STEPS && matches(glob, path, false);
    });
    if (steps > MAX_STEPS || (isChosen && chosen.length === MAX_FILES)) return { paths: chosen, problems: [TOO_MANY] };
    if (isChosen && !paths.includes(path)) chosen.push(path);
  }
  return { paths: chosen, problems: [] };
}
