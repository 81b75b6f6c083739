import { readFileSync } from "node:fs";
import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { parsePackageName } from "../../src/domain/package-name.ts";
import { LAYOUTS } from "../../src/index-paths/layouts.ts";
import type { PathQuestion } from "../../src/index-paths/read-path.ts";
import { readPath } from "../../src/index-paths/read-path.ts";

const rows = readFileSync(new URL("paths.txt", import.meta.url), "utf8")
  .split("\n")
  .filter((line) => line !== "" && !line.startsWith("#"))
  .map((line) => {
    const [, method = "", target = "", expected = ""] = /^(\S+) (.+) = (.+)$/.exec(line) ?? [];
    return { line, method, target: JSON.parse(`"${target.replace(/\\(?!u)/g, "\\\\")}"`) as string, expected };
  });

function inWords(question: PathQuestion): string {
  if (question.kind === "package") return `${question.permission} ${question.names.join(", ")}`;
  if (question.kind === "refused") return question.reason;
  return question.kind === "form" ? `form ${question.name ?? ""}`.trim() : question.kind;
}

describe("what a request to an index is about", () => {
  it.each(rows)("$line", ({ method, target, expected }) => {
    expect(inWords(readPath(method, target))).toBe(expected);
  });

  it("has a table worth its name, in which every layout occurs", () => {
    expect(rows.length).toBeGreaterThan(230);
    const unused = LAYOUTS.filter(
      ({ methods, pattern, sense }) =>
        !rows.some(({ method, target, expected }) => {
          const path = target.replace(/\?.*/, "").replaceAll("%2B", "+");
          const [kind] = expected.split(" ");
          const fits = sense === "package" ? /^(?:read|upload|delete)$/.test(kind ?? "") : kind === sense;
          return fits && methods.includes(method) && pattern.test(path);
        }),
    );
    expect(unused).toEqual([]);
  });

  it("refuses a path that is longer than any", () => {
    expect(readPath("GET", `/simple/${"a".repeat(500)}/`)).toMatchObject({ kind: "package" });
    expect(readPath("GET", `/simple/${"a".repeat(513)}/`)).toMatchObject({ reason: "unknown-path" });
    expect(readPath("GET", `/simple/acme/?${"a".repeat(4096)}`)).toMatchObject({ reason: "malformed-path" });
  });
});

describe("any path at all", () => {
  const METHODS = ["GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "__proto__", "constructor", ""];
  const words = [
    "simple packages pypi json legacy api package +simple +f root pulp content",
    "acme Acme_Core acme-core x.y secret 1.0 acme_core-1.0.tar.gz acme-core-1.0.zip secret-1.0-py3-none-any.whl",
    ".metadata .. .  %2e%2e %2F %00 %41 % \\ ? #",
  ].flatMap((line) => line.split(" "));
  const anyWord = fc.oneof(fc.constantFrom(...words), fc.string({ maxLength: 8 }));
  const anyTarget = fc.oneof(
    fc.string({ unit: "binary", maxLength: 60 }),
    fc.array(anyWord, { maxLength: 8 }).map((segments) => `/${segments.join("/")}`),
    fc
      .constantFrom(...rows.map(({ target }) => target))
      .chain((target) =>
        fc
          .tuple(fc.nat(target.length), fc.constantFrom(...words), fc.nat(3))
          .map(([at, word, cut]) => target.slice(0, at) + word + target.slice(at + cut)),
      ),
  );

  it("never yields a package that the plain decoding does not contain, and never throws", () => {
    fc.assert(
      fc.property(fc.constantFrom(...METHODS), anyTarget, (method, target) => {
        const question = readPath(method, target);
        const names = question.kind === "package" ? question.names : question.kind === "form" ? [question.name] : [];
        const [path = ""] = target.split("?");
        for (const name of names) {
          if (name === undefined) continue;
          expect(parsePackageName(name)).toBe(name);
          expect(
            decodeURIComponent(path)
              .replace(/[-_.]+/g, "-")
              .toLowerCase(),
          ).toContain(name);
        }
      }),
      { numRuns: 5_000 },
    );
  });

  it("yields what it is spelled like, whichever characters are escaped", () => {
    const targets = rows.filter(({ target, expected }) => expected.startsWith("read") && !target.includes("%"));
    fc.assert(
      fc.property(fc.constantFrom(...targets), fc.array(fc.boolean(), { maxLength: 80 }), (row, escaped) => {
        const [path = ""] = row.target.split("?");
        let at = 0;
        const spelled = path.replace(/[^/]/g, (character) =>
          escaped[at++] === true ? `%${character.charCodeAt(0).toString(16).padStart(2, "0")}` : character,
        );
        expect(inWords(readPath(row.method, spelled))).toBe(row.expected);
      }),
    );
  });
});
