import { readFile } from "node:fs/promises";
import { promisify } from "node:util";
import { gunzip } from "node:zlib";
import { codeOf } from "./files.ts";
import { decode, readHeader } from "./format.ts";
import { Refusal } from "./refusal.ts";
import type { Identity, Saved } from "./saved.ts";
import type { ReadPolicy } from "./slices.ts";
import { ALTERED, unseal } from "./seal.ts";

/**
 * @returns `undefined` when there is no such file
 * @throws {Refusal} when it is anything but a whole snapshot of this App by this version
 */
export async function readSnapshot(
  file: string,
  identity: Identity,
  readPolicy: ReadPolicy,
): Promise<Saved | undefined> {
  const bytes = await read(file);
  if (bytes === undefined) return undefined;
  const { first, lines } = unseal(await unpack(bytes), readHeader);
  return decode(first, lines, identity, readPolicy);
}

async function read(file: string): Promise<Buffer | undefined> {
  try {
    return await readFile(file);
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    const advice = "to use it after all, let this process read it, put it back and restart";
    throw new Refusal(`cannot be read (${codeOf(error)})`, advice, { cause: error });
  }
}

async function unpack(bytes: Buffer): Promise<Buffer> {
  try {
    return await promisify(gunzip)(bytes);
  } catch (error) {
    // zlib's word for a stream that ends too early.
    if (codeOf(error) === "Z_BUF_ERROR") throw new Refusal("is cut short", undefined, { cause: error });
    const packed = bytes[0] === 0x1f && bytes[1] === 0x8b;
    throw new Refusal(packed ? ALTERED : "is not a snapshot of Packgate", undefined, { cause: error });
  }
}
