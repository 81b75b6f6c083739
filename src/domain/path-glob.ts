/**
 * A glob in the language of the Rust crate `glob` (0.3), which uv uses: `?`, `*`, `[a-z]`, `[!a-z]`, and `**` as a
 * whole component; no braces and no backslashes. Hidden names need no literal dot.
 */
export interface Glob {
  readonly tokens: readonly Token[];
  /** What every match begins with; most paths are told apart by it alone. */
  readonly prefix: string;
}

type Token =
  | { readonly kind: "literal"; readonly char: string }
  | { readonly kind: "one"; readonly accepts: (char: string) => boolean }
  | { readonly kind: "many" }
  | { readonly kind: "tree" };

const PART = /\*+|\?|\[!([^][^\]]*)\]|\[([^!][^\]]*)\]|[^]/gu;

/** Reads a glob; `undefined` when it is malformed (`Pattern::new` of the crate refuses it). */
export function parseGlob(text: string): Glob | undefined {
  const tokens: Token[] = [];
  let end = 0;
  for (const match of text.matchAll(PART)) {
    // `**/` was taken as one.
    if (match.index < end) continue;
    const [part, except, within] = match;
    end = match.index + part.length;
    if (part === "**") {
      const whole = /^\/?$/.test(text.slice(match.index - 1, match.index)) && /^\/?$/.test(text.slice(end, end + 1));
      if (!whole) return undefined;
      tokens.push({ kind: "tree" });
      end += 1;
    } else if (part === "*") tokens.push({ kind: "many" });
    else if (part === "?") tokens.push({ kind: "one", accepts: () => true });
    else if (except !== undefined) tokens.push({ kind: "one", accepts: (char) => !inClass(except, char) });
    else if (within !== undefined) tokens.push({ kind: "one", accepts: (char) => inClass(within, char) });
    else if (part === "[" || part.startsWith("*")) return undefined;
    else tokens.push({ kind: "literal", char: part });
  }
  return { tokens, prefix: text.slice(0, text.search(/[*?[]|$/)) };
}

function inClass(specifiers: string, char: string): boolean {
  for (const [, low = "", high = low] of specifiers.matchAll(/([^])(?:-([^]))?/gu)) {
    if (low <= char && char <= high) return true;
  }
  return false;
}

/** How many steps {@link matches} takes, so that a caller can stop before a hostile glob costs much. */
export function cost(glob: Glob, path: string): number {
  return path.startsWith(glob.prefix) ? 1 + glob.tokens.length * path.length : 1;
}

/**
 * Whether the glob matches the whole path. The time is the product of both lengths, whatever they are:
 * a regular expression made of the same glob can take exponential time.
 *
 * @param crossing whether `*`, `?` and classes may match a `/`.
 */
export function matches(glob: Glob, path: string, crossing: boolean): boolean {
  if (!path.startsWith(glob.prefix)) return false;
  const chars = Array.from(path);
  const end = chars.length;
  // rest[i] is 1 where the tokens after this one match what begins at i.
  let rest = new Uint8Array(end + 2);
  rest[end] = 1;
  for (const token of glob.tokens.toReversed()) {
    const here = new Uint8Array(end + 2);
    for (let i = end; i >= 0; i--) {
      const char = chars[i];
      const passes = char !== undefined && (crossing || char !== "/");
      const next = rest[i + 1] === 1;
      let fits: boolean;
      if (token.kind === "literal") fits = next && char === token.char;
      else if (token.kind === "one") fits = next && passes && token.accepts(char);
      else if (token.kind === "many") fits = rest[i] === 1 || (passes && here[i + 1] === 1);
      else fits = here[i + 1] === 1 || (rest[i] === 1 && (i === 0 || i === end || chars[i - 1] === "/"));
      here[i] = fits ? 1 : 0;
    }
    rest = here;
  }
  return rest[0] === 1;
}
