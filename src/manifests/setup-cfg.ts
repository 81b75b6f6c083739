import type { PackageName } from "../domain/package-name.ts";
import { parsePackageName } from "../domain/package-name.ts";
import { invalidName } from "./fault.ts";
import { quoted } from "../text/excerpt.ts";
import { TextFault } from "../text/fault.ts";
import { DEFAULT_SECTION, parseIni } from "./ini.ts";
import type { IniOption, IniSections } from "./ini.ts";

/**
 * The name that the declarative configuration of setuptools gives (`[metadata] name` of `setup.cfg`),
 * `undefined` when the file only configures tools.
 *
 * @throws {TextFault} when configparser would refuse the text, or the name is not written out.
 */
export function readSetupCfg(text: string): PackageName | undefined {
  if (text.startsWith("\uFEFF")) {
    throw new TextFault("The file begins with a byte order mark, which setuptools refuses; save it without.", {
      line: 1,
      column: 1,
    });
  }
  const option = nameOption(parseIni(text));
  if (option === undefined) return undefined;
  const { value, at } = option;
  if (/^(?:attr|file):/.test(value)) {
    throw new TextFault(`The name is ${quoted(value)}, and nothing is executed to find it; write the name itself.`, at);
  }
  if (value.includes("%")) {
    throw new TextFault(`The name ${quoted(value)} uses "%", which is not expanded; write the name itself.`, at);
  }
  const name = parsePackageName(value);
  if (name === undefined) throw new TextFault(invalidName(value), at);
  return name;
}

function nameOption(sections: IniSections): IniOption | undefined {
  const metadata = sections.get("metadata");
  if (metadata === undefined) return undefined;
  const [own, second] = metadata.filter(isName);
  if (second !== undefined) {
    throw new TextFault("The name is here a second time; keep one.", second.at);
  }
  // A key of [DEFAULT] is a key of every section, also for setuptools.
  return own ?? sections.get(DEFAULT_SECTION)?.find(isName);
}

// setuptools lower-cases the keys of [metadata].
function isName(option: IniOption): boolean {
  return option.key.toLowerCase() === "name";
}
