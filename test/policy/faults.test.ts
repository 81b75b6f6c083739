import { readFileSync } from "node:fs";
import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";
import * as z from "zod";
import { parsePolicy } from "../../src/policy/parse.ts";

const FILES = z
  .strictObject({
    files: z.array(z.strictObject({ about: z.string(), text: z.string(), faults: z.array(z.string()).min(1) })),
  })
  .parse(parse(readFileSync(new URL("faults.toml", import.meta.url), "utf8"))).files;

function faultsOf(text: string) {
  const parsed = parsePolicy(text, "packgate.toml");
  return "faults" in parsed ? parsed.faults : [];
}

const told = (text: string) => faultsOf(text).map(({ line, column, message }) => `${line}:${column} ${message}`);

describe("a policy with faults", () => {
  it("is known in many kinds", () => {
    expect(FILES.length).toBeGreaterThanOrEqual(60);
    expect(new Set(FILES.map(({ about }) => about)).size).toBe(FILES.length);
  });

  it.each(FILES)("says where and what to do: $about", ({ text, faults }) => {
    expect(told(text)).toEqual(faults);
  });

  it("shows the line with a caret under what is wrong", () => {
    const text = 'version = 1\n[[rules]]\nwho = ["members", "tem:release"]\npackages = ["*"]\npermissions = "r"\n';
    expect(faultsOf(`${text}effect = "allow"\n`)).toEqual([
      {
        path: "packgate.toml",
        line: 3,
        column: 19,
        message: 'rules.who has "tem:release", which names nobody; did you mean "team:release"?',
        codeblock: '2:  [[rules]]\n3:  who = ["members", "tem:release"]\n                      ^\n4:  packages = ["*"]',
      },
    ]);
  });

  it("is not read beyond a megabyte", () => {
    const text = `version = 1\n# ${"é".repeat(524_288)}`;
    expect(told(text)).toEqual(["1:1 The file has 1048590 bytes and only 1048576 are read; make it smaller."]);
  });

  it("lists a hundred faults, and counts the others", () => {
    const text = `version = 1\n[read]\n${Array.from({ length: 103 }, (_, index) => `k${index} = 1\n`).join("")}`;
    const faults = told(text);
    expect(faults).toHaveLength(101);
    expect(faults[99]).toBe("102:1 read.k99 is not known here; write public_repositories or unclaimed.");
    expect(faults[100]).toBe("103:1 3 more faults follow; mend those above first.");
    expect(told(text.replace(/k10[0-2] = 1\n/g, ""))).toHaveLength(100);
  });

  it("takes names of JavaScript for what they are: not known", () => {
    expect(told("version = 1\n[packages.__proto__]\nrepository = 1\n[constructor]\n")).toEqual([
      expect.stringMatching(/^2:11 packages\.__proto__ is not a valid package name/),
      expect.stringMatching(/^3:14 packages\.__proto__\.repository must be a string/),
      expect.stringMatching(/^4:2 constructor is not known here/),
    ]);
  });

  const MEGABYTE = 1_048_000;
  const fill = (part: string) => part.repeat(MEGABYTE / part.length);

  // Each would take minutes, or the stack, if the work grew faster than the file. That this ends is the test.
  it.each<[about: string, text: string]>([
    ["unknown keys", `version = 1\n${Array.from({ length: 100_000 }, (_, index) => `k${index}=1\n`).join("")}`],
    ["principals", `version = 1\n[[rules]]\nwho = [${fill('"a",')}]`],
    ["rules", `version = 1\n${fill("[[rules]]\n")}`],
    ["an expression", `version = 1\n[repositories]\npattern = "${fill("(a*)*")}"`],
    ["a deep header", `version = 1\n[a${fill(".a")}]\n`],
    ["a long key", `version = 1\n"${fill("x")}" = 1\n`],
    ["a long name", `version = 1\n[packages."${fill("a-")}"]\nrepository = "core"\n`],
    ["a long pattern", `version = 1\n[names.reserved]\n"${fill("-*")}" = []\n`],
    ["a long glob", `version = 1\n[repositories]\ninclude = ["${fill("[a")}"]\n`],
    [
      "long workflows",
      `version = 1\n[publishers]\na.workflow = ["${fill("/@").slice(0, 500_000)}", "${fill("a/").slice(0, 500_000)}"]\n`,
    ],
    ["long principals", `version = 1\n[[rules]]\nwho = ["team:${fill("-a")}", "${fill(":").slice(0, 1000)}"]\n`],
  ])("ends, however hostile: %s", (_, text) => {
    const faults = faultsOf(text);
    expect(faults.length).toBeGreaterThan(0);
    for (const { message, codeblock } of faults) expect(message.length + codeblock.length).toBeLessThan(3000);
  });
});
