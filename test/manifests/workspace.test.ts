import { describe, expect, it } from "vitest";
import { memberManifests, workspaceGlobs } from "../../src/manifests/index.ts";
import type { SourceFile } from "../../src/manifests/index.ts";
import { file } from "./source.ts";

function root(members: readonly string[], exclude: readonly string[] = []): SourceFile {
  const lines = `[tool.uv.workspace]\nmembers = ${JSON.stringify(members)}\nexclude = ${JSON.stringify(exclude)}\n`;
  return file("pyproject.toml", lines);
}

function membersOf(source: SourceFile, paths: readonly string[]) {
  const workspace = workspaceGlobs([file("setup.cfg", ""), source]);
  return workspace && memberManifests(workspace, paths);
}

function directories(members: readonly string[], exclude: readonly string[], tree: readonly string[]) {
  const paths = tree.map((directory) => `${directory}/pyproject.toml`);
  return membersOf(root(members, exclude), paths)?.paths.map((path) => path.slice(0, -"/pyproject.toml".length));
}

describe("workspaceGlobs", () => {
  it("finds none without a root pyproject.toml, without the table, or in a faulty file", () => {
    expect(workspaceGlobs([])).toBeUndefined();
    expect(workspaceGlobs([file("sub/pyproject.toml", '[tool.uv.workspace]\nmembers = ["*"]\n')])).toBeUndefined();
    expect(workspaceGlobs([file("pyproject.toml", "[tool.uv]\npackage = false\n")])).toBeUndefined();
    expect(workspaceGlobs([file("pyproject.toml", "[tool.uv.workspace]\nmembers = 1\n")])).toBeUndefined();
    expect(workspaceGlobs([file("pyproject.toml", "[")])).toBeUndefined();
    expect(workspaceGlobs([{ ...root(["*"]), kind: "symlink" }])).toBeUndefined();
  });

  it("finds it beside a faulty name, so that the members stay known", () => {
    expect(workspaceGlobs([file("pyproject.toml", "[project]\nname = 1\n[tool.uv.workspace]\n")])).toEqual({
      members: [],
      exclude: [],
    });
  });
});

describe("memberManifests", () => {
  it("asks for the pyproject.toml of matched directories, and for nothing else", () => {
    expect(
      membersOf(root(["packages/*", "tools/cli"]), [
        "pyproject.toml",
        "packages/pyproject.toml",
        "tools/cli/pyproject.toml",
        "packages/b/pyproject.toml",
        "packages/a/pyproject.toml",
        "packages/a/setup.cfg",
        "packages/a/nested/pyproject.toml",
        "packages/empty/README.md",
        "packages/not-pyproject.toml",
        "packages/c/old.pyproject.toml",
      ]),
    ).toEqual({
      paths: ["packages/a/pyproject.toml", "packages/b/pyproject.toml", "tools/cli/pyproject.toml"],
      problems: [],
    });
  });

  it("takes a directory once, and hidden ones too, as uv does when they have a pyproject.toml", () => {
    expect(directories(["packages/*", "packages/a", "*/a"], [], ["packages/a", "packages/.b"])).toEqual([
      "packages/.b",
      "packages/a",
    ]);
  });

  it("lets exclude win, with a star that crosses directories", () => {
    const tree = ["packages/a", "packages/seeds", "packages/seeds/x", "other/a"];
    expect(directories(["**"], ["packages/seeds"], tree)).toEqual(["other/a", "packages/a", "packages/seeds/x"]);
    expect(directories(["**"], ["packages"], tree)).toEqual(tree.toSorted());
    expect(directories(["**"], ["packages/s*"], tree)).toEqual(["other/a", "packages/a"]);
    expect(directories(["**"], ["packages/*"], tree)).toEqual(["other/a"]);
    expect(directories(["**"], ["*/a"], tree)).toEqual(["packages/seeds", "packages/seeds/x"]);
  });

  it("normalises globs, and finds nothing outside the repository", () => {
    const tree = ["packages/a", "external"];
    expect(directories(["./packages/./x/..//*/"], [], tree)).toEqual(["packages/a"]);
    expect(directories(["**"], ["./packages/a/"], tree)).toEqual(["external"]);
    expect(directories(["../external", "../../*", "/external", "/**", "packages/../../external"], [], tree)).toEqual(
      [],
    );
    expect(directories([".", "[a/]/.."], [], tree)).toEqual([]);
  });

  it("reads at most 1000 members, and says so", () => {
    const tree = Array.from({ length: 1001 }, (_, index) => `packages/p${index}/pyproject.toml`);
    const all = membersOf(root(["packages/*"]), tree.slice(1));
    expect(all).toMatchObject({ paths: { length: 1000 }, problems: [] });
    expect(membersOf(root(["packages/*"]), tree)).toEqual({
      paths: tree.toSorted().slice(0, 1000),
      problems: [
        {
          path: "pyproject.toml",
          message:
            "The uv workspace has more than 1000 members or too many wildcards, so not all of it is read; list fewer members.",
        },
      ],
    });
  });

  it("gives up on globs that would take too long, and says so", () => {
    const long = "a".repeat(2000);
    const tree = Array.from({ length: 200 }, (_, index) => `${long}${index}/pyproject.toml`);
    const glob = `${"*a".repeat(1000)}b`;
    expect(membersOf(root([glob]), tree)).toMatchObject({ paths: [], problems: [{ path: "pyproject.toml" }] });
    const some = membersOf(root(["**"], [glob]), tree);
    expect(some?.paths.length).toBeLessThan(200);
    expect(some?.problems).toHaveLength(1);
  });
});
