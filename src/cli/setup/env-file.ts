import type { PrivateFile } from "../private-file.ts";

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

/** The file that gets the settings. */
export function envFile(path: string): PrivateFile {
  return { path, fix: "check that its folder exists and is yours, or name another file with --file" };
}
