import * as fc from "fast-check";
import { stringify } from "smol-toml";
import { describe, expect, it } from "vitest";
import { nearest, placesOf } from "../../src/text/toml-places.ts";
import { parseToml } from "../../src/text/toml.ts";

/** What stands at a path: of the key, of the value and of the statement, to the end of each line. */
function at(text: string, path: readonly PropertyKey[]) {
  parseToml(text);
  const line = (offset: number) => text.slice(offset).split("\n", 1)[0];
  const { key, value, statement } = nearest(placesOf(text), path);
  return [line(key), line(value), line(statement)];
}

describe("the places of a TOML document", () => {
  it.each<[about: string, text: string, path: PropertyKey[], key: string, value: string, statement: string]>([
    ["a key", "a = 1\nb =  2", ["b"], "b =  2", "2", "b =  2"],
    ["a dotted key", "a . b.c = 1", ["a", "b", "c"], "c = 1", "1", "a . b.c = 1"],
    ["the table of a dotted key", "a.b = 1", ["a"], "a.b = 1", "a.b = 1", "a.b = 1"],
    ["a key below a header", "[ a.b ] # c\nc = 1", ["a", "b", "c"], "c = 1", "1", "c = 1"],
    ["a header", "x = 1\n[a.b]", ["a", "b"], "b]", "b]", "[a.b]"],
    ["a header's first mention", "[a.b]\n[a]", ["a"], "a.b]", "a.b]", "[a.b]"],
    ["an element", 'a = [1, # "2"\n "x,]", 3]', ["a", 1], '"x,]", 3]', '"x,]", 3]', 'a = [1, # "2"'],
    ["an element of an element", "a = [[1], [2, 3]]", ["a", 1, 1], "3]]", "3]]", "a = [[1], [2, 3]]"],
    [
      "a key of an inline table",
      "a = { b = 1, c.d = [2] }",
      ["a", "c", "d", 0],
      "2] }",
      "2] }",
      "a = { b = 1, c.d = [2] }",
    ],
    ["a table of an array", "[[a]]\nb = 1\n[[a]]\nb = 2", ["a", 1, "b"], "b = 2", "2", "b = 2"],
    ["a table below the last of an array", "[[a]]\n[[a]]\n[a.b]\nc = 1", ["a", 1, "b", "c"], "c = 1", "1", "c = 1"],
    ["an array in an array", "[[a]]\n[[a.b]]\n[[a.b]]\nc = 1", ["a", 0, "b", 1, "c"], "c = 1", "1", "c = 1"],
    ["an element of an array of tables", "[[a]]\n[[a]] # x", ["a", 1], "a]] # x", "a]] # x", "[[a]] # x"],
    [
      "an inline table in an array",
      "a = [{b = 1}, {b = 2}]",
      ["a", 1, "b"],
      "b = 2}]",
      "2}]",
      "a = [{b = 1}, {b = 2}]",
    ],
    ["quoted keys", "\"a b\".'c.d' = 1", ["a b", "c.d"], "'c.d' = 1", "1", "\"a b\".'c.d' = 1"],
    ["an escaped key", '"\\u0061" = 1', ["a"], '"\\u0061" = 1', "1", '"\\u0061" = 1'],
    [
      "what follows strings",
      'a = """x\\"""""\nb = \'\'\'\n[c]\'\'\'\nc = \'\\\'\nd = "\\""\ne = 1',
      ["e"],
      "e = 1",
      "1",
      "e = 1",
    ],
    [
      "what follows odd blanks",
      "\uFEFF# \u2028 a = 1\r\n\tb\t=\t2024-01-01 00:00:00\r\nc = 1",
      ["c"],
      "c = 1",
      "1",
      "c = 1",
    ],
    ["the nearest table", "x = 1\n[a]\nb = 1", ["a", "z", "y"], "a]", "a]", "[a]"],
    ["nothing near", "x = 1", ["a"], "x = 1", "x = 1", "x = 1"],
    ["what no key can be", "x = 1", [Symbol("x")], "x = 1", "x = 1", "x = 1"],
    ["an empty text", "", ["a"], "", "", ""],
  ])("finds %s", (_, text, path, ...found) => {
    expect(at(text, path)).toEqual(found);
  });

  it("finds every value of any document", () => {
    const { tree } = fc.letrec<{ tree: unknown }>((tie) => ({
      tree: fc.oneof(
        { maxDepth: 4, depthSize: "small" },
        fc.constant("leaf"),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.string({ maxLength: 4, unit: "grapheme" }), tie("tree"), {
          maxKeys: 3,
          noNullPrototype: true,
        }),
      ),
    }));
    let leaves = 0;
    fc.assert(
      fc.property(fc.dictionary(fc.string({ maxLength: 4 }), tree, { noNullPrototype: true }), (document) => {
        const text = stringify({ ...document });
        const places = placesOf(text);
        const found: string[] = [];
        const visit = (value: unknown, path: readonly (string | number)[]): void => {
          if (typeof value === "string") {
            found.push(text.slice(nearest(places, path).value).slice(0, '"leaf"'.length));
          } else if (Array.isArray(value)) value.forEach((item, index) => visit(item, [...path, index]));
          else for (const [key, item] of Object.entries(value ?? {})) visit(item, [...path, key]);
        };
        visit(parseToml(text), []);
        leaves += found.length;
        expect(found.filter((value) => value !== '"leaf"')).toEqual([]);
      }),
    );
    expect(leaves).toBeGreaterThan(50);
  });
});
