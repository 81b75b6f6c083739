import { parse, TomlError } from "smol-toml";
import type { TomlTable } from "smol-toml";
import { TextFault } from "./fault.ts";

// Far above any file that people write. The parser recurses: without a bound a megabyte of `[` overflows the stack.
const MAX_DEPTH = 64;

/**
 * Parses TOML. A byte order mark is skipped, as the parser does and as the specification leaves open.
 *
 * @throws {TextFault} at the place where the text is not TOML.
 */
export function parseToml(text: string): TomlTable {
  try {
    // TOML's integers have 64 bits; one that a number cannot hold is no reason to refuse the file.
    return parse(text, { maxDepth: MAX_DEPTH, integersAsBigInt: "asNeeded" });
  } catch (error) {
    if (!(error instanceof TomlError)) throw error;
    const [sentence = ""] = error.message.split("\n", 1);
    const reason = sentence.replace("Invalid TOML document: ", "").replace(/\.$/, "");
    throw new TextFault(`This is not valid TOML: ${reason}; mend it at the caret.`, error);
  }
}
