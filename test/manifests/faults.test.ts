import { describe, expect, it } from "vitest";
import type { SourceFile } from "../../src/manifests/index.ts";
import { readManifests } from "../../src/manifests/index.ts";
import { file } from "./source.ts";

type Case = readonly [about: string, text: string, message: string, line: number, column: number];

const GRAMMAR =
  'is not a valid package name; use at most 512 ASCII letters, digits, ".", "_" and "-", with a letter or digit first and last.';

const toml = (reason: string) => `This is not valid TOML: ${reason}; mend it at the caret.`;
const project = (name: string) => `[project]\nversion = "1"\nname = ${name}\n`;
const workspace = (line: string) => `[tool.uv.workspace]\n${line}\n`;

const PYPROJECT: readonly Case[] = [
  ["an unfinished string", '[project]\nname = "acme\n', toml("control characters are not allowed in strings"), 2, 13],
  ["a string to the end of the file", '[project]\nname = "acme', toml("unfinished string"), 2, 8],
  ["a missing value", "[project]\nname =\n", toml("invalid value"), 2, 7],
  ["a missing equals sign", '[project]\nname "acme"\n', toml("illegal character in key"), 2, 6],
  ["an unclosed header", '[project\nname = "acme"\n', toml("illegal character in key"), 1, 9],
  ["a bare value", "[project]\nname = acme\n", toml("invalid value"), 2, 8],
  [
    "a key given twice",
    '[project]\nname = "a"\nname = "b"\n',
    toml("trying to redefine an already defined table or value"),
    3,
    1,
  ],
  [
    "a table given twice",
    '[project]\nname = "a"\n[project]\n',
    toml("trying to redefine an already defined table or value"),
    3,
    2,
  ],
  ["deep nesting", `a = ${"[".repeat(100)}`, toml("document contains excessively nested structures. aborting"), 1, 69],
  ["a merge conflict", '[project]\n<<<<<<< HEAD\nname = "a"\n', toml("illegal character in key"), 2, 1],
  [
    "a dynamic name",
    '[project]\nversion = "1"\ndynamic = ["name"]\n',
    'The name is dynamic, which PEP 621 forbids; write name = "…" under [project] and take it out of dynamic.',
    3,
    1,
  ],
  [
    "a name both written and dynamic",
    '[project]\nname = "a"\ndynamic = ["version", "name"]\n',
    'The name is dynamic, which PEP 621 forbids; write name = "…" under [project] and take it out of dynamic.',
    3,
    1,
  ],
  [
    "[project] without a name",
    '# text\n\n[project]\nversion = "1"\n',
    '[project] has no name; write name = "…" in it.',
    3,
    1,
  ],
  [
    "only a table in [project]",
    '[tool.black]\n[project.urls]\nname = "a"\n',
    '[project] has no name; write name = "…" in it.',
    2,
    1,
  ],
  [
    "[project] without a name beside Poetry",
    '[project]\n[tool.poetry]\nname = "a"\n',
    '[project] has no name; write name = "…" in it.',
    1,
    1,
  ],
  [
    "Poetry without a name",
    '[tool.poetry]\nversion = "1"\n',
    '[tool.poetry] has no name; write name = "…" in it.',
    1,
    1,
  ],
  [
    "Poetry that says it is a package",
    "[tool.poetry]\npackage-mode = true\n",
    '[tool.poetry] has no name; write name = "…" in it.',
    1,
    1,
  ],
  [
    "Flit without a module",
    '[tool.flit.metadata]\nauthor = "a"\n',
    '[tool.flit.metadata] has no name; write module = "…" in it.',
    1,
    1,
  ],
  ["a number for a name", project("3"), "project.name must be a string; put it in quotes.", 3, 1],
  ["a date for a name", project("2024-01-01"), "project.name must be a string; put it in quotes.", 3, 1],
  ["a table for a name", project("{}"), "project.name must be a string; put it in quotes.", 3, 1],
  ["an array for a name", project('["acme"]'), "project.name must be a string; put it in quotes.", 3, 1],
  [
    "a number for Poetry's name",
    "[tool.poetry]\nname = 1\n",
    "tool.poetry.name must be a string; put it in quotes.",
    2,
    1,
  ],
  [
    "a number for Flit's name",
    "[tool.flit.metadata]\ndist-name = 1\n",
    "tool.flit.metadata.dist-name must be a string; put it in quotes.",
    2,
    1,
  ],
  [
    "a string for [project]",
    'project = "acme"\n',
    "project must be a table; write [project] on a line of its own.",
    1,
    1,
  ],
  [
    "a date for [project]",
    "project = 2024-01-01\n",
    "project must be a table; write [project] on a line of its own.",
    1,
    1,
  ],
  [
    "an array of projects",
    '[[project]]\nname = "a"\n',
    "project must be a table; write [project] on a line of its own.",
    1,
    1,
  ],
  ["a number for [tool]", "tool = 1\n", "tool must be a table; write [tool] on a line of its own.", 1, 1],
  ["an empty name", project('""'), `"" ${GRAMMAR}`, 3, 1],
  ["a name with a space", project('"acme core"'), `"acme core" ${GRAMMAR}`, 3, 1],
  ["a name with a slash", project('"../acme"'), `"../acme" ${GRAMMAR}`, 3, 1],
  ["a name that ends in a dash", project('"acme-"'), `"acme-" ${GRAMMAR}`, 3, 1],
  ["a name with a Kelvin sign", project('"\\u212Aelvin"'), `"\u212Aelvin" ${GRAMMAR}`, 3, 1],
  ["a name that would reorder the terminal", project('"a\\u202Eb\\u001B[2J"'), `"a\uFFFDb\uFFFD[2J" ${GRAMMAR}`, 3, 1],
  ["an endless name", project(`"${"x".repeat(513)}"`), `"${"x".repeat(60)}…" ${GRAMMAR}`, 3, 1],
  ["a bad name in an inline table", 'a = 1\n  project = { name = "?" }\n', `"?" ${GRAMMAR}`, 2, 3],
  ["a bad name in a dotted key", 'a = [1]\nproject . "name" = "?"\n', `"?" ${GRAMMAR}`, 2, 1],
  ["a bad name behind an indented header", '\t[ project ]\n\tname = "?"\n', `"?" ${GRAMMAR}`, 2, 2],
  [
    "a bad name behind decoys",
    `[[tool.a]]\nx = """\\"""\n[project]\nname = 1"""""\ny = '''\nname = ''''\nz = [ # ]\n  { name = "]" },\n  "a\\"[", 'b\\',\n]\n[project] # name = 1\nnames = ""\nname = '?'\n`,
    `"?" ${GRAMMAR}`,
    13,
    1,
  ],
  [
    "a bad name behind the names of others",
    '[project]\nauthors = [{\n  name = "Ann"\n}]\nname = "?"\n',
    `"?" ${GRAMMAR}`,
    5,
    1,
  ],
  [
    "members that are no array",
    workspace('members = "packages/*"'),
    'tool.uv.workspace.members must be an array of strings; write it as ["a", "b"].',
    2,
    1,
  ],
  [
    "members that are no strings",
    workspace("members = [1]"),
    'tool.uv.workspace.members must be an array of strings; write it as ["a", "b"].',
    2,
    1,
  ],
  ["a malformed glob", workspace('exclude = ["a/**b"]'), '"a/**b" is not a valid glob; mend it.', 2, 1],
  [
    "too many globs",
    workspace(`members = [${'"a",'.repeat(1001)}]`),
    "tool.uv.workspace.members has 1001 globs and 1000 are read; use wildcards.",
    2,
    1,
  ],
];

