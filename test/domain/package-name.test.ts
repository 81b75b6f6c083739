import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePackageName } from "../../src/domain/package-name.ts";

// As the specifications write them: the name grammar of PEP 508, the normalisation of PEP 503.
const GRAMMAR = /^([A-Z0-9]|[A-Z0-9][A-Z0-9._-]*[A-Z0-9])$/i;
const pep503 = (name: string) => name.replace(/[-_.]+/g, "-").toLowerCase();

const letters = "abcxyzABCXYZ0189".split("");
const anyName = fc.string({ unit: fc.constantFrom(...letters, "-", "_", ".", " ", "/", "ı"), maxLength: 12 });
const validName = fc
  .string({ unit: fc.constantFrom(...letters, "-", "_", "."), maxLength: 40 })
  .map((inner) => `a${inner}z`);

describe("parsePackageName", () => {
  it.each([
    ["Acme_Core", "acme-core"],
    ["acme.core", "acme-core"],
    ["ACME-._.-core", "acme-core"],
    ["zope.interface", "zope-interface"],
    ["a", "a"],
    ["7", "7"],
    ["3d-Tools", "3d-tools"],
    ["acme-core", "acme-core"],
    ["x".repeat(512), "x".repeat(512)],
    ["X".repeat(512), "x".repeat(512)],
  ])("%s is %s", (text, normal) => {
    expect(parsePackageName(text)).toBe(normal);
  });

  it.each([
    ["nothing", ""],
    ["a leading dash", "-acme"],
    ["a trailing dash", "acme-"],
    ["a trailing dot", "acme."],
    ["only separators", "-_."],
    ["a space", "acme core"],
    ["surrounding space", " acme "],
    ["a newline at the end", "acme\n"],
    ["a slash", "acme/core"],
    ["a parent directory", ".."],
    ["a NUL", "acme\0"],
    ["a bracket, as of an extra", "acme[all]"],
    ["a percent sign", "acme%2Fcore"],
    ["513 characters", "x".repeat(513)],
    ["the Kelvin sign", "\u212Aelvin"],
    ["the long s", "tool\u017F"],
    ["the dotless i", "p\u0131p"],
    ["the dotted capital I", "P\u0130P"],
    ["full-width letters", "\uFF41cme"],
    ["a full-width digit", "acme\uFF11"],
    ["an Arabic digit", "acme\u0661"],
    ["a Cyrillic letter", "\u0430cme"],
    ["a non-breaking hyphen", "acme\u2011core"],
    ["a soft hyphen", "ac\u00ADme"],
    ["a zero-width joiner", "acme\u200D"],
    ["a byte order mark", "\uFEFFacme"],
    ["a combining accent", "acme\u0301"],
  ])("refuses %s", (_, text) => {
    expect(parsePackageName(text)).toBeUndefined();
  });

  it("accepts exactly the grammar, and equals the plain regular expression of PEP 503", () => {
    fc.assert(
      fc.property(fc.oneof(anyName, validName, fc.string({ unit: "binary" })), (text) => {
        expect(parsePackageName(text)).toBe(GRAMMAR.test(text) && text.length <= 512 ? pep503(text) : undefined);
      }),
      { numRuns: 2000 },
    );
  });

  it("is idempotent", () => {
    fc.assert(
      fc.property(validName, (text) => {
        const name = parsePackageName(text);
        expect(name).toBeDefined();
        expect(name && parsePackageName(name)).toBe(name);
      }),
    );
  });

  it("refuses every character outside ASCII, alone or inside a name", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0x80, max: 0x10ffff }), (code) => {
        const char = String.fromCodePoint(code);
        expect([char, `a${char}b`, `a${char}`, `${char}b`].map(parsePackageName)).toEqual(Array(4).fill(undefined));
      }),
      { numRuns: 2000 },
    );
  });

  it("does not take long for the longest names", () => {
    for (const text of [`${"a-".repeat(256)}!`, "-".repeat(512), `${"-".repeat(511)}a`, `a${"-".repeat(511)}`]) {
      expect(parsePackageName(text)).toBeUndefined();
    }
  });
});
