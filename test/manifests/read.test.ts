import { describe, expect, it } from "vitest";
import { readManifests, ROOT_MANIFESTS } from "../../src/manifests/index.ts";
import { file } from "./source.ts";

const project = (name: string) => `[project]\nname = "${name}"\n`;
const metadata = (name: string) => `[metadata]\nname = ${name}\n`;

function declared(...files: [path: string, text: string][]): string[] {
  return readManifests(files.map(([path, text]) => file(path, text))).declarations.map(
    ({ name, path }) => `${name} in ${path}`,
  );
}

describe("the manifests of one repository", () => {
  it("are looked for at the root", () => {
    expect(ROOT_MANIFESTS).toEqual(["pyproject.toml", "setup.cfg"]);
  });

  it("declare nothing when there are none", () => {
    expect(readManifests([])).toEqual({ declarations: [], problems: [] });
    expect(readManifests([file("README.md", "name"), file("docs/pyproject.toml.txt", project("a"))])).toEqual({
      declarations: [],
      problems: [],
    });
  });

  it("declare each name once: the root's first, then by path, in whatever order they come", () => {
    const files: [string, string][] = [
      ["b/pyproject.toml", project("Shared.Name")],
      ["a/pyproject.toml", project("shared_name")],
      ["a/b/pyproject.toml", project("deep")],
      ["pyproject.toml", project("root")],
      ["c/pyproject.toml", project("ROOT")],
    ];
    const expected = ["root in pyproject.toml", "shared-name in a/pyproject.toml", "deep in a/b/pyproject.toml"];
    expect(declared(...files)).toEqual(expected);
    expect(declared(...files.toReversed())).toEqual(expected);
  });

  it("take pyproject.toml before setup.cfg in the same directory", () => {
    expect(declared(["setup.cfg", metadata("acme_core")], ["pyproject.toml", project("acme-core")])).toEqual([
      "acme-core in pyproject.toml",
    ]);
    expect(declared(["setup.cfg", metadata("stale")], ["pyproject.toml", project("acme")])).toEqual([
      "acme in pyproject.toml",
    ]);
    expect(declared(["setup.cfg", metadata("acme")], ["pyproject.toml", "[tool.black]\n"])).toEqual([
      "acme in setup.cfg",
    ]);
    expect(declared(["setup.cfg", metadata("other")], ["sub/pyproject.toml", project("acme")])).toEqual([
      "other in setup.cfg",
      "acme in sub/pyproject.toml",
    ]);
  });

  it("say nothing of a setup.cfg that does not count", () => {
    const files = [file("pyproject.toml", project("acme")), file("setup.cfg", metadata("attr: acme.NAME"))];
    expect(readManifests(files).problems).toEqual([]);
  });

  it("keep the good ones when others are at fault", () => {
    const { declarations, problems } = readManifests([
      file("pyproject.toml", "["),
      file("setup.cfg", metadata("acme")),
      file("sub/pyproject.toml", project("?")),
    ]);
    expect(declarations).toEqual([{ name: "acme", path: "setup.cfg" }]);
    expect(problems.map(({ path }) => path)).toEqual(["pyproject.toml", "sub/pyproject.toml"]);
  });
});
