// As wide as a terminal: one line of a hostile file may be a megabyte.
const WIDTH = 100;

// Control and format characters (escape sequences, bidirectional overrides) and broken surrogates.
const INVISIBLE = /[\p{Cc}\p{Cf}\p{Cs}]/gu;

// Of someone else's text inside a sentence of ours.
const QUOTED_LENGTH = 60;

/** The text with everything replaced that could move a cursor or reorder what is read. */
export function visible(text: string): string {
  return text.replaceAll("\t", " ").replace(INVISIBLE, "\uFFFD");
}

/**
 * The line at `at`, its neighbours where they are not empty, and a caret under the column:
 *
 * ```text
 * 1:  [project]
 * 2:  name = 3
 *     ^
 * ```
 */
export function excerpt(lines: readonly string[], at: { readonly line: number; readonly column: number }): string {
  const start = Math.max(0, at.column - WIDTH / 2);
  const gutter = String(at.line + 1).length;
  const rows: string[] = [];
  for (const number of [at.line - 1, at.line, at.line + 1]) {
    const line = visible((lines[number - 1] ?? "").slice(start, start + WIDTH)).trimEnd();
    if (line !== "" || number === at.line) rows.push(`${String(number).padEnd(gutter)}:  ${line}`.trimEnd());
    if (number === at.line) rows.push(`${" ".repeat(gutter + 2 + at.column - start)}^`);
  }
  return rows.join("\n");
}

/** Someone else's text inside a sentence of ours: short and harmless to a terminal. */
export function quoted(text: string): string {
  return `"${visible(text.slice(0, QUOTED_LENGTH))}${text.length > QUOTED_LENGTH ? "…" : ""}"`;
}
