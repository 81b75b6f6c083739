/** A place in a text, both 1-based; the column counts UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export const NEWLINE = /\r\n|\r|\n/;

export function positionAt(text: string, offset: number): Position {
  const lines = text.slice(0, offset).split(NEWLINE);
  return { line: lines.length, column: lines.reduce((_, last) => last.length, 0) + 1 };
}
