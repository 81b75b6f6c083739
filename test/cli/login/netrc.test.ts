import { describe, expect, it } from "vitest";
import { isTaken, loginIn, withLogin, withoutLogin } from "../../../src/cli/login/netrc.ts";

const HOST = "pypi.example.com";
const OURS = `machine ${HOST} login __token__ password pgt_new\n`;

/** What others write into such files, as Python's `netrc`, curl and ftp read it. */
const OTHERS: readonly [string, string][] = [
  ["nothing", ""],
  ["another machine", "machine example.com login me password secret\n"],
  ["a machine over several lines", "machine example.com\n  login me\n  password secret\n  account a\n"],
  ["two machines on a line", "machine a login b password c machine d login e password f\n"],
  ["no line break at the end", "machine example.com login me password secret"],
  ["Windows line breaks", "machine example.com\r\n\tlogin me\r\n\tpassword secret\r\n"],
  ["the entry for all others", "default login anonymous password me@example.com\n"],
  ["comments", `# machine ${HOST} login __token__ password pgt_x\nmachine a login b # password\n password c\n`],
  ["a macro", `machine a login b password c\nmacdef init\nmachine ${HOST} login __token__ password pgt_x\n\n`],
  ["a macro without an end", `macdef init\nmachine ${HOST} login __token__ password pgt_x`],
  ["quoted words", `machine a login "machine ${HOST}" password "a \\" b"\n`],
  ["words with escapes", `machine a login b password c\\ machine\\ ${HOST}\n`],
  ["a quote without an end", 'machine a login b password "c d\n'],
  ["words that mean nothing", "here be dragons\nmachine\n"],
];

/** A macro or a quote that is left open goes on to the end, and swallows whatever comes. */
const CLOSED = OTHERS.filter(
  ([name]) => !["a macro", "a macro without an end", "a quote without an end"].includes(name),
);

describe.each(OTHERS)("beside %s", (_, text) => {
  it("a login is added, found, replaced and taken out, and all else stays as it is", () => {
    const added = withLogin(text, HOST, "pgt_new");
    expect(added).toBe(OURS + text);
    expect(loginIn(added, HOST)).toBe("pgt_new");
    expect(withLogin(added, HOST, "pgt_newer")).toBe(`${OURS.replace("new", "newer")}${text}`);
    expect(withoutLogin(added, HOST)).toBe(text);
    expect([loginIn(text, HOST), isTaken(text, HOST), withoutLogin(text, HOST)]).toStrictEqual([
      undefined,
      false,
      text,
    ]);
  });
});

describe.each(CLOSED.filter(([name]) => name !== "words that mean nothing"))("behind %s", (_, text) => {
  it("a login is found, and taken out", () => {
    const before = text === "" || text.endsWith("\n") ? text : `${text}\n`;
    expect(loginIn(before + OURS, HOST)).toBe("pgt_new");
    expect(withoutLogin(before + OURS, HOST)).toBe(before);
  });
});

describe("an entry for the machine", () => {
  it.each([
    `machine ${HOST} login alice password ghp_x\n`,
    `machine ${HOST} login __token__ password ghp_x\n`,
    `machine ${HOST} user alice password pgt_x\n`,
    `machine ${HOST}\n`,
  ])("of somebody else's stays: %j", (text) => {
    expect([isTaken(text, HOST), loginIn(text, HOST), withoutLogin(text, HOST)]).toStrictEqual([true, undefined, text]);
  });

  it.each([
    [
      `machine a login b password c machine ${HOST} login __token__ password pgt_x\n`,
      "machine a login b password c \n",
    ],
    [
      `machine ${HOST} login __token__ password pgt_x machine a login b password c\n`,
      " machine a login b password c\n",
    ],
    [`machine ${HOST}\n  password "pgt_x"\n  user __token__\n\nmachine a\n`, "\nmachine a\n"],
    [`machine a\n  machine ${HOST} login __token__ password pgt_x`, "machine a\n  "],
  ])("of ours is taken out wherever it stands: %j", (text, rest) => {
    expect([isTaken(text, HOST), loginIn(text, HOST)]).toStrictEqual([false, "pgt_x"]);
    expect(withoutLogin(text, HOST)).toBe(rest);
  });

  it("of another machine is none", () => {
    expect(loginIn(OURS, "example.com")).toBeUndefined();
    expect(withoutLogin(OURS, "example.com")).toBe(OURS);
  });
});
