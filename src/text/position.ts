/** A place in a text, both 1-based; the column counts UTF-16 units, as editors do. */
export interface Position {
  readonly line: number;
  readonly column: number;
}

export const NEWLINE = /\r\n|\r|\n/;

export function positionAt(text: string, offset: number): Position {
  return positionsIn(text)(offset);
}

/** Looks through the text once, for many offsets. */
export function positionsIn(text: string): (offset: number) => Position {
  const starts = [0, ...Array.from(text.matchAll(new RegExp(NEWLINE, "g")), ({ 0: end, index }) => index + end.length)];
  return (offset) => {
    let low = 0;
    let high = starts.length;
    while (high - low > 1) {
      const middle = (low + high) >> 1;
      if (Number(starts[middle]) <= offset) low = middle;
      else high = middle;
    }
    return { line: low + 1, column: offset - Number(starts[low]) + 1 };
  };
}
