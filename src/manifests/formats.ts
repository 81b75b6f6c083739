import type { PackageName } from "../domain/package-name.ts";
import type { TextFault } from "../text/fault.ts";
import { readPyproject } from "./pyproject.ts";
import { readSetupCfg } from "./setup-cfg.ts";

/** A kind of manifest: its file name, and how the name it declares is read from its text. */
export interface Format {
  readonly file: string;
  /**
   * @returns the name, or `undefined` when the file declares none.
   * @param faults takes faults that leave the name readable; all others are thrown.
   */
  readonly read: (text: string, faults: TextFault[]) => PackageName | undefined;
}

/** Every format we read. In one directory the first that declares a name wins. */
export const FORMATS: readonly Format[] = [
  { file: "pyproject.toml", read: readPyproject },
  { file: "setup.cfg", read: readSetupCfg },
];

/** The files to fetch from the root of every repository. */
export const ROOT_MANIFESTS: readonly string[] = FORMATS.map((format) => format.file);
