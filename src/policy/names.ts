import { GITHUB_ROLES } from "../domain/facts.ts";
import { parsePackageName } from "../domain/package-name.ts";
import type { PackageName } from "../domain/package-name.ts";
import { quoted } from "../text/excerpt.ts";
import type { Read } from "./shapes.ts";

const A_PATTERN = 'a pattern is a name, a prefix as "acme-*", or "*"';

/** The key of a pin. */
export const readPackage: Read<PackageName> = (text) => {
  const name = parsePackageName(text);
  if (name !== undefined) return { value: name };
  if (text.includes("*")) return { fault: "must be one package's name; reserve prefixes with names.reserved" };
  return {
    fault: 'is not a valid package name; use ASCII letters, digits, ".", "_" and "-", a letter or digit at both ends',
  };
};

/** Package names that a rule or a reservation is about, in their normal form. */
export const readPattern: Read<string> = (text) => {
  if (text === "*") return { value: text };
  const [, start = text, end = ""] = /^(.*?)([-_.]*\*)$/s.exec(text) ?? [];
  const name = parsePackageName(start);
  if (name === undefined) return { fault: `has ${quoted(text)}, and ${A_PATTERN}; mend it` };
  if (end === "*") return { fault: `has ${quoted(text)}, which would cover ${name}s, too; write "${name}-*"` };
  return { value: end === "" ? name : `${name}-*` };
};

// As GitHub has them: letters of ASCII, digits, and three others.
const REPOSITORY = /^[\w.-]{1,100}$/;

/** A repository's name. */
export const readRepository: Read<string> = (text) => {
  const bare = text.slice(text.lastIndexOf("/") + 1);
  if (REPOSITORY.test(text) && !/^\.\.?$/.test(text)) return { value: text };
  if (REPOSITORY.test(bare)) return { fault: `has ${quoted(text)}, and owners are left out; write ${quoted(bare)}` };
  return { fault: `has ${quoted(text)}, which no repository is called; write its name as in its address on GitHub` };
};

const MAX_ROLE = 100;

/** GitHub's own roles in their spelling, custom ones as they are written. */
export const readRole: Read<string> = (text) => {
  const name = GITHUB_ROLES.find((role) => role === text.toLowerCase()) ?? text;
  const isName = name.trim() === name && name !== "" && name.length <= MAX_ROLE;
  return isName ? { value: name } : { fault: "is no role; write its name as on GitHub" };
};
