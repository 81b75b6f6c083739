import { TextFault } from "../text/fault.ts";
import { positionAt } from "../text/position.ts";

/** One file of a repository's default branch, as GitHub shows it. */
export interface SourceFile {
  /** From the repository's root, with `/`. */
  readonly path: string;
  readonly kind: "file" | "symlink" | "submodule" | "directory";
  /** Bytes in git, which a lossy decoding cannot hide. */
  readonly size: number;
  /**
   * The content decoded as UTF-8, a byte order mark included; `null` when GitHub calls the file binary
   * or cut it short.
   */
  readonly text: string | null;
}

/** More than any hand-written manifest; it bounds the time a hostile one can take. */
const MAX_BYTES = 1_048_576;

const NOT_A_FILE = {
  symlink: "This is a symbolic link, which is not followed; commit a regular file.",
  submodule: "This is a submodule, which is not followed; commit a regular file.",
  directory: "This is a directory; commit a regular file.",
} as const satisfies Record<Exclude<SourceFile["kind"], "file">, string>;

/**
 * The text of a file that may be parsed.
 *
 * @throws {TextFault} when it is not a regular file, larger than 1 MiB, binary, or not UTF-8.
 */
export function textOf(file: SourceFile): string {
  if (file.kind !== "file") throw new TextFault(NOT_A_FILE[file.kind]);
  if (file.size > MAX_BYTES) {
    throw new TextFault(`The file has ${file.size} bytes and only ${MAX_BYTES} are read; make it smaller.`);
  }
  if (file.text === null) {
    throw new TextFault("GitHub calls this file binary or shows only a part of it; commit it as UTF-8 text.");
  }
  // A decoder puts U+FFFD where the bytes were wrong; nothing else shows that a name was mangled.
  const mangled = file.text.indexOf("\uFFFD");
  if (mangled >= 0) {
    throw new TextFault("The file is not valid UTF-8 here; save it as UTF-8.", positionAt(file.text, mangled));
  }
  if (Buffer.byteLength(file.text) !== file.size) {
    throw new TextFault("The file is not valid UTF-8, or it did not arrive whole; save it as UTF-8.");
  }
  return file.text;
}