const SETUP_CFG: readonly Case[] = [
  ["no section", "name = acme\n", "This line is in no section; put [metadata] or another above it.", 1, 1],
  [
    "a line that is nothing",
    "[metadata]\nname acme\n",
    'This line is no section and no "key = value"; mend or remove it.',
    2,
    1,
  ],
  [
    "a key that is nothing",
    "[metadata]\n  = acme\n",
    'This line is no section and no "key = value"; mend or remove it.',
    2,
    3,
  ],
  ["an empty header", "[metadata]\n[]\n", 'This line is no section and no "key = value"; mend or remove it.', 2, 1],
  [
    "a section given twice",
    "[metadata]\n\n[metadata]\nname = a\n",
    'The section "metadata" is here a second time; merge the two.',
    3,
    1,
  ],
  ["a name given twice", "[metadata]\nname = a\nName = b\n", "The name is here a second time; keep one.", 3, 1],
  [
    "an attr: name",
    "[metadata]\nname = attr: acme.NAME\n",
    'The name is "attr: acme.NAME", and nothing is executed to find it; write the name itself.',
    2,
    1,
  ],
  [
    "a file: name",
    "[metadata]\nname = file: NAME\n",
    'The name is "file: NAME", and nothing is executed to find it; write the name itself.',
    2,
    1,
  ],
  [
    "an interpolated name",
    "[metadata]\nbase = a\nname = %(base)s-b\n",
    'The name "%(base)s-b" uses "%", which is not expanded; write the name itself.',
    3,
    1,
  ],
  ["an empty name", "[metadata]\nname =\n", `"" ${GRAMMAR}`, 2, 1],
  ["a name over two lines", "[metadata]\nname = acme\n  core\n", `"acme\uFFFDcore" ${GRAMMAR}`, 2, 1],
  ["a name with a comment", "[metadata]\nname = acme ; the name\n", `"acme ; the name" ${GRAMMAR}`, 2, 1],
  ["a quoted name", '[metadata]\n  name = "acme"\n', `""acme"" ${GRAMMAR}`, 2, 3],
  [
    "a byte order mark",
    "\uFEFF[metadata]\nname = acme\n",
    "The file begins with a byte order mark, which setuptools refuses; save it without.",
    1,
    1,
  ],
];

function onlyProblem(source: SourceFile) {
  const { declarations, problems } = readManifests([source]);
  expect(declarations).toEqual([]);
  expect(problems).toHaveLength(1);
  return problems[0];
}

