import type { PackageName } from "../domain/package-name.ts";
import { parsePackageName } from "../domain/package-name.ts";
import type { TextFault } from "../text/fault.ts";
import { attempt, invalidName } from "./fault.ts";
import type { TomlDocument } from "./toml-document.ts";
import { faultAt, readToml, stringAt, tableAt, valueAt } from "./toml-document.ts";
import { workspaceOf } from "./workspace.ts";

const PROJECT = ["project"];
const POETRY = ["tool", "poetry"];
const FLIT = ["tool", "flit", "metadata"];

/**
 * The name that a `pyproject.toml` declares, `undefined` when it only configures tools.
 *
 * `[project]` (the PyPA specification of pyproject.toml, PEP 621) wins; without it the older tables of
 * Poetry and Flit count. The dynamic name of a build script is never computed.
 *
 * @param faults takes faults that do not touch the name.
 * @throws {TextFault} when the text is not TOML, or the file is a package without a usable name.
 */
export function readPyproject(text: string, faults: TextFault[]): PackageName | undefined {
  const document = readToml(text);
  attempt(faults, () => workspaceOf(document));
  if (tableAt(document, PROJECT) !== undefined) return projectName(document);
  if (tableAt(document, POETRY) !== undefined) return poetryName(document);
  if (tableAt(document, FLIT) !== undefined) return flitName(document);
  return undefined;
}

function projectName(document: TomlDocument): PackageName | undefined {
  const dynamic = valueAt(document, [...PROJECT, "dynamic"]);
  if (Array.isArray(dynamic) && dynamic.includes("name")) {
    throw faultAt(
      document,
      [...PROJECT, "dynamic"],
      'The name is dynamic, which PEP 621 forbids; write name = "…" under [project] and take it out of dynamic.',
    );
  }
  return nameAt(document, [...PROJECT, "name"]) ?? nameless(document, PROJECT);
}

function poetryName(document: TomlDocument): PackageName | undefined {
  return nameAt(document, [...POETRY, "name"]) ?? nameless(document, POETRY);
}

// Flit takes the import name for the package unless `dist-name` says otherwise.
function flitName(document: TomlDocument): PackageName | undefined {
  return (
    nameAt(document, [...FLIT, "dist-name"]) ??
    nameAt(document, [...FLIT, "module"]) ??
    nameless(document, FLIT, "module")
  );
}

function nameAt(document: TomlDocument, path: readonly string[]): PackageName | undefined {
  const text = stringAt(document, path);
  if (text === undefined) return undefined;
  const name = parsePackageName(text);
  if (name === undefined) throw faultAt(document, path, invalidName(text));
  return name;
}

/** Poetry's `package-mode = false` is an application without a name; anything else has forgotten it. */
function nameless(document: TomlDocument, table: readonly string[], key = "name"): undefined {
  if (valueAt(document, [...POETRY, "package-mode"]) === false) return undefined;
  throw faultAt(document, table, `[${table.join(".")}] has no name; write ${key} = "…" in it.`);
}
