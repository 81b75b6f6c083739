import { describe, expect, it } from "vitest";
import { filesAt, placesOf } from "../../src/manifests/places.ts";

const TREE = [
  "packages/b/pyproject.toml",
  "packages/a/pyproject.toml",
  "packages/a/src/pyproject.toml",
  "pyproject.toml",
  "tools/x/setup.cfg",
];

describe("the places of manifests that a policy chooses", () => {
  it("are paths, read as they are, and globs", () => {
    const { paths, globs } = placesOf(["pyproject.toml", "packages/*/pyproject.toml", "tools/?/setup.cfg"]);
    expect(paths).toEqual(["pyproject.toml"]);
    expect(globs).toHaveLength(2);
  });

  it("are none where a glob is none", () => {
    expect(placesOf(["packages/[/pyproject.toml"])).toEqual({ paths: [], globs: [] });
  });

  it.each([
    [["packages/*/pyproject.toml"], ["packages/a/pyproject.toml", "packages/b/pyproject.toml"]],
    [
      ["**/pyproject.toml", "pyproject.toml"],
      [TREE[1], TREE[2], TREE[0]],
    ],
    [["tools/[x-z]/setup.cfg"], ["tools/x/setup.cfg"]],
    [["packages/*.toml"], []],
    [["pyproject.toml"], []],
  ])("%j choose of a tree what they match, beside what is read anyway", (chosen, found) => {
    expect(filesAt(placesOf(chosen), TREE)).toEqual({ paths: found, problems: [] });
  });

  it("are a problem where they choose more than anybody keeps", () => {
    const tree = Array.from({ length: 1001 }, (_, n) => `packages/p${n}/pyproject.toml`);
    expect(filesAt(placesOf(["packages/*/pyproject.toml"]), tree.slice(1)).problems).toEqual([]);
    const { paths, problems } = filesAt(placesOf(["packages/*/pyproject.toml"]), tree);
    expect(paths).toHaveLength(1000);
    expect(problems).toEqual([expect.objectContaining({ message: expect.stringContaining("More than 1000 files") })]);
  });

  it("are a problem where their wildcards would take too long", () => {
    const tree = Array.from({ length: 400 }, (_, n) => `${"a".repeat(1000)}${n}`);
    const { problems } = filesAt(placesOf(["a*".repeat(50)]), tree);
    expect(problems).toHaveLength(1);
  });
});