describe("faults", () => {
  it.each(PYPROJECT)("pyproject.toml: %s", (_, text, message, line, column) => {
    const problem = onlyProblem(file("pyproject.toml", text));
    expect(problem).toEqual({ path: "pyproject.toml", message, line, column, codeblock: expect.stringContaining("^") });
  });

  it.each(SETUP_CFG)("setup.cfg: %s", (_, text, message, line, column) => {
    const problem = onlyProblem(file("setup.cfg", text));
    expect(problem).toEqual({ path: "setup.cfg", message, line, column, codeblock: expect.stringContaining("^") });
  });

  it("finds a key that is spelled with escapes", () => {
    expect(onlyProblem(file("pyproject.toml", 'a = 1\n"proj\\u0065ct" = 1 # the end'))).toMatchObject({
      message: "project must be a table; write [project] on a line of its own.",
      line: 2,
      column: 1,
    });
  });

  it("reports a bad workspace without losing the name, and both if both are bad", () => {
    const bad = workspace("members = 1");
    expect(readManifests([file("pyproject.toml", `${bad}[project]\nname = "a"\n`)])).toMatchObject({
      declarations: [{ name: "a" }],
      problems: [{ line: 2 }],
    });
    expect(readManifests([file("pyproject.toml", `${bad}[project]\nname = 1\n`)]).problems).toMatchObject([
      { line: 2 },
      { line: 4 },
    ]);
  });
});

describe("files that cannot be read", () => {
  const good = file("pyproject.toml", '[project]\nname = "acme"\n');
  it.each<[string, Partial<SourceFile>, string]>([
    ["a symbolic link", { kind: "symlink" }, "This is a symbolic link, which is not followed; commit a regular file."],
    ["a submodule", { kind: "submodule" }, "This is a submodule, which is not followed; commit a regular file."],
    ["a directory", { kind: "directory" }, "This is a directory; commit a regular file."],
    ["more than 1 MiB", { size: 1_048_577 }, "The file has 1048577 bytes and only 1048576 are read; make it smaller."],
    ["binary", { text: null }, "GitHub calls this file binary or shows only a part of it; commit it as UTF-8 text."],
    [
      "another length in bytes",
      { size: good.size + 1 },
      "The file is not valid UTF-8, or it did not arrive whole; save it as UTF-8.",
    ],
  ])("%s", (_, change, message) => {
    expect(onlyProblem({ ...good, ...change })).toEqual({ path: "pyproject.toml", message });
  });

  it("bytes that are not UTF-8, with the place", () => {
    const bytes = Buffer.from('[project]\nname = "acm\xe9"\n', "latin1");
    const source: SourceFile = { ...good, size: bytes.length, text: bytes.toString("utf8") };
    expect(onlyProblem(source)).toEqual({
      path: "pyproject.toml",
      message: "The file is not valid UTF-8 here; save it as UTF-8.",
      line: 2,
      column: 12,
      codeblock: '1:  [project]\n2:  name = "acm\uFFFD"\n               ^',
    });
  });

  it("reads a file of exactly 1 MiB", () => {
    const text = '[project]\nname = "acme"\n#'.padEnd(1_048_576, "x");
    expect(readManifests([file("pyproject.toml", text)]).problems).toEqual([]);
  });

  it("never throws, even when a reader has a bug", () => {
    const broken: SourceFile = {
      ...good,
      get size(): number {
        throw new TypeError("a bug");
      },
    };
    expect(onlyProblem(broken)?.message).toBe(
      "This file could not be read; simplify it, and please report it to the maintainers of Packgate.",
    );
  });
});

describe("the codeblock", () => {
  it("shows the line, its neighbours that are not empty, and a caret", () => {
    expect(onlyProblem(file("pyproject.toml", '[project]\nname = "?"\nversion = "1"\n'))?.codeblock).toBe(
      '1:  [project]\n2:  name = "?"\n    ^\n3:  version = "1"',
    );
    expect(onlyProblem(file("pyproject.toml", "\n\n  project = 1\n\n"))?.codeblock).toBe("3:    project = 1\n      ^");
  });

  it("shows an empty line when the fault is there", () => {
    expect(onlyProblem(file("pyproject.toml", "a = [\n"))?.codeblock).toBe("1:  a = [\n2:\n    ^");
    expect(onlyProblem(file("pyproject.toml", 'a = """\n\u0007'))?.codeblock).toBe('1:  a = """\n2:  \uFFFD\n    ^');
  });

  it("lines up numbers of different length", () => {
    expect(onlyProblem(file("pyproject.toml", `${"#\n".repeat(8)}project = 1\n#`))?.codeblock).toBe(
      "8 :  #\n9 :  project = 1\n     ^\n10:  #",
    );
  });

  it("stays narrow on an endless line, and harmless to a terminal", () => {
    const before = "x".repeat(5000);
    const block = onlyProblem(file("pyproject.toml", `a = "${before}\u001B[2J"`))?.codeblock;
    expect(block).toBe(`1:  ${"x".repeat(49)}\uFFFD[2J"\n${" ".repeat(4 + 49)}^`);
  });
});
