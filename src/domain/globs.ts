/**
 * Whether a glob matches the whole text: `*` is any run of characters, slashes included, `?` is one character, and
 * everything else is itself. The time is at most the product of both lengths.
 */
export function globMatches(glob: string, text: string): boolean {
  let at = 0;
  let star = -1;
  let resume = 0;
  let read = 0;
  while (read < text.length) {
    if (glob[at] === "*") {
      star = at;
      resume = read;
      at += 1;
    } else if (at < glob.length && (glob[at] === "?" || glob[at] === text[read])) {
      at += 1;
      read += 1;
    } else if (star >= 0) {
      // What the last star took was too short: it takes one character more.
      resume += 1;
      read = resume;
      at = star + 1;
    } else {
      return false;
    }
  }
  return /^\**$/.test(glob.slice(at));
}

/**
 * Whether a condition holds: one of its globs matches what was presented.
 *
 * @param globs `undefined`: there is no condition
 * @param text `undefined`: nothing was presented, and so nothing matches
 */
export function matchesAny(globs: readonly string[] | undefined, text: string | undefined): boolean {
  return globs === undefined || (text !== undefined && globs.some((glob) => globMatches(glob, text)));
}
