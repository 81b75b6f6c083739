import { open, readFile, realpath, rename, rm } from "node:fs/promises";

import { errorCode, Failure } from "../failure.ts";

/** A dotenv file as its entries: a setting, which may span lines within quotes, or a line that is none. */
interface Entry {
  readonly name: string | undefined;
  readonly lines: readonly string[];
}

const SETTING = /^\s*(?:export\s+)?([A-Za-z_]\w*)\s*=(.*)$/;

function entriesOf(text: string): Entry[] {
  const lines = text === "" ? [] : text.replace(/\r?\n$/, "").split(/\r?\n/);
  const entries: Entry[] = [];
  for (let at = 0; at < lines.length;) {
    const [, name, value = ""] = SETTING.exec(lines[at] ?? "") ?? [];
    const length = name === undefined ? 1 : lengthOf(value.trim(), lines.slice(at));
    entries.push({ name, lines: lines.slice(at, at + length) });
    at += length;
  }
  return entries;
}

/** How many lines a value takes: one, unless a quote opens and closes further down. */
function lengthOf(value: string, lines: readonly string[]): number {
  const quote = /^["'`]/.exec(value)?.[0];
  if (quote === undefined || value.indexOf(quote, 1) !== -1) return 1;
  const end = lines.findIndex((line, index) => index > 0 && line.includes(quote));
  return end === -1 ? 1 : end + 1;
}

/** The names that have a value; an empty one, as in a copied `.env.example`, counts as none. */
export function settingsIn(text: string): ReadonlySet<string> {
  const set = new Set<string>();
  for (const { name, lines } of entriesOf(text)) {
    const value = lines
      .join("\n")
      .replace(/^[^=]*=/, "")
      .trim();
    if (name !== undefined && !/^(?:""|''|``|#.*)?$/.test(value)) set.add(name);
  }
  return set;
}

/**
 * Puts settings into the text of a dotenv file: in the place of an earlier one, else at the end.
 * All other lines stay as they are.
 *
 * @param settings values that need no quotes; `undefined` takes the setting out
 */
export function withSettings(text: string, settings: Readonly<Record<string, string | undefined>>): string {
  const pending = new Map(Object.entries(settings));
  const lines = entriesOf(text).flatMap((entry) => {
    if (entry.name === undefined || !(entry.name in settings)) return entry.lines;
    const value = pending.get(entry.name);
    pending.delete(entry.name);
    // A name set twice: the later line would win over the new value.
    return value === undefined ? [] : [`${entry.name}=${value}`];
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
  const fix = "check that its folder exists and is yours, or name another file with --env-file";
  return new Failure(`cannot ${verb} ${path} (${errorCode(error) ?? "unknown reason"}); ${fix}`);
}
