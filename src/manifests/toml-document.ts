import { parse, TomlDate, TomlError } from "smol-toml";
import type { TomlTable, TomlValue } from "smol-toml";
import { ManifestFault } from "./fault.ts";
import { locateKey } from "./toml-key.ts";

/** A parsed TOML text, which is kept to say where something stands in it. */
export interface TomlDocument {
  readonly text: string;
  readonly root: TomlTable;
}

type Path = readonly string[];

// Far above any manifest. The parser recurses: without a bound a megabyte of `[` overflows the stack.
const MAX_DEPTH = 64;

/**
 * Parses TOML. A byte order mark is skipped, as the parser does and as the specification leaves open.
 *
 * @throws {ManifestFault} at the place where the text is not TOML.
 */
export function parseToml(text: string): TomlDocument {
  try {
    // TOML's integers have 64 bits; one that a number cannot hold is no reason to refuse the file.
    return { text, root: parse(text, { maxDepth: MAX_DEPTH, integersAsBigInt: "asNeeded" }) };
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [sentence = ""] = error.message.split("\n", 1);
    const reason = sentence.replace("Invalid TOML document: ", "").replace(/\.$/, "");
    throw new ManifestFault(`This is not valid TOML: ${reason}; mend it at the caret.`, error);
  }
}

/**
 * The value at `path`, or `undefined` where there is none.
 *
 * @throws {ManifestFault} when something on the way is not a table.
 */
export function valueAt(document: TomlDocument, path: Path): TomlValue | undefined {
  const last = path.at(-1);
  return last === undefined ? document.root : tableAt(document, path.slice(0, -1))?.[last];
}

/** The table at `path`, or `undefined`. @throws {ManifestFault} when there is something else. */
export function tableAt(document: TomlDocument, path: Path): TomlTable | undefined {
  const value = valueAt(document, path);
  if (value === undefined || isTable(value)) return value;
  throw faultAt(document, path, `${path.join(".")} must be a table; write [${path.join(".")}] on a line of its own.`);
}

/** The string at `path`, or `undefined`. @throws {ManifestFault} when there is something else. */
export function stringAt(document: TomlDocument, path: Path): string | undefined {
  const value = valueAt(document, path);
  if (value === undefined || typeof value === "string") return value;
  throw faultAt(document, path, `${path.join(".")} must be a string; put it in quotes.`);
}

/** The strings at `path`, none if it is absent. @throws {ManifestFault} when there is something else. */
export function stringsAt(document: TomlDocument, path: Path): readonly string[] {
  const value = valueAt(document, path) ?? [];
  if (Array.isArray(value) && value.every((item) => typeof item === "string")) return value;
  throw faultAt(document, path, `${path.join(".")} must be an array of strings; write it as ["a", "b"].`);
}

/** A fault of the value at `path`, to be thrown. */
export function faultAt(document: TomlDocument, path: Path, message: string): ManifestFault {
  return new ManifestFault(message, locateKey(document.text, path));
}

function isTable(value: TomlValue): value is TomlTable {
  return typeof value === "object" && !Array.isArray(value) && !(value instanceof TomlDate);
}
