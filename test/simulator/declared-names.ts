import { parse } from "smol-toml";
import { textOf } from "./git.ts";
import type { Files } from "./model.ts";

/** The oracle's own reading of manifests: which package names a tree of files declares, PEP 503-normalised. */

type Table = Record<string, unknown>;

export function declaredNames(files: Files): Set<string> {
  const pyproject = readToml(files, "pyproject.toml");
  const names = [nameIn(pyproject) ?? nameInSetupCfg(files)];
  const workspace = table(table(table(pyproject?.["tool"])?.["uv"])?.["workspace"]);
  if (workspace !== undefined) {
    for (const path of files.keys()) {
      const directory = /^(.+)\/pyproject\.toml$/.exec(path)?.[1];
      if (directory === undefined) continue;
      const matches = (globs: unknown): boolean => strings(globs).some((glob) => globPattern(glob).test(directory));
      if (matches(workspace["members"]) && !matches(workspace["exclude"])) names.push(nameIn(readToml(files, path)));
    }
  }
  return new Set(names.filter((name) => name !== undefined).map(normalized));
}

/** Whether some manifest is there and cannot be read, so that nobody knows what it declares. */
export function hasFault(files: Files): boolean {
  return [...files].some(([path, file]) => {
    if (!/(^|\/)pyproject\.toml$/.test(path)) return false;
    return file.mode === "120000" || readToml(files, path) === undefined;
  });
}

export function normalized(name: string): string {
  return name.toLowerCase().replaceAll(/[-_.]+/g, "-");
}

function nameIn(pyproject: Table | undefined): string | undefined {
  const tool = table(pyproject?.["tool"]);
  const flit = table(table(tool?.["flit"])?.["metadata"]);
  const candidates = [
    table(pyproject?.["project"])?.["name"],
    table(tool?.["poetry"])?.["name"],
    flit?.["dist-name"],
    flit?.["module"],
  ];
  return validName(candidates.find((name) => typeof name === "string"));
}

function nameInSetupCfg(files: Files): string | undefined {
  const file = files.get("setup.cfg");
  if (file === undefined || file.mode === "120000") return undefined;
  let section = "";
  for (const line of textOf(file).split(/\r?\n/)) {
    section = /^\[(.+)\]\s*$/.exec(line)?.[1]?.trim() ?? section;
    const name = /^name\s*[=:]\s*(.*?)\s*$/i.exec(line)?.[1];
    if (section === "metadata" && name !== undefined) return validName(name);
  }
  return undefined;
}

function validName(name: unknown): string | undefined {
  return typeof name === "string" && /^[a-z0-9]([a-z0-9._-]*[a-z0-9])?$/i.test(name) ? name : undefined;
}

function readToml(files: Files, path: string): Table | undefined {
  const file = files.get(path);
  // a symbolic link's content is a path, not a manifest
  if (file === undefined || file.mode === "120000") return undefined;
  try {
    return parse(textOf(file).replace(/^\uFEFF/, ""));
  } catch {
    return undefined;
  }
}

function table(value: unknown): Table | undefined {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? { ...value } : undefined;
}

function strings(value: unknown): string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === "string") : [];
}

function globPattern(glob: string): RegExp {
  const source = glob
    .replace(/^\.\//, "")
    .replace(/\/$/, "")
    .replaceAll(/[.+^${}()|[\]\\]/g, "\\$&")
    .replaceAll("**", "\0")
    .replaceAll("*", "[^/]*")
    .replaceAll("?", "[^/]")
    .replaceAll("\0", ".*");
  return new RegExp(`^${source}$`);
}
