import { RE2JS } from "re2js";
import { parseGlob } from "../domain/path-glob.ts";
import { ROOT_MANIFESTS } from "../manifests/formats.ts";
import { closest } from "../text/closest.ts";
import { list } from "../domain/words.ts";
import { quoted } from "../text/excerpt.ts";
import { readRepository } from "./names.ts";
import type { Read } from "./shapes.ts";

const GLOB = "write letters, *, ? or [a-z]";

/** A glob on the names of repositories. */
export const readRepositoryGlob: Read<string> = (text) => {
  const bare = text.slice(text.lastIndexOf("/") + 1);
  if (bare !== text) return { fault: `has ${quoted(text)}, and owners are left out; write ${quoted(bare || "*")}` };
  if (text.startsWith("!")) {
    return { fault: `has ${quoted(text)}, and a glob cannot take away; put ${quoted(text.slice(1))} under exclude` };
  }
  // What a wildcard could stand for is a name like any other.
  if ("fault" in readRepository(text.replaceAll(/\[[^[\]]*\]|[*?]/g, "a"))) {
    return { fault: `has ${quoted(text)}, which no repository's name matches; ${GLOB}` };
  }
  return globOrFault(text, GLOB);
};

function globOrFault(text: string, fix: string): ReturnType<Read<string>> {
  return parseGlob(text) === undefined ? { fault: `has ${quoted(text)}, which is no glob; ${fix}` } : { value: text };
}

/** A path or glob of manifests, from the root of a repository. */
export const readManifestGlob: Read<string> = (text) => {
  const parts = text.split("/");
  const file = text.slice(text.lastIndexOf("/") + 1);
  if (text.includes("\\"))
    return { fault: `has ${quoted(text)}, and paths have no \\; write ${quoted(text.replaceAll("\\", "/"))}` };
  if (parts.some((part) => part === "" || part === "." || part === "..")) {
    return {
      fault: `has ${quoted(text)}, and paths begin at the repository's root; write them without a leading "/", "." or ".."`,
    };
  }
  if (!ROOT_MANIFESTS.includes(file)) {
    const meant = closest(file, ROOT_MANIFESTS);
    const fix =
      meant === undefined
        ? `end it in ${list(ROOT_MANIFESTS, "or")}`
        : `did you mean ${quoted([...parts.slice(0, -1), meant].join("/"))}?`;
    return { fault: `has ${quoted(text)}, which is no manifest; ${fix}` };
  }
  return globOrFault(text, `${GLOB}, and ** only between two /`);
};

/** A glob on the names of deployment environments, of `*` and `?`; GitHub tells them apart without regard to letter case. */
export const readEnvironment: Read<string> = (text) =>
  text.trim() === text && text !== ""
    ? { value: text.toLowerCase() }
    : { fault: `has ${quoted(text)}, which is no environment; write its name as in the repository's settings` };

/** A glob on the full names of refs, of `*` and `?`: git allows no bracket in a ref. */
export const readRefGlob: Read<string> = (text) => {
  if (/[[\]]/.test(text))
    return { fault: `has ${quoted(text)}, and no ref has a bracket; write ? or * for what differs` };
  if (/^(?:refs\/|[*?])/.test(text)) return { value: text };
  const [branch, tag] = [quoted(`refs/heads/${text}`), quoted(`refs/tags/${text}`)];
  return { fault: `has ${quoted(text)}, and refs are meant by their full names; write ${branch} or ${tag}` };
};

const MAX_EXPRESSION = 500;
// The steps that an expression compiles to bound what matching one character costs.
const MAX_PROGRAM = 5000;

/** A regular expression in RE2's syntax, which is matched in linear time. */
export const readExpression: Read<string> = (text) => {
  if (text.length > MAX_EXPRESSION)
    return { fault: `has ${text.length} characters and ${MAX_EXPRESSION} are read; use include and exclude` };
  try {
    if (RE2JS.compile(text).programSize() <= MAX_PROGRAM) return { value: text };
    return { fault: "repeats too much to be matched quickly; use smaller numbers in braces" };
  } catch (error) {
    const reason = String(error)
      .replace(/^.*error parsing regexp: /, "")
      .replaceAll("`", '"');
    return {
      fault: `is not a regular expression of RE2 (${quoted(reason).slice(1, -1)}); mend it, or use include and exclude`,
    };
  }
};
