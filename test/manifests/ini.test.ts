import { describe, expect, it } from "vitest";
import { parseIni } from "../../src/manifests/ini.ts";

// What Python 3.11's configparser returns for the same texts, save for the positions.
function parsed(text: string) {
  return [...parseIni(text)].map(([section, options]) => [section, options.map(({ key, value }) => [key, value])]);
}

describe("parseIni", () => {
  it("joins continuation lines, with the blank lines between them but without comments", () => {
    expect(parsed("[a]\nx = 1\n  2\n\n# no\n\t3\n\ny = 4\n")).toEqual([
      [
        "a",
        [
          ["x", "1\n2\n\n3"],
          ["y", "4"],
        ],
      ],
    ]);
  });

  it("counts only deeper lines as continuations", () => {
    expect(parsed("  [a]\n  x = 1\n  y = 2\n    z = 3\n w = 4")).toEqual([
      [
        "a",
        [
          ["x", "1"],
          ["y", "2\nz = 3"],
          ["w", "4"],
        ],
      ],
    ]);
  });

  it("cuts at the first delimiter, and not at comment signs inside a line", () => {
    expect(parsed("[a]\nx:y=z ; w # v")).toEqual([["a", [["x", "y=z ; w # v"]]]]);
  });

  it("takes a header to its last bracket", () => {
    expect(parsed("[a]b] c\nx = 1\n[d] e\n[f = 1")).toEqual([
      ["a]b", [["x", "1"]]],
      ["d", [["[f", "1"]]],
    ]);
  });

  it("merges [DEFAULT], which alone may come again", () => {
    expect(parsed("[DEFAULT]\nx = 1\n[a]\n[DEFAULT]\ny = 2")).toEqual([
      [
        "DEFAULT",
        [
          ["x", "1"],
          ["y", "2"],
        ],
      ],
      ["a", []],
    ]);
  });

  it("keeps sections and keys named like properties of objects", () => {
    expect(parsed("[__proto__]\nconstructor = 1")).toEqual([["__proto__", [["constructor", "1"]]]]);
  });
});
