import { USERNAME } from "./system-keyring.ts";

/** What a netrc file says of one machine; `undefined` members were not given. */
interface Entry {
  /** `undefined`: the entry for all other machines. */
  readonly machine: string | undefined;
  readonly login: string | undefined;
  readonly password: string | undefined;
  /** Where it stands in the text. */
  readonly start: number;
  readonly end: number;
}

/** A word, quoted or not, as Python's `netrc` reads it; a backslash takes the next character as it is. */
const WORD = /"(?:[^"\\]|\\[\s\S])*"?|(?:\\[\s\S]|[^\s\\])+/y;
const BLANKS = /\s*/y;
const REST_OF_LINE = /[^\n]*/y;
/** A macro goes on to the first empty line. */
const MACRO = /[\s\S]*?(?:\n[ \t\r]*(?=\n)|$)/y;

/** The password of a login that Packgate wrote for a machine. */
export function loginIn(text: string, machine: string): string | undefined {
  return entriesOf(text).find((entry) => entry.machine === machine && isOurs(entry))?.password;
}

/** Whether somebody else has written an entry for the machine, which tools could take instead. */
export function isTaken(text: string, machine: string): boolean {
  return entriesOf(text).some((entry) => entry.machine === machine && !isOurs(entry));
}

/** The text with our entry for a machine, in the place of an earlier one of ours; all else stays as it is. */
export function withLogin(text: string, machine: string, token: string): string {
  // First: after a macro it might be read as part of it, and after "default" by nobody.
  return `machine ${machine} login ${USERNAME} password ${token}\n${withoutLogin(text, machine)}`;
}

/** The text without our entries for a machine; all else stays as it is. */
export function withoutLogin(text: string, machine: string): string {
  return entriesOf(text)
    .filter((entry) => entry.machine === machine && isOurs(entry))
    .reduceRight((rest, { start, end }) => rest.slice(0, start) + rest.slice(lineEnd(rest, start, end)), text);
}

function isOurs({ login, password }: Entry): boolean {
  return login === USERNAME && password?.startsWith("pgt_") === true;
}

/** An entry that has its lines for itself takes the last line break with it. */
function lineEnd(text: string, start: number, end: number): number {
  const begins = start === 0 || text[start - 1] === "\n";
  const [blank = ""] = /^[ \t\r]*\n?/.exec(text.slice(end)) ?? [];
  return begins && (blank.endsWith("\n") || end + blank.length === text.length) ? end + blank.length : end;
}

function entriesOf(text: string): readonly Entry[] {
  const entries: Entry[] = [];
  let at = 0;
  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const [found = ""] = pattern.exec(text) ?? [];
    at += found.length;
    return found;
  };
  const word = (): string => {
    take(BLANKS);
    const found = take(WORD);
    return (found.startsWith('"') ? found.slice(1).replace(/"$/, "") : found).replaceAll(/\\([\s\S])/g, "$1");
  };
  /** The fields of an entry, up to the next word that begins something else. */
  const fields = (machine: string | undefined, start: number): Entry => {
    const known = new Map<string, string>();
    let end = at;
    for (;;) {
      const back = at;
      const name = word();
      if (name.startsWith("#")) take(REST_OF_LINE);
      else if (!FIELDS.has(name)) {
        at = back;
        return { machine, login: known.get("login") ?? known.get("user"), password: known.get("password"), start, end };
      } else {
        known.set(name, word());
        end = at;
      }
    }
  };

  for (;;) {
    take(BLANKS);
    const start = at;
    const name = word();
    if (name === "") return entries;
    if (name === "machine") entries.push(fields(word(), start));
    else if (name === "default") entries.push(fields(undefined, start));
    else if (name === "macdef") take(MACRO);
    else if (name.startsWith("#")) take(REST_OF_LINE);
  }
}

const FIELDS: ReadonlySet<string> = new Set(["login", "user", "account", "password"]);
