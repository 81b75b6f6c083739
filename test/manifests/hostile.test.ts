import { describe, expect, it } from "vitest";
import { readManifests } from "../../src/manifests/index.ts";
import { file } from "./source.ts";

const MEGABYTE = 1_048_576;

const fill = (start: string, part: string, end = "") =>
  start + part.repeat(Math.floor((MEGABYTE - start.length - end.length) / part.length)) + end;

function numbered(start: string, part: (index: number) => string, end = ""): string {
  const parts = [start];
  for (let length = start.length + end.length, index = 0; ; index++) {
    const next = part(index);
    length += next.length;
    if (length > MEGABYTE) return parts.join("") + end;
    parts.push(next);
  }
}

const fault = "\n[project]\nname = 1\n";

// Each would take minutes, or the stack, under an algorithm that is quadratic or recursive. That this ends is the test.
const PYPROJECT: Record<string, string> = {
  "nested arrays": fill("a = ", "["),
  "nested inline tables": fill("a = ", "{a="),
  "a deep dotted key": fill("a", ".a", "=1"),
  "a deep header": fill("[a", ".a", "]"),
  "keys below a deep header": numbered(`[${fill("a", ".a").slice(0, 500_001)}]\n`, (index) => `k${index}=1\n`, fault),
  "many keys": numbered("", (index) => `k${index}=1\n`, fault),
  "many numeric keys": numbered("", (index) => `${index * 7919}=1\n`, fault),
  "many tables": numbered("", (index) => `[t${index}]\n`, fault),
  "many array tables": fill("", "[[a]]\n", fault),
  "many keys in one inline table": numbered("a = {", (index) => `k${index}=1,`, `z=1}${fault}`),
  "many escapes": fill('a = "', "\\n", '"'),
  "many quotes": fill('a = """', '""\\"', '"""'),
  "a huge integer": fill("a = ", "9"),
  "many lines before the fault": fill("", "\n", "]"),
  "many lines before a bad name": fill("", "#\n", fault),
  "a long line before the fault": fill('a = "', "x"),
  "a long string before a bad name": fill('a = "', "\\\\", `"\n${fault}`),
  "a long comment before a bad name": fill("", "#", `\n${fault}`),
  "a long name": fill('[project]\nname = "', "-", '"'),
  "a name of letters": fill('[project]\nname = "', "a", '!"'),
  "long globs": fill('[tool.uv.workspace]\nmembers = ["', "[", '"]'),
  "a glob of classes": fill('[tool.uv.workspace]\nmembers = ["', "[a-", '"]'),
};

const SETUP_CFG: Record<string, string> = {
  "many sections": numbered("", (index) => `[s${index}]\n`),
  "many keys": numbered("[metadata]\n", (index) => `k${index}=1\n`),
  "many names": fill("[metadata]\n", "name=a\n"),
  "a line of spaces": fill("[metadata]\nname", " ", "x"),
  "a value of spaces": fill("[metadata]\nname = a", " ", "b"),
  "many blank lines": fill("[metadata]\nname = a", "\n", " b"),
  "many continuation lines": fill("[metadata]\nname = a", "\n "),
  "a long header": fill("[", "]"),
  "a long name": fill("[metadata]\nname = ", "a-"),
};

describe("hostile files of a megabyte are read to the end", () => {
  it.each(Object.entries(PYPROJECT))("pyproject.toml: %s", (_, text) => {
    const { declarations, problems } = readManifests([file("pyproject.toml", text)]);
    expect(declarations).toEqual([]);
    expect(JSON.stringify(problems).length).toBeLessThan(1500);
  });

  it.each(Object.entries(SETUP_CFG))("setup.cfg: %s", (_, text) => {
    const { problems } = readManifests([file("setup.cfg", text)]);
    expect(JSON.stringify(problems).length).toBeLessThan(1500);
  });
});
