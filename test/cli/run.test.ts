import { describe, expect, it } from "vitest";

import { ConfigError } from "../../src/config.ts";
import { expectNoSecret, CANARY, run } from "./terminal.ts";

const VERBS = [
  "serve",
  "setup",
  "doctor",
  "check",
  "explain",
  "who-can",
  "what-can",
  "claims",
  "roles",
  "status",
  "policy check",
];

describe("dispatch", () => {
  it("serves, with the exit code of serving", async () => {
    expect(await run(["serve"], {}, { serve: () => Promise.resolve(7) })).toEqual({ code: 7, out: "", err: "" });
  });

  it.each([
    { argv: [], err: 'packgate: say what to do; "packgate help" lists the verbs\n' },
    { argv: ["statsu"], err: 'packgate: "statsu" is not a verb; did you mean status?\n' },
    { argv: ["WHOCAN"], err: 'packgate: "WHOCAN" is not a verb; did you mean who-can?\n' },
    { argv: ["frobnicate"], err: 'packgate: "frobnicate" is not a verb; "packgate help" lists the verbs\n' },
    { argv: ["x"], err: 'packgate: "x" is not a verb; "packgate help" lists the verbs\n' },
    { argv: ["policy"], err: 'packgate: "policy" is not a verb; did you mean policy check?\n' },
    { argv: ["policy", "chek"], err: 'packgate: "policy chek" is not a verb; did you mean policy check?\n' },
    { argv: ["policy", "--json"], err: 'packgate: "policy --json" is not a verb; did you mean policy check?\n' },
    { argv: ["policy", "check"], err: 'packgate: policy check needs FILE; see "packgate policy check --help"\n' },
    { argv: ["help", "chekc"], err: 'packgate: "chekc" is not a verb; did you mean check?\n' },
    { argv: ["check"], err: 'packgate: check needs USER and ACTION and PACKAGE; see "packgate check --help"\n' },
    { argv: ["check", "alice"], err: 'packgate: check needs ACTION and PACKAGE; see "packgate check --help"\n' },
    { argv: ["what-can", "a", "b"], err: 'packgate: what-can does not take "b"; see "packgate what-can --help"\n' },
    {
      argv: ["claims", "--ogr=x"],
      err: `packgate: claims cannot read its options: Unknown option '--ogr'; see "packgate claims --help"\n`,
    },
    {
      argv: ["claims", "--org"],
      err: `packgate: claims cannot read its options: Option '--org <value>' argument missing; see "packgate claims --help"\n`,
    },
    {
      argv: ["status", "--json=yes"],
      err: `packgate: status cannot read its options: Option '--json' does not take an argument; see "packgate status --help"\n`,
    },
    { argv: ["serve", "now"], err: 'packgate: serve does not take "now"; see "packgate serve --help"\n' },
  ])("misused: $argv", async ({ argv, err }) => {
    expect(await run(argv)).toEqual({ code: 2, out: "", err });
  });
});

describe("help", () => {
  it.each([[["help"]], [["--help"]], [["-h"]]])("lists every verb: %s", async (argv) => {
    const { code, out, err } = await run(argv);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const verb of VERBS) expect(out).toMatch(new RegExp(`^  ${verb} +\\S`, "m"));
    expect(out).toContain("Exit codes: 0 yes or done, 1 error, 2 misused, 3 denied, 4 unknown.");
  });

  it.each(VERBS)("describes %s, however it is asked", async (verb) => {
    const words = verb.split(" ");
    const { code, out } = await run([...words, "--help"]);
    expect(code).toBe(0);
    expect(out).toMatch(new RegExp(`^packgate ${verb} .*\\[options\\]\n\n\\S`));
    expect((await run(["help", ...words])).out).toBe(out);
    expect((await run([...words, "-h"])).out).toBe(out);
  });

  it("shows operands, options and exit codes", async () => {
    expect((await run(["help", "check"])).out).toBe(`packgate check USER ACTION PACKAGE [options]

may USER do ACTION to PACKAGE? One line, and the exit code says it too

  --org LOGIN  the organization, where Packgate serves several
  --json       print JSON for machines
  --help       print this

Exit code: 0 allowed, 3 denied, 4 unknown, 1 when it could not be asked, 2 misused.

Example: packgate check alice upload acme-core && make release
`);
  });

  it("has no overlong lines", async () => {
    for (const argv of [["help"], ...VERBS.map((verb) => ["help", verb])]) {
      expect((await run(argv)).out).not.toMatch(/^.{101}/m);
    }
  });

  it("prints the version", async () => {
    expect(await run(["--version"])).toEqual({ code: 0, out: "1.2.3\n", err: "" });
  });
});

describe("what goes wrong inside", () => {
  it("prints every fault of the configuration on its own line", async () => {
    const faults = [
      { variable: "APP_ID", problem: "is not set", fix: "copy it" },
      { variable: "PORT", problem: "is not a number", fix: "use one" },
    ];
    const serve = () => Promise.reject(new ConfigError(faults, []));
    expect(await run(["serve"], {}, { serve })).toEqual({
      code: 1,
      out: "",
      err: "packgate: APP_ID is not set; copy it\npackgate: PORT is not a number; use one\n",
    });
  });

  it.each([
    [new RangeError(`boom ${CANARY}`), "RangeError"],
    [CANARY, "no Error"],
  ])("quotes nothing of an unexpected error", async (thrown, name) => {
    const serve = async () => {
      throw thrown;
    };
    expect(await run(["serve"], {}, { serve })).toEqual({
      code: 1,
      out: "",
      err: `packgate: stopped by a fault of its own (${name}); please report it, with the command that you gave\n`,
    });
  });
});

it.each([`a ${CANARY} b`, Buffer.from(CANARY).toString("base64"), "Error: x\n    at f (file:///x.ts:1:2)\n"])(
  "the guard against secrets and stack traces sees them",
  (output) => {
    expect(() => expectNoSecret(output)).toThrow(/^expected '/);
  },
);
