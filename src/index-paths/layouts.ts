/** What a path of a layout is: about the package in it, a list of many, or the door for uploads. */
export type Sense = "package" | "listing" | "form";

export interface Layout {
  readonly methods: readonly string[];
  readonly sense: Sense;
  /** With what every path of this layout begins: most paths are not even looked at by most patterns. */
  readonly start: string;
  /** Matches a decoded path; its groups are `name` and `file`, where there are any. */
  readonly pattern: RegExp;
}

const READ = ["GET", "HEAD"];
/** What can be read can be deleted at the same place. */
const ITEM = [...READ, "DELETE"];

/**
 * The placeholders of the patterns below. None spans a slash but `dirs`. A `user` of devpi is none of the words with
 * which other layouts begin, so that one path does not mean two things.
 */
const PLACEHOLDERS: Readonly<Record<string, string>> = {
  name: "(?<name>[A-Za-z0-9._-]+)",
  file: "(?<file>[A-Za-z0-9][A-Za-z0-9._+!-]*)",
  version: "[A-Za-z0-9][A-Za-z0-9._+!-]*",
  part: "[A-Za-z0-9_][A-Za-z0-9._-]*",
  dirs: "[A-Za-z0-9_][A-Za-z0-9._-]*(?:/[A-Za-z0-9_][A-Za-z0-9._-]*)*",
  user: "(?!(?:simple|packages|pypi|api|project|integrity|legacy|pulp)/)[A-Za-z0-9_][A-Za-z0-9._-]*",
};

/** Every path that means something. A slash at the end may be left out; what is not here is refused. */
export const LAYOUTS: readonly Layout[] = [
  // PEP 503 and 691, as every index has it; a static one may keep its files below.
  layout(READ, "listing", "/"),
  layout(READ, "listing", "/simple/"),
  layout(ITEM, "package", "/simple/{name}/"),
  layout(READ, "package", "/simple/{name}/index.(?:html|json)"),
  layout(ITEM, "package", "/simple/{name}/{file}"),
  // Warehouse, pypiserver and static indexes: files, JSON, PEP 740, pages.
  layout(READ, "listing", "/packages/"),
  layout(ITEM, "package", "/packages/{file}"),
  layout(ITEM, "package", "/packages/{dirs}/{file}"),
  layout(READ, "package", "/{name}/json"),
  layout(READ, "package", "/pypi/{name}/json"),
  layout(READ, "package", "/pypi/{name}/{version}/json"),
  layout(READ, "package", "/integrity/{name}/{version}/{file}/provenance"),
  layout(READ, "package", "/project/{name}/"),
  layout(READ, "package", "/project/{name}/{version}/"),
  // pypicloud
  layout(READ, "listing", "/api/package/"),
  layout(READ, "package", "/api/package/{name}/"),
  layout([...ITEM, "POST", "PUT"], "package", "/api/package/{name}/{file}"),
  // devpi
  layout(READ, "listing", "/\\+api"),
  layout(READ, "listing", "/{user}/{part}/\\+api"),
  layout(READ, "listing", "/{user}/{part}/\\+simple/"),
  layout(READ, "package", "/{user}/{part}/\\+simple/{name}/"),
  layout(ITEM, "package", "/{user}/{part}/\\+[ef]/{dirs}/{file}"),
  layout(["DELETE"], "package", "/{user}/{part}/{name}/"),
  layout(["DELETE"], "package", "/{user}/{part}/{name}/{version}/"),
  // Pulp
  layout(READ, "listing", "/pypi/{dirs}/simple/"),
  layout(READ, "package", "/pypi/{dirs}/simple/{name}/"),
  layout(READ, "package", "/pypi/{dirs}/pypi/{name}/json"),
  layout(READ, "package", "/pypi/{dirs}/pypi/{name}/{version}/json"),
  layout(READ, "package", "/pypi/{dirs}/integrity/{name}/{version}/{file}/provenance"),
  layout(READ, "package", "/pulp/content/{dirs}/{file}"),
  // Uploads whose form says what they are; the last is for a proxy that cannot show us the form.
  layout(["POST"], "form", "/"),
  layout(["POST"], "form", "/simple/"),
  layout(["POST"], "form", "/{user}/{part}/"),
  layout(["POST"], "form", "/pypi/{dirs}/(?:simple|legacy)/"),
  layout(["POST"], "form", "/legacy/"),
  layout(["POST"], "form", "/legacy/{name}/"),
];

function layout(methods: readonly string[], sense: Sense, template: string): Layout {
  const open = Object.entries(PLACEHOLDERS).reduce(
    (text, [word, part]) => text.replaceAll(`{${word}}`, part),
    template,
  );
  const start = template.replace(/[{(\\].*$/, "").replace(/\/$/, "");
  return { methods, sense, start, pattern: new RegExp(`^${open.replace(/(?<=.)\/$/, "/?")}$`) };
}
