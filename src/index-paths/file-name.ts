import type { PackageName } from "../domain/package-name.ts";
import { parsePackageName } from "../domain/package-name.ts";

/** What lies beside a distribution and is read like it: PEP 658 and 714, signatures, PEP 740. */
const COMPANION = /\.(?:metadata|asc|sig|provenance)$/;
/** PEP 427: name, version, perhaps a build number, and three tags. Hyphens separate, so the name has none. */
const WHEEL = /^([^-]+)-\d[^-]*(?:-\d[^-]*)?-[^-]+-[^-]+-[^-]+\.whl$/;
const ARCHIVE = /^(.+)\.(?:tar\.gz|tgz|tar\.bz2|tar\.xz|zip|egg)$/;
/** More hyphens than any name and version together have. */
const MAX_HYPHENS = 32;

/**
 * Whose file may this be? One name for a wheel and for an sdist as PEP 625 has it. An older sdist such as
 * `foo-bar-1.0.tar.gz` does not say where its name ends, so every name that it could begin with comes back,
 * the longest first.
 *
 * @returns empty for what is no distribution, nor lies beside one
 */
export function projectsOf(fileName: string): readonly PackageName[] {
  // Most of what is asked about here is a name of a project, and few of those have a dot.
  if (!fileName.includes(".")) return [];
  return projectsOfDistribution(fileName.replace(COMPANION, ""));
}

/** Like {@link projectsOf}, for a wheel or an sdist alone. */
export function projectsOfDistribution(fileName: string): readonly PackageName[] {
  const wheel = WHEEL.exec(fileName)?.[1];
  if (wheel !== undefined) return namesIn([wheel]);
  const stem = ARCHIVE.exec(fileName)?.[1];
  if (stem === undefined) return [];
  const parts = stem.split("-");
  if (parts.length - 1 > MAX_HYPHENS || parts.includes("")) return [];
  return namesIn(parts.slice(1).map((_, index) => parts.slice(0, parts.length - 1 - index).join("-")));
}

function namesIn(texts: readonly string[]): PackageName[] {
  const names = texts.map(parsePackageName);
  return [...new Set(names.filter((name) => name !== undefined))];
}
