import type { Declaration, ManifestProblem } from "../domain/facts.ts";
import type { PackageName } from "../domain/package-name.ts";
import type { TextFault } from "../text/fault.ts";
import { attempt, problemOf } from "./fault.ts";
import { FORMATS } from "./formats.ts";
import type { SourceFile } from "./source-file.ts";
import { textOf } from "./source-file.ts";

export interface Manifests {
  /** One for each name, the root's first, then by path. */
  readonly declarations: readonly Declaration[];
  readonly problems: readonly ManifestProblem[];
}

/**
 * What the manifests of one repository declare. Files that are not manifests are passed over; nothing is
 * executed; the order of `files` does not matter.
 *
 * Never throws: what cannot be read is a problem.
 */
export function readManifests(files: readonly SourceFile[]): Manifests {
  const declarations = new Map<PackageName, Declaration>();
  const problems: ManifestProblem[] = [];
  for (const directory of directories(files)) {
    // A build backend that reads both files lets [project] override setup.cfg, and one that reads only
    // pyproject.toml never sees setup.cfg: beside a declared name, a second one is stale.
    for (const { file: name, read } of FORMATS) {
      const file = directory.get(name);
      if (file === undefined) continue;
      const faults: TextFault[] = [];
      const declared = attempt(faults, () => read(textOf(file), faults));
      for (const fault of faults) problems.push(problemOf(file.path, file.text, fault));
      if (declared === undefined) continue;
      if (!declarations.has(declared)) declarations.set(declared, { name: declared, path: file.path });
      break;
    }
  }
  return { declarations: [...declarations.values()], problems };
}

/** The files of each directory by their names; the root comes first, then the others in order. */
function directories(files: readonly SourceFile[]): ReadonlyMap<string, SourceFile>[] {
  const byDirectory = new Map<string, Map<string, SourceFile>>();
  for (const file of files) {
    const slash = file.path.lastIndexOf("/");
    const directory = file.path.slice(0, slash + 1);
    const siblings = byDirectory.get(directory) ?? new Map<string, SourceFile>();
    byDirectory.set(directory, siblings.set(file.path.slice(slash + 1), file));
  }
  return [...byDirectory].toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, siblings]) => siblings);
}
