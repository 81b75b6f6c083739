import type { Position } from "../text/position.ts";
import { quoted } from "../text/excerpt.ts";
import { TextFault } from "../text/fault.ts";
import { NEWLINE } from "../text/position.ts";

/** One `key = value`, with the lines of its value joined as configparser joins them. */
export interface IniOption {
  readonly key: string;
  readonly value: string;
  readonly at: Position;
}

export type IniSections = ReadonlyMap<string, readonly IniOption[]>;

interface OpenOption {
  readonly key: string;
  readonly lines: string[];
  readonly at: Position;
}

/** The section whose options every other section inherits (`configparser.DEFAULTSECT`). */
export const DEFAULT_SECTION = "DEFAULT";

/**
 * Reads an ini text as Python's `configparser.ConfigParser` does with its defaults, short of interpolation
 * (`RawConfigParser._read` of CPython): full-line `#` and `;` comments, `=` or `:`, deeper lines continue a value.
 *
 * It is our own because the well-kept ini packages of npm read another dialect: `ini` splits sections at
 * dots, cuts values at `;` and `#`, takes indented lines for keys and knows no line numbers, so it would find
 * names that setuptools does not.
 *
 * @throws {TextFault} where configparser refuses the text, save for a key given twice: both are returned.
 */
export function parseIni(text: string): IniSections {
  const sections = new Map<string, OpenOption[]>();
  let section: OpenOption[] | undefined;
  let option: OpenOption | undefined;
  let indent = 0;
  for (const [index, line] of text.split(NEWLINE).entries()) {
    const content = line.trim();
    const column = line.length - line.trimStart().length + 1;
    const at = { line: index + 1, column };
    if (content.startsWith("#") || content.startsWith(";")) continue;
    if (content === "") {
      option?.lines.push("");
      continue;
    }
    if (option !== undefined && column > indent) {
      option.lines.push(content);
      continue;
    }
    indent = column;
    const header = headerOf(content);
    if (header !== undefined) {
      section = openSection(sections, header, at);
      option = undefined;
    } else {
      option = openOption(section, content, at);
    }
  }
  return new Map([...sections].map(([name, options]) => [name, options.map(closed)]));
}

// As greedy as configparser: what follows the last bracket is ignored.
function headerOf(content: string): string | undefined {
  const end = content.lastIndexOf("]");
  return content.startsWith("[") && end > 1 ? content.slice(1, end) : undefined;
}

function openSection(sections: Map<string, OpenOption[]>, name: string, at: Position): OpenOption[] {
  const known = sections.get(name);
  if (known !== undefined && name !== DEFAULT_SECTION) {
    throw new TextFault(`The section ${quoted(name)} is here a second time; merge the two.`, at);
  }
  const section = known ?? [];
  sections.set(name, section);
  return section;
}

function openOption(section: OpenOption[] | undefined, content: string, at: Position): OpenOption {
  if (section === undefined) throw new TextFault("This line is in no section; put [metadata] or another above it.", at);
  const delimiter = content.search(/[=:]/);
  if (delimiter < 1) throw new TextFault('This line is no section and no "key = value"; mend or remove it.', at);
  const key = content.slice(0, delimiter).trimEnd();
  const option = { key, lines: [content.slice(delimiter + 1).trim()], at };
  section.push(option);
  return option;
}

function closed(option: OpenOption): IniOption {
  return { key: option.key, value: option.lines.join("\n").trimEnd(), at: option.at };
}
