import { describe, expect, it } from "vitest";
import { globMatches } from "../../src/domain/globs.ts";
import { bySpecificity, covers, patternsCovering } from "../../src/domain/patterns.ts";
import { packageName } from "./facts-builder.ts";

describe("a pattern for names", () => {
  it.each([
    ["acme-core-extra", ["acme-core-extra", "acme-core-extra-*", "acme-core-*", "acme-*", "*"]],
    ["acme", ["acme", "acme-*", "*"]],
  ])("covers %s if it is one of %j", (name, patterns) => {
    expect(patternsCovering(packageName(name))).toEqual(patterns);
    expect(patterns.filter((pattern) => covers(pattern, packageName(name)))).toEqual(patterns);
    expect(patterns.toReversed().toSorted(bySpecificity)).toEqual(patterns);
  });

  it.each([
    ["acme-*", "acmes"],
    ["acme-core", "acme"],
    ["acme", "acme-core"],
    ["acme-core-*", "acme-cor"],
  ])("%s does not cover %s", (pattern, name) => {
    expect(covers(pattern, packageName(name))).toBe(false);
    expect(patternsCovering(packageName(name))).not.toContain(pattern);
  });

  it("is put beside its equals", () => {
    const patterns = ["b-*", "*", "a-*", "b-*", "x", "a-*", "y", "x", "*"];
    expect(patterns.toSorted(bySpecificity)).toEqual(["x", "x", "y", "a-*", "a-*", "b-*", "b-*", "*", "*"]);
  });
});

describe("a glob", () => {
  it.each([
    ["*", ""],
    ["*", "refs/tags/v1"],
    ["refs/tags/*", "refs/tags/v1/rc"],
    ["refs/*/v?", "refs/tags/v1"],
    ["*a*b", "xaxbxab"],
    ["a**", "a"],
    ["", ""],
    ["a.b", "a.b"],
  ])("%j matches %j", (glob, text) => {
    expect(globMatches(glob, text)).toBe(true);
  });

  it.each([
    ["refs/tags/*", "refs/heads/main"],
    ["a", "ab"],
    ["a?", "a"],
    ["a*b", "a"],
    ["", "a"],
    ["a.b", "axb"],
    ["A", "a"],
  ])("%j does not match %j", (glob, text) => {
    expect(globMatches(glob, text)).toBe(false);
  });
});
