import { readdirSync, readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import type { LongFiles, Source } from "./architecture/rules.ts";
import { importsOf, violations } from "./architecture/rules.ts";

const ROOT = new URL("../", import.meta.url);

/** Files over 200 lines, each with the reason why it is not split. */
const LONG: LongFiles = {};

function sources(): Source[] {
  return readdirSync(new URL("src", ROOT), { recursive: true, encoding: "utf8" })
    .map((path) => `src/${path.replaceAll("\\", "/")}`)
    .filter((path) => path.endsWith(".ts"))
    .map((path) => ({ path, text: readFileSync(new URL(path, ROOT), "utf8") }));
}

describe("the architecture", () => {
  it("holds in every source file", () => {
    const scanned = sources();
    // A check that reads nothing finds nothing.
    expect(scanned.length).toBeGreaterThan(80);
    const areas = new Set(scanned.map(({ path }) => path.split("/")[1]));
    expect([...areas]).toEqual(expect.arrayContaining(["domain", "manifests", "state", "github", "http", "cli"]));
    expect(scanned.flatMap(({ text }) => importsOf(text)).length).toBeGreaterThan(300);
    expect(violations(scanned, LONG)).toEqual([]);
  });
});

describe("the check itself", () => {
  const check = (path: string, text: string): string[] => violations([{ path, text }]);

  it.each([
    ["src/http/server.ts", 'import type { Store } from "../github/session.ts";', "src/github/session.ts"],
    ["src/github/app.ts", 'import { send } from "../http/exchange.ts";', "src/http/exchange.ts"],
    ["src/github/plans/people.ts", 'import { x } from "../../service.ts";', "src/service.ts"],
    ["src/domain/decide.ts", 'import type { Slice } from "../state/slice.ts";', "src/state/slice.ts"],
    ["src/domain/decide.ts", 'import { z } from "zod";', "zod"],
    ["src/domain/decide.ts", 'import { readFile } from "node:fs/promises";', "node:fs/promises"],
    ["src/manifests/ini.ts", 'import type { Slice } from "../state/slice.ts";', "src/state/slice.ts"],
    ["src/manifests/ini.ts", 'import "node:fs";', "node:fs"],
    ["src/state/store.ts", 'import { createReader } from "../github/reader/reader.ts";', "src/github/reader/reader.ts"],
    ["src/state/store.ts", 'export * from "../http/service.ts";', "src/http/service.ts"],
    ["src/state/store.ts", 'import { setTimeout } from "node:timers";', "node:timers"],
    ["src/cli/check.ts", 'import {\n  createStore,\n} from "../state/store.ts";', "src/state/store.ts"],
    ["src/cli/check.ts", 'const { connect } = await import("../github/connection.ts");', "src/github/connection.ts"],
    ["src/config.ts", "import { pino } from 'pino';", "pino"],
    ["src/service.ts", 'import { runCli } from "./cli/run.ts";', "src/cli/run.ts"],
    ["src/errors.ts", 'import type { View } from "./domain/decide.ts";', "src/domain/decide.ts"],
  ])("refuses in %s: %s", (path, text, target) => {
    expect(check(path, text)).toEqual([`${path}: may not import ${target}`]);
  });

  it.each([
    ["src/domain/decide.ts", 'import type { Claim } from "./claims.ts";'],
    ["src/manifests/ini.ts", 'import { parse } from "smol-toml";\nimport type { A } from "../domain/facts.ts";'],
    ["src/state/store.ts", 'import { isDeepStrictEqual } from "node:util";\nimport { a } from "../domain/facts.ts";'],
    ["src/http/server.ts", 'import express from "express";\nimport { e } from "../errors.ts";'],
    ["src/cli/doctor.ts", 'import { doctor } from "../github/doctor.ts";\nimport { z } from "zod";'],
    ["src/main.ts", 'import { runCli } from "./cli/run.ts";\nstart(Date.now, Math.random(), process.env);'],
    ["src/domain/decide.ts", '// import { z } from "zod";\n/** console.log(Date.now())\n * process.env */'],
    ["src/http/a.ts", 'const url = "https://example.org//import"; new Date(0);'],
  ])("allows in %s: %s", (path, text) => {
    expect(check(path, text)).toEqual([]);
  });

  it.each([
    ["const now = Date.now();", "reaches for the clock"],
    ["clock = Date.now", "reaches for the clock"],
    ["return new Date( ).toISOString();", "reaches for the clock"],
    ["performance.now()", "reaches for the clock"],
    ["const home = process.env['HOME'];", "reaches for the process"],
    ["process.exit(1);", "reaches for the process"],
    ["Math.random()", "reaches for chance"],
    ['console.log("here");', "speaks to the console"],
  ])("refuses %s", (text, fault) => {
    expect(check("src/http/a.ts", text)).toEqual([`src/http/a.ts: ${fault}`]);
  });

  it("refuses the console at the edge as well", () => {
    expect(check("src/main.ts", "console.error(error);")).toEqual(["src/main.ts: speaks to the console"]);
  });

  it.each(["src/domain/utils.ts", "src/http/util.ts", "src/http/utils/text.ts"])("refuses the name %s", (path) => {
    expect(check(path, "")).toEqual([`${path}: name it after what it does, not "utils"`]);
  });

  it("refuses a file that no rule knows", () => {
    expect(check("src/plugins/a.ts", "")).toEqual([expect.stringContaining("src/plugins/a.ts: belongs to no area")]);
  });

  it("refuses long files, and a list of them that is out of date", () => {
    const lines = (count: number): Source => ({ path: "src/domain/a.ts", text: "x;\n".repeat(count) });
    const listed = { "src/domain/a.ts": "a table" };
    expect(violations([lines(200)])).toEqual([]);
    expect(violations([lines(201)])).toEqual(["src/domain/a.ts: has 201 lines; split it, or list why not"]);
    expect(violations([lines(201)], listed)).toEqual([]);
    expect(violations([lines(200)], listed)).toEqual(["src/domain/a.ts: is no longer long; take it off the list"]);
    expect(violations([], listed)).toEqual(["src/domain/a.ts: listed as long, but there is no such file"]);
  });
});
