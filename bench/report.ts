/** What a part of the benchmark found. Absolute figures belong to the machine; ratios and counts are what is claimed. */
export interface Report {
  readonly title: string;
  /** What was measured and how, in a sentence or two. */
  readonly method: string;
  readonly columns: readonly string[];
  readonly rows: readonly (readonly [name: string, ...cells: readonly string[]])[];
  readonly goals: readonly Goal[];
}

export interface Goal {
  readonly name: string;
  readonly value: number;
  readonly limit: number;
  /** Whether the value should be at least or at most the limit. */
  readonly direction: "at least" | "at most";
}

export function holds({ value, limit, direction }: Goal): boolean {
  return direction === "at least" ? value >= limit : value <= limit;
}

/** The report as aligned text. */
export function render({ title, method, columns, rows, goals }: Report): string {
  const table = [["", ...columns], ...rows];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((cells) => cells[column]?.length ?? 0))) ?? [];
  const lines = table.map((cells) =>
    cells
      .map((cell, column) => (column === 0 ? cell.padEnd(widths[column] ?? 0) : cell.padStart(widths[column] ?? 0)))
      .join("  ")
      .trimEnd(),
  );
  const verdicts = goals.map((goal) => {
    const { name, value, limit, direction } = goal;
    return `${holds(goal) ? "holds " : "MISSED"}  ${name}: ${figure(value)} (goal: ${direction} ${figure(limit)})`;
  });
  return [`\n${title}`, method, "", ...lines, "", ...verdicts, ""].join("\n");
}

/** Three significant digits, without exponents. */
export function figure(value: number): string {
  if (Math.abs(value) >= 100) return Math.round(value).toLocaleString("en-US");
  return String(Number(value.toPrecision(3)));
}

export function megabytes(bytes: number): string {
  return `${figure(bytes / 1e6)} MB`;
}
