import type { Io } from "./io.ts";

/** What a person sees. Text from a server or a repository can hold anything, so nothing prints unescaped. */

const COLOURS = { green: 32, yellow: 33, red: 31, bold: 1 } as const;
export type Colour = keyof typeof COLOURS;

/** A table's cell, coloured or not. */
export type Cell = string | { readonly text: string; readonly colour: Colour };

/** Prints one line. */
export function printLine(io: Io, ...cells: readonly Cell[]): void {
  printTable(io, [cells]);
}

/**
 * Prints rows: aligned columns below a header for people, tab separated without one for programs.
 *
 * @param header column names, in capitals
 */
export function printTable(io: Io, rows: readonly (readonly Cell[])[], header?: readonly string[]): void {
  if (!io.isTTY) {
    for (const row of rows) io.stdout.write(`${row.map((cell) => printable(textOf(cell))).join("\t")}\n`);
    return;
  }
  const heading = header?.map((text) => ({ text, colour: "bold" }) as const);
  const lines = heading === undefined || rows.length === 0 ? rows : [heading, ...rows];
  const widths: number[] = [];
  for (const line of lines) {
    for (const [column, cell] of line.entries()) widths[column] = Math.max(widths[column] ?? 0, width(cell));
  }
  for (const line of lines) {
    const cells = line.map((cell, column) => {
      const padding = column === line.length - 1 ? 0 : (widths[column] ?? 0) - width(cell);
      return paint(io, cell) + " ".repeat(padding);
    });
    io.stdout.write(`${cells.join("  ").trimEnd()}\n`);
  }
}

/** Says something about the result without being part of it. */
export function remark(io: Io, sentence: string): void {
  io.stderr.write(`${printable(sentence)}\n`);
}

/** Prints a document for machines. */
export function printJson(io: Io, value: unknown): void {
  // JSON.stringify leaves DEL, C1 controls and directional marks as they are, and terminals obey them.
  const text = JSON.stringify(value, null, 2).replaceAll(/[\p{Cc}\p{Cf}]/gu, (char) =>
    char === "\n" ? char : jsonEscape(char),
  );
  io.stdout.write(`${text}\n`);
}

/** Makes control characters visible: an escape sequence in a manifest must not reach a terminal. */
export function printable(text: string): string {
  return text.replaceAll(/[\p{Cc}\p{Cf}]/gu, jsonEscape);
}

function jsonEscape(char: string): string {
  const units = char.split("").map((unit) => unit.charCodeAt(0).toString(16).padStart(4, "0"));
  return units.map((unit) => `\\u${unit}`).join("");
}

function paint(io: Io, cell: Cell): string {
  const text = printable(textOf(cell));
  if (typeof cell === "string" || !io.isTTY || io.env["NO_COLOR"] || io.env["TERM"] === "dumb") return text;
  return `\u001b[${COLOURS[cell.colour]}m${text}\u001b[0m`;
}

function textOf(cell: Cell): string {
  return typeof cell === "string" ? cell : cell.text;
}

function width(cell: Cell): number {
  return Array.from(printable(textOf(cell))).length;
}
