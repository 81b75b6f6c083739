import type { Position } from "./fault.ts";
import { positionAt } from "./fault.ts";

interface Statement {
  readonly keys: readonly string[];
  readonly isHeader: boolean;
  readonly offset: number;
}

// What can begin a key, open or close something, or end a statement. All else may be skipped.
const TOKEN = /[A-Za-z0-9_-]+|"""|'''|["'#[\]{}=\n]/g;

/**
 * Where a valid TOML document gives the value at `path`: its key, or else the nearest table that is there.
 * The parser keeps no positions, and a plain search would be misled by strings and comments.
 */
export function locateKey(text: string, path: readonly string[]): Position | undefined {
  let table: readonly string[] = [];
  let best = { depth: 0, offset: 0 };
  for (const { keys, isHeader, offset } of statements(text)) {
    // Nothing below `path` matters, and a header may be a megabyte of dots.
    if (isHeader) table = keys.slice(0, path.length);
    const full = isHeader ? keys : [...table, ...keys];
    const miss = path.findIndex((key, index) => full[index] !== key);
    const depth = miss < 0 ? path.length : miss;
    if (depth > best.depth) best = { depth, offset };
    if (miss < 0) break;
  }
  return best.depth === 0 ? undefined : positionAt(text, best.offset);
}

/** The headers and key-value pairs of a valid document, in order; inline tables are not looked into. */
function* statements(text: string): Generator<Statement> {
  const token = new RegExp(TOKEN);
  let keys: string[] = [];
  let offset = -1;
  let isHeader = false;
  let inKey = true;
  let open = 0;
  for (let match = token.exec(text); match !== null; match = token.exec(text)) {
    const [word] = match;
    if (word === "#") token.lastIndex = endOfLine(text, match.index);
    else if (word === "\n") {
      if (open === 0) [keys, offset, isHeader, inKey] = [[], -1, false, true];
    } else {
      const isString = word.startsWith('"') || word.startsWith("'");
      if (isString) token.lastIndex = endOfString(text, match.index, word);
      if (!inKey) open += nesting(word);
      else {
        if (offset < 0) offset = match.index;
        if (word === "[") isHeader = true;
        else if (word === "]" || word === "=") {
          yield { keys, isHeader, offset };
          inKey = false;
          // The second bracket of `[[…]]` closes nothing that is counted.
          if (text[token.lastIndex] === "]") token.lastIndex += 1;
        } else keys.push(isString ? text.slice(match.index + 1, token.lastIndex - 1) : word);
      }
    }
  }
}

function nesting(word: string): number {
  if (word === "[" || word === "{") return 1;
  return word === "]" || word === "}" ? -1 : 0;
}

function endOfLine(text: string, start: number): number {
  const end = text.indexOf("\n", start);
  return end < 0 ? text.length : end;
}

function endOfString(text: string, start: number, quote: string): number {
  let end = start + quote.length;
  while (end < text.length && !text.startsWith(quote, end)) end += quote.startsWith('"') && text[end] === "\\" ? 2 : 1;
  end += quote.length;
  // `"""a"""""` is a string that ends in two quotes.
  while (quote.length === 3 && text[end] === text[start]) end += 1;
  return end;
}
