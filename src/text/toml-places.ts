import { parseToml } from "./toml.ts";

/** Where a valid TOML document gives something; offsets from the beginning of the text. */
export interface Place {
  /** The key, or the value where there is no key: an element of an array. */
  readonly key: number;
  value: number;
  /** The statement, a header or a key with its value, in which this is first given. */
  readonly statement: number;
  /** What is below: by key, or by index in an array. */
  children?: Map<string | number, Place>;
  /** Of an array of tables: the last, which is meant by a header that goes on. */
  last?: Place;
}

// White space and the commas between elements, or a comment.
const BLANK = /[\s,]+|#[^\n]*/y;
const BARE_KEY = /[A-Za-z0-9_-]+/y;
const DOT = /[ \t]*\.[ \t]*/y;
const SCALAR = /[^][^,\]}#\n]*/y;

/**
 * Every place of a valid document, in one pass: the parser keeps no positions, and a plain search would be misled
 * by strings and comments.
 *
 * @returns the root, which stands at the beginning.
 */
export function placesOf(text: string): Place {
  let at = 0;
  let statement = 0;

  const take = (pattern: RegExp): string => {
    pattern.lastIndex = at;
    const [found = ""] = pattern.exec(text) ?? [];
    at += found.length;
    return found;
  };
  const skipBlank = (): number => {
    while (take(BLANK) !== "");
    return at;
  };
  const place = (parent: Place, name: string | number, key: number, value: number): Place => {
    const made: Place = { key, value, statement };
    (parent.children ??= new Map()).set(name, made);
    return made;
  };
  const takeString = (): string => {
    const start = at;
    at = endOfString(text, start);
    return text.slice(start, at);
  };

  /** Reads a key and goes down to what it names, making the tables on the way. */
  const takeKey = (from: Place, isElement = false): Place => {
    let found = from;
    for (;;) {
      const key = skipBlank();
      const raw = /["']/.test(text.charAt(key)) ? takeString() : take(BARE_KEY);
      const name = raw.includes("\\")
        ? String(Object.keys(parseToml(`${raw}=0`))[0])
        : raw.replaceAll(/^["']|["']$/g, "");
      const isLast = take(DOT) === "";
      const child = found.children?.get(name) ?? place(found, name, key, key);
      if (isLast && isElement) return (child.last = place(child, sizeOf(child), key, key));
      found = child.last ?? child;
      if (isLast) return found;
    }
  };
  /** Reads `key = value` of a table or an inline table. */
  const takePair = (table: Place): void => {
    const named = takeKey(table);
    skipBlank();
    at += "=".length;
    named.value = skipBlank();
    takeValue(named);
  };
  const takeValue = (holder: Place): void => {
    const opening = text.charAt(at);
    if (/["']/.test(opening)) takeString();
    else if (opening === "[" || opening === "{") {
      at += 1;
      const closing = opening === "[" ? "]" : "}";
      while (skipBlank() < text.length && text.charAt(at) !== closing) {
        if (opening === "{") takePair(holder);
        else takeValue(place(holder, sizeOf(holder), at, at));
      }
      at += 1;
    } else take(SCALAR);
  };

  const root: Place = { key: 0, value: 0, statement: 0 };
  let table = root;
  while (skipBlank() < text.length) {
    statement = at;
    if (text.charAt(at) !== "[") takePair(table);
    else {
      const isElement = text.charAt(at + 1) === "[";
      at += isElement ? 2 : 1;
      table = takeKey(root, isElement);
      skipBlank();
      at += isElement ? 2 : 1;
    }
  }
  return root;
}

/** The place at `path`, or else of the nearest table that is there. */
export function nearest(root: Place, path: readonly PropertyKey[]): Place {
  let place = root;
  for (const part of path) {
    const child = typeof part === "symbol" ? undefined : place.children?.get(part);
    if (child === undefined) break;
    place = child;
  }
  return place;
}

function sizeOf({ children }: Place): number {
  return children?.size ?? 0;
}

function endOfString(text: string, start: number): number {
  const triple = text.slice(start, start + 3);
  const quote = triple === '"""' || triple === "'''" ? triple : text.charAt(start);
  let end = start + quote.length;
  while (end < text.length && !text.startsWith(quote, end)) end += quote.startsWith('"') && text[end] === "\\" ? 2 : 1;
  end += quote.length;
  // `"""a"""""` is a string that ends in two quotes.
  while (quote.length === 3 && text[end] === text[start]) end += 1;
  return end;
}
