import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePackageName } from "../../src/domain/package-name.ts";
import { matches, parseGlob } from "../../src/domain/path-glob.ts";
import { memberManifests, readManifests, workspaceGlobs } from "../../src/manifests/index.ts";
import type { SourceFile } from "../../src/manifests/index.ts";
import { file } from "./source.ts";

// Lines that mean something, so that random files get past the first character.
const line = fc.oneof(
  fc.constantFrom(
    "[project]",
    "[tool.poetry]",
    "[tool.flit.metadata]",
    "[tool.uv.workspace]",
    "[metadata]",
    "[[project]]",
  ),
  fc.constantFrom(
    'dynamic = ["name"]',
    "package-mode = false",
    'members = ["a/*", "**"]',
    'a = """',
    "'''",
    "[",
    "x = [",
    "]",
  ),
  fc.string().map((name) => `name = ${JSON.stringify(name)}`),
  fc.stringMatching(/^[A-Za-z0-9._-]{0,12}$/).map((name) => `name = "${name}"`),
  fc.stringMatching(/^[A-Za-z0-9._-]{0,12}$/).map((name) => `name = ${name}`),
  fc.string({ unit: "binary" }),
);
const complete = fc.constantFrom("[project]\nname = 'NAME'", "[tool.poetry]\nname = 'NAME'", "[metadata]\nname = NAME");
const text = fc.oneof(
  fc.tuple(complete, fc.string()).map(([text, name]) => text.replace("NAME", () => name)),
  complete,
  fc.string({ unit: "binary" }),
  fc.array(line, { maxLength: 8 }).map((lines) => lines.join("\n")),
  fc.array(line, { maxLength: 8 }).map((lines) => lines.join("\r\n")),
);
const path = fc.constantFrom(
  "pyproject.toml",
  "setup.cfg",
  "a/pyproject.toml",
  "b/c/pyproject.toml",
  "a/setup.cfg",
  "x",
);
const kind = fc.constantFrom("file", "file", "file", "file", "symlink", "submodule", "directory");
const fromText = fc.tuple(path, text).map(([path, text]) => file(path, text));
const fromBytes = fc.tuple(path, fc.uint8Array()).map(([path, bytes]): SourceFile => ({
  path,
  kind: "file",
  size: bytes.length,
  text: Buffer.from(bytes).toString(),
}));
const anything = fc.record<SourceFile>({ path, kind, size: fc.nat(), text: fc.option(text) });
const files = fc.array(fc.oneof({ weight: 5, arbitrary: fromText }, fromBytes, anything), { maxLength: 5 });

describe("readManifests", () => {
  it("never throws, and every name is normal, unique and from one of the files", () => {
    let declared = 0;
    fc.assert(
      fc.property(files, (files) => {
        const { declarations, problems } = readManifests(files);
        const names = declarations.map(({ name }) => name);
        declared += names.length;
        expect(names.map(parsePackageName)).toEqual(names);
        expect(new Set(names).size).toBe(names.length);
        const paths = files.map(({ path }) => path);
        for (const { path } of [...declarations, ...problems]) expect(paths).toContain(path);
        for (const { line, column, codeblock } of problems) {
          expect([line === undefined, column === undefined]).toEqual([
            codeblock === undefined,
            codeblock === undefined,
          ]);
          expect((line ?? 1) >= 1 && (column ?? 1) >= 1).toBe(true);
        }
      }),
      { numRuns: 2000 },
    );
    expect(declared).toBeGreaterThan(50);
  });

  it("reads the same twice, and whatever the order of the files", () => {
    const distinct = fc.uniqueArray(fromText, { selector: ({ path }) => path });
    fc.assert(
      fc.property(distinct, (files) => {
        const once = readManifests(files);
        expect(readManifests(files)).toEqual(once);
        expect(readManifests(files.toReversed())).toEqual(once);
      }),
    );
  });

  it("finds the name it is given, in either format and any spelling", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9]([A-Za-z0-9._-]{0,12}[A-Za-z0-9])?$/), (name) => {
        const expected = [name.toLowerCase().replace(/[-_.]+/g, "-")];
        const texts = { "pyproject.toml": `[project]\nname = '${name}'`, "setup.cfg": `[metadata]\nname=${name}` };
        for (const [path, text] of Object.entries(texts)) {
          expect(readManifests([file(path, text)]).declarations.map(({ name }) => name)).toEqual(expected);
        }
      }),
    );
  });
});

describe("workspaces", () => {
  const tree = fc.array(fc.stringMatching(/^([a-c.]{1,3}\/){0,3}pyproject\.toml$/));
  const globs = fc.array(fc.oneof(fc.stringMatching(/^[a-c*?[\]!./-]{0,8}$/), fc.string()));

  it("never throw, and only ask for files that are there", () => {
    fc.assert(
      fc.property(globs, globs, tree, (members, exclude, paths) => {
        const [m, e] = [members, exclude].map((globs) => JSON.stringify(globs));
        const workspace = workspaceGlobs([
          file("pyproject.toml", `[tool.uv.workspace]\nmembers = ${m}\nexclude = ${e}\n`),
        ]);
        for (const path of workspace ? memberManifests(workspace, paths).paths : []) expect(paths).toContain(path);
      }),
    );
  });

  it("match as a regular expression of the same glob does", () => {
    fc.assert(
      fc.property(fc.stringMatching(/^([ab*?]\/?){0,6}$/), fc.stringMatching(/^[ab/]{0,8}$/), (text, path) => {
        const glob = parseGlob(text);
        fc.pre(glob !== undefined && !text.includes("**"));
        const source = text.replaceAll("*", "[^/]*").replaceAll("?", "[^/]");
        expect(glob && matches(glob, path, false)).toBe(new RegExp(`^${source}$`).test(path));
      }),
    );
  });
});
