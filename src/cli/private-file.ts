import { open, readFile, realpath, rename, rm } from "node:fs/promises";

import { errorCode, Failure } from "./failure.ts";

/** A file that holds secrets: replaced in one step, and readable by its owner only. */
export interface PrivateFile {
  readonly path: string;
  /** What to do when it cannot be used, as the end of a sentence. */
  readonly fix: string;
}

/** The file's text; empty when there is none yet. */
export async function readPrivateFile({ path, fix }: PrivateFile): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "";
    throw unusable("read", { path, fix }, error);
  }
}

export async function writePrivateFile(file: PrivateFile, text: string): Promise<void> {
  const target = await targetOf(file);
  const temporary = `${target}.new`;
  try {
    // A left-over of an interrupted run may have another mode, and "wx" refuses to write through a link.
    await rm(temporary, { force: true });
    const handle = await open(temporary, "wx", 0o600);
    try {
      await handle.writeFile(text);
      await handle.sync();
    } finally {
      await handle.close();
    }
    await rename(temporary, target);
  } catch (error) {
    throw unusable("write", file, error);
  }
}

/** Fails now what {@link writePrivateFile} would fail on later, when GitHub's one answer would be lost. */
export async function checkWritable(file: PrivateFile): Promise<void> {
  const probe = `${await targetOf(file)}.new`;
  try {
    await rm(probe, { force: true });
    await (await open(probe, "wx", 0o600)).close();
    await rm(probe);
  } catch (error) {
    throw unusable("write", file, error);
  }
}

/** A link is followed, so that the file it points to changes and the link stays. */
async function targetOf(file: PrivateFile): Promise<string> {
  try {
    return await realpath(file.path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return file.path;
    throw unusable("read", file, error);
  }
}

function unusable(verb: string, { path, fix }: PrivateFile, error: unknown): Failure {
  return new Failure(`cannot ${verb} ${path} (${errorCode(error) ?? "unknown reason"}); ${fix}`);
}
