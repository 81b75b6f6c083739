import { createHash } from "node:crypto";
import { Refusal } from "./refusal.ts";

/** Small enough to be made between two requests, large enough to compress well; in characters. */
const CHUNK = 32_768;

/** Lines as text in chunks, and a last line with the SHA-256 over everything before it. */
export function* seal(lines: Iterable<string>): Generator<string> {
  const hash = createHash("sha256");
  let chunk = "";
  for (const line of lines) {
    chunk += `${line}\n`;
    if (chunk.length < CHUNK) continue;
    hash.update(chunk);
    yield chunk;
    chunk = "";
  }
  hash.update(chunk);
  yield `${chunk}${sealOf(hash.digest("hex"))}`;
}

function sealOf(digest: string): string {
  return `{"sha256":"${digest}"}\n`;
}

const SEAL_LENGTH = sealOf("0".repeat(64)).length;

/**
 * The lines that were sealed.
 *
 * @param check looks at the first line before the seal is looked for: another version may seal in another way
 * @throws {Refusal} when the text is cut short or is not what was sealed
 */
export function unseal<T>(text: Buffer, check: (first: string) => T): { readonly first: T; readonly lines: string[] } {
  const first = check(text.toString("utf8", 0, text.indexOf("\n")));
  const content = text.subarray(0, -SEAL_LENGTH);
  const found = text.toString("utf8", content.length);
  if (!/^\{"sha256":"[0-9a-f]{64}"\}\n$/.test(found)) throw new Refusal("is cut short");
  if (found !== sealOf(createHash("sha256").update(content).digest("hex"))) throw new Refusal(ALTERED);
  return { first, lines: content.toString("utf8").trimEnd().split("\n").slice(1) };
}

export const ALTERED = "was damaged or altered after it was written";
