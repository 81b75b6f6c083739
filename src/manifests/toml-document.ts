import { TomlDate } from "smol-toml";
import type { TomlTable, TomlValue } from "smol-toml";
import { TextFault } from "../text/fault.ts";
import { positionAt } from "../text/position.ts";
import { parseToml } from "../text/toml.ts";
import { nearest, placesOf } from "../text/toml-places.ts";

/** A parsed TOML text, which is kept to say where something stands in it. */
export interface TomlDocument {
  readonly text: string;
  readonly root: TomlTable;
}

type Path = readonly string[];

/** Parses TOML, and keeps the text. @throws {TextFault} at the place where it is not TOML. */
export function readToml(text: string): TomlDocument {
  return { text, root: parseToml(text) };
}

/**
 * The value at `path`, or `undefined` where there is none.
 *
 * @throws {TextFault} when something on the way is not a table.
 */
export function valueAt(document: TomlDocument, path: Path): TomlValue | undefined {
  const last = path.at(-1);
  return last === undefined ? document.root : tableAt(document, path.slice(0, -1))?.[last];
}

/** The table at `path`, or `undefined`. @throws {TextFault} when there is something else. */
export function tableAt(document: TomlDocument, path: Path): TomlTable | undefined {
  const value = valueAt(document, path);
  if (value === undefined || isTable(value)) return value;
  throw faultAt(document, path, `${path.join(".")} must be a table; write [${path.join(".")}] on a line of its own.`);
}

/** The string at `path`, or `undefined`. @throws {TextFault} when there is something else. */
export function stringAt(document: TomlDocument, path: Path): string | undefined {
  const value = valueAt(document, path);
  if (value === undefined || typeof value === "string") return value;
  throw faultAt(document, path, `${path.join(".")} must be a string; put it in quotes.`);
}

/** The strings at `path`, none if it is absent. @throws {TextFault} when there is something else. */
export function stringsAt(document: TomlDocument, path: Path): readonly string[] {
  const value = valueAt(document, path) ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw faultAt(document, path, `${path.join(".")} must be an array of strings; write it as ["a", "b"].`);
}

/** A fault of the value at `path`, to be thrown; it stands where the value, or else the nearest table, is given. */
export function faultAt({ text }: TomlDocument, path: Path, message: string): TextFault {
  return new TextFault(message, positionAt(text, nearest(placesOf(text), path).statement));
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof TomlDate);
}
