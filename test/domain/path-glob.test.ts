import { describe, expect, it } from "vitest";
import { matches, parseGlob } from "../../src/domain/path-glob.ts";

function match(text: string, path: string, crossing = false): boolean | undefined {
  const glob = parseGlob(text);
  return glob && matches(glob, path, crossing);
}

describe("globs of uv", () => {
  it.each([
    ["packages/a", "packages/a", true],
    ["packages/a", "packages/ab", false],
    ["packages/a", "packages", false],
    ["packages/*", "packages/a", true],
    ["packages/*", "packages/a/b", false],
    ["packages/*", "packages/", true],
    ["*-core", "acme-core", true],
    ["*-core", "acme/x-core", false],
    ["*", ".hidden", true],
    ["a?c", "abc", true],
    ["a?c", "a/c", false],
    ["a?c", "a\u{1F600}c", true],
    ["a?", "a", false],
    ["[ab]x", "bx", true],
    ["[ab]x", "cx", false],
    ["[a-c]x", "bx", true],
    ["[!a-c]x", "dx", true],
    ["[!a-c]x", "bx", false],
    ["[!a]x", "/x", false],
    ["[]]", "]", true],
    ["[!]]", "]", false],
    ["[a-]", "-", true],
    ["[a!]", "!", true],
    ["**", "a/b/c", true],
    ["a/**", "a/b/c", true],
    ["a/**", "a", false],
    ["**/c", "c", true],
    ["**/c", "a/b/c", true],
    ["**/c", "a/bc", false],
    ["a/**/c", "a/c", true],
    ["a/**/c", "a/b/b/c", true],
    ["a/**/c", "ab/c", false],
    ["a/**/**/c", "a/c", true],
    ["{a,b}", "a", false],
    ["{a,b}", "{a,b}", true],
    ["\\*", "*", false],
    ["!a", "b", false],
    ["+(a)", "aa", false],
    ["", "", true],
    ["", "a", false],
  ])("%s and %s: %s", (glob, path, expected) => {
    expect(match(glob, path)).toBe(expected);
  });

  it.each([
    ["packages/*", "packages/a/b"],
    ["a?c", "a/c"],
    ["[!a]x", "/x"],
  ])("%s matches %s when it may cross directories", (glob, path) => {
    expect(match(glob, path, true)).toBe(true);
  });

  it.each(["***", "a**", "**a", "a/**b", "a**/b", "[", "[a", "[]", "[!]", "[!a", "a[!"])("%s is malformed", (glob) => {
    expect(parseGlob(glob)).toBeUndefined();
  });
});
