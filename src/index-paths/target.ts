/** Longer than any path of an index; what is longer is abuse. */
const MAX_LENGTH = 4096;

/** What no path of a package index has in it: whoever sends it hopes that two readers read it differently. */
const HOSTILE: readonly (readonly [RegExp, string])[] = [
  [/[^!-~]/, "control characters, spaces and other scripts must be left out of a path"],
  [/[\\#]/, "a path has no backslash and no fragment"],
];
const HOSTILE_ESCAPES: typeof HOSTILE = [
  [/%(?![0-9A-Fa-f]{2})/, "a percent sign must begin an escape"],
  [/%(?:2f|5c|25)/i, "an escaped slash, backslash or percent sign is read differently by different servers"],
];

/** A path, decoded, or why it is not read. */
export type Decoded = { readonly path: string } | { readonly problem: string };

/**
 * Decodes the path of a request target (RFC 9112, section 3.2.1) once; the query is dropped. Only paths that every
 * reader decodes alike come out: no empty or dot segments, no escaped separators, nothing but printable ASCII.
 *
 * @param target as it stood in the request line
 */
export function decodeTarget(target: string): Decoded {
  if (target.length > MAX_LENGTH) return { problem: "the path is too long" };
  if (!target.startsWith("/")) return { problem: "a path begins with a slash" };
  const query = target.indexOf("?");
  const raw = query < 0 ? target : target.slice(0, query);
  const fault = HOSTILE.find(([pattern]) => pattern.test(raw));
  if (fault !== undefined) return { problem: fault[1] };
  const decoded = raw.includes("%") ? decodeEscapes(raw) : { path: raw };
  if ("problem" in decoded || !/\/\/|\/\.\.?(?:\/|$)/.test(decoded.path)) return decoded;
  return { problem: "a path has no empty segments, and none that are dots" };
}

function decodeEscapes(raw: string): Decoded {
  const fault = HOSTILE_ESCAPES.find(([pattern]) => pattern.test(raw));
  if (fault !== undefined) return { problem: fault[1] };
  const path = raw.replace(/%(..)/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)));
  return /[^!-~]/.test(path) ? { problem: "an escape stands for something other than printable ASCII" } : { path };
}
