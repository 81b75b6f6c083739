import { randomUUID } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, open, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createGzip } from "node:zlib";

/**
 * Replaces a file by the gzip of a text, or leaves it as it was: whoever looks sees the old one or the new one, whole.
 * Only its owner may read it. The folder is made when there is none.
 *
 * @throws whatever the file system says
 */
export function replaceFile(file: string, chunks: Iterable<string>): Promise<void> {
  return replace(file, (temporary) =>
    pipeline(
      // One chunk ahead: each is made on the event loop, so between two of them others must have their turn.
      Readable.from(chunks, { highWaterMark: 0 }),
      createGzip(),
      createWriteStream(temporary, NEW_AND_OURS),
    ),
  );
}

/** Replaces a small file by a text, in the same way. */
export function replaceText(file: string, text: string): Promise<void> {
  return replace(file, (temporary) => writeFile(temporary, text, NEW_AND_OURS));
}

const NEW_AND_OURS = { flag: "wx", flags: "wx", mode: 0o600, flush: true };

async function replace(file: string, write: (temporary: string) => Promise<void>): Promise<void> {
  const folder = dirname(file);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const temporary = `${file}.${randomUUID()}.tmp`;
  try {
    await write(temporary);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
  await syncFolder(folder);
}

/** Removes what a process left behind that ended while it was writing. */
export async function removeLeftovers(file: string): Promise<void> {
  const folder = dirname(file);
  for (const name of await readdir(folder)) {
    if (name.startsWith(`${basename(file)}.`) && name.endsWith(".tmp")) await rm(join(folder, name));
  }
}

/** Makes a rename outlast a loss of power, where the file system lets a folder be synced. */
async function syncFolder(folder: string): Promise<void> {
  try {
    const handle = await open(folder, "r");
    await handle.sync().finally(() => handle.close());
  } catch {
    // Then it lasts as soon as the system gets round to it; the file is whole either way.
  }
}

/** A system error's code, such as `ENOENT`. */
export function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error ? String(error.code) : "for an unknown reason";
}
