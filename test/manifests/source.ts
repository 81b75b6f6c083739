import type { SourceFile } from "../../src/manifests/index.ts";

/** A regular file as GitHub shows it. */
export function file(path: string, text: string): SourceFile {
  return { path, kind: "file", size: Buffer.byteLength(text), text };
}
