/**
 * A normalised Python project name. Only {@link parsePackageName} makes one, so a raw string
 * can never be looked up: `Acme_Core` and `acme-core` cannot become two packages.
 */
export type PackageName = string & { readonly __brand: "PackageName" };

/** The package ecosystems we can name. The map itself is neutral; only normalisation differs. */
export const ECOSYSTEMS = ["pypi"] as const;
export type Ecosystem = (typeof ECOSYSTEMS)[number];

/** PyPI itself stores at most 512 characters; longer names are abuse, not packages. */
const MAX_LENGTH = 512;

// The normal form of PEP 503: lower case, digits, single dashes inside.
const NORMAL = /^[a-z0-9]+(?:-[a-z0-9]+)*$/;
// The name grammar of the core metadata specification (PEP 508 §"Names"), ASCII only.
const VALID = /^[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?$/;

/**
 * Normalises a project name as PEP 503 says: runs of `-`, `_` and `.` become one `-`, lower case.
 *
 * @returns the normal name, or `undefined` when the text is outside the PyPA name grammar
 *   (empty, longer than 512 characters, non-ASCII, or with a leading or trailing separator).
 */
export function parsePackageName(text: string): PackageName | undefined {
  if (text.length > MAX_LENGTH) return undefined;
  if (isNormal(text)) return text;
  // A text outside the grammar is no normal name either, so it needs no answer of its own.
  const normal = VALID.test(text) ? text.replace(/[-_.]+/g, "-").toLowerCase() : text;
  return isNormal(normal) ? normal : undefined;
}

function isNormal(text: string): text is PackageName {
  return NORMAL.test(text);
}
