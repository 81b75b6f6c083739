import { open, readFile, realpath, rename, rm } from "node:fs/promises";

import { errorCode, Failure } from "../failure.ts";

/** A setting, whose value may span lines within quotes, or a line that is none. */
interface Entry {
  readonly text: string;
  readonly name: string | undefined;
  readonly value: string;
}

const ENTRY = /^(?:[ \t]*(?:export[ \t]+)?([A-Za-z_]\w*)[ \t]*=[ \t]*("[^"]*"|'[^']*'|`[^`]*`)?(.*)|.*)$/gm;

function entriesOf(file: string): Entry[] {
  const body = file.replaceAll("\r\n", "\n").replace(/\n$/, "");
  if (body === "") return [];
  return Array.from(body.matchAll(ENTRY), ([text, name, quoted, rest = ""]) => ({ text, name, value: quoted ?? rest }));
}

/** The names that have a value; an empty one, as in a copied `.env.example`, counts as none. */
export function settingsIn(file: string): ReadonlySet<string> {
  const filled = entriesOf(file).filter(({ value }) => !/^(?:""|''|``|#.*)?$/.test(value.trim()));
  return new Set(filled.flatMap(({ name }) => name ?? []));
}

/**
 * Puts settings into the text of a dotenv file: in the place of an earlier one, else at the end.
 * All other lines stay as they are.
 *
 * @param settings values that need no quotes; `undefined` takes a setting out
 */
export function withSettings(file: string, settings: Readonly<Record<string, string | undefined>>): string {
  const pending = new Map(Object.entries(settings));
  const lines = entriesOf(file).flatMap(({ text, name }) => {
    if (name === undefined || !(name in settings)) return [text];
    const value = pending.get(name);
    // A name set twice: the later line would win over the new value.
    pending.delete(name);
    return value === undefined ? [] : [`${name}=${value}`];
  });
  for (const [name, value] of pending) if (value !== undefined) lines.push(`${name}=${value}`);
  return lines.map((line) => `${line}\n`).join("");
}

/** The file's text; empty when there is none yet. */
export async function readEnvFile(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (errorCode(error) === "ENOENT") return "";
    throw unusable("read", path, error);
  }
}

/** Replaces the file in one step, readable by its owner only: it holds the App's key. */
export async function writeEnvFile(path: string, text: string): Promise<void> {
  const target = await targetOf(path);
  const temporary = `${target}.new`;
  try {
    // A left-over of an interrupted run may have another mode, and "wx" refuses to write through a link.
    await rm(temporary, { force: true });
    const file = await open(temporary, "wx", 0o600);
    try {
      await file.writeFile(text);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, target);
  } catch (error) {
    throw unusable("write", path, error);
  }
}

/** Fails now what {@link writeEnvFile} would fail on later, when GitHub's one answer would be lost. */
export async function checkWritable(path: string): Promise<void> {
  const probe = `${await targetOf(path)}.new`;
  try {
    await rm(probe, { force: true });
    await (await open(probe, "wx", 0o600)).close();
    await rm(probe);
  } catch (error) {
    throw unusable("write", path, error);
  }
}

/** A link is followed, so that the file it points to changes and the link stays. */
async function targetOf(path: string): Promise<string> {
  try {
    return await realpath(path);
  } catch (error) {
    if (errorCode(error) === "ENOENT") return path;
    throw unusable("read", path, error);
  }
}

function unusable(verb: string, path: string, error: unknown): Failure {
  const fix = "check that its folder exists and is yours, or name another file with --file";
  return new Failure(`cannot ${verb} ${path} (${errorCode(error) ?? "unknown reason"}); ${fix}`);
}
