import type { PackageName } from "../domain/package-name.ts";
import { parsePackageName } from "../domain/package-name.ts";
import { projectsOfDistribution } from "./file-name.ts";
import type { Names } from "./read-path.ts";

/** A form up to where its file begins. */
export interface FormHead {
  /** What is uploaded; with several names as in a path: it takes the permission on each that anybody claims. */
  readonly names: Names;
  /** Where the content of the file begins, in characters. */
  readonly fileAt: number;
}

/** Why an upload is not believed, in words that follow "this upload is not understood: ". */
export interface FormProblem {
  readonly problem: string;
}

/** No quotes, nothing that a parser could read differently (RFC 2046, section 5.1.1, allows more). */
const FORM_TYPE = /^multipart\/form-data; ?boundary=([A-Za-z0-9_.-]{1,70})$/;
const DISPOSITION = /^content-disposition: form-data; name="([!#-[\]-~]+)"(?:; filename="([!#-[\]-~]+)")?$/i;
/** No type that is a form itself, and no other header: parsers differ about both. */
const PART_TYPE = /^content-type: (?:application\/octet-stream|text\/plain)(?:; ?charset=(?:utf-8|us-ascii))?$/i;
/** What an index may obey. Parsers differ in which of two they keep. */
const ONCE: ReadonlySet<string> = new Set([":action", "name", "content", "gpg_signature"]);

/** The boundary that a Content-Type header announces; `undefined` when it is none of a form, or an odd one. */
export function boundaryOf(contentType: string): string | undefined {
  return FORM_TYPE.exec(contentType)?.[1];
}

interface Part {
  readonly name: string;
  readonly fileName: string | undefined;
  /** Where its content begins. */
  readonly at: number;
}

/**
 * Reads the form of an upload (warehouse's legacy API) up to its file, strictly: pypiserver believes the file's name
 * and pypicloud the field, the last of two parts may win or the first, and `:action` may delete. So whatever two
 * readers could read differently is refused.
 *
 * @param text the beginning of the body, one character per byte
 */
export function readFormHead(text: string, boundary: string): FormHead | FormProblem {
  const delimiter = `--${boundary}`;
  const fields = new Map<string, string>();
  const fileNames = new Map<string, string>();
  if (!text.startsWith(`${delimiter}\r\n`)) return { problem: "it does not begin with its boundary" };
  let at = delimiter.length + 2;
  for (;;) {
    const part = readPart(text, at);
    if ("problem" in part) return part;
    const { name, fileName } = part;
    if (ONCE.has(name) && (fields.has(name) || fileNames.has(name))) return { problem: `it has ${name} twice` };
    if (fileName !== undefined) fileNames.set(name, fileName);
    if (name === "content") return judge(fields, fileNames, part.at);
    if (fileName !== undefined && name !== "gpg_signature") return { problem: "it has a file that is no content" };
    const next = text.indexOf(delimiter, part.at);
    if (next < 0) return { problem: "its file does not come soon enough to see its name" };
    fields.set(name, text.slice(part.at, Math.max(part.at, next - 2)));
    at = next + delimiter.length + 2;
    if (text.slice(next - 2, next) !== "\r\n" || text.slice(at - 2, at) !== "\r\n") {
      return { problem: "a part does not end as it should, or no file follows" };
    }
  }
}

function readPart(text: string, at: number): Part | FormProblem {
  const end = text.indexOf("\r\n\r\n", at);
  if (end < 0) return { problem: "its file does not come soon enough to see its name" };
  const lines = text.slice(at, end).split("\r\n");
  const dispositions = lines.flatMap((line) => [DISPOSITION.exec(line) ?? []].filter(({ length }) => length > 0));
  const types = lines.filter((line) => PART_TYPE.test(line));
  const [, name, fileName] = dispositions[0] ?? [];
  if (name === undefined || dispositions.length > 1 || types.length > 1 || types.length + 1 !== lines.length) {
    return { problem: "a part has a header that does not belong there" };
  }
  return { name, fileName, at: end + 4 };
}

function judge(
  fields: ReadonlyMap<string, string>,
  fileNames: ReadonlyMap<string, string>,
  fileAt: number,
): FormHead | FormProblem {
  const [name, fileName] = [parsePackageName(fields.get("name") ?? ""), fileNames.get("content")];
  if (fields.get(":action") !== "file_upload") return { problem: "its :action is not file_upload" };
  if (name === undefined) return { problem: "it has no valid name before its file" };
  if (fileName === undefined) return { problem: "its content is no file" };
  const projects = projectsOfDistribution(fileName);
  if (!projects.includes(name)) return { problem: "its name and its file belong to different projects" };
  if (fields.has("gpg_signature") && fileNames.get("gpg_signature") !== `${fileName}.asc`) {
    return { problem: "its signature belongs to another file" };
  }
  return { names: [name, ...projects.filter((other): other is PackageName => other !== name)], fileAt };
}
