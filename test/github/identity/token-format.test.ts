import { assert, property, string } from "fast-check";
import { describe, expect, test, vi } from "vitest";

import { inspectToken } from "../../../src/github/identity/token-format.ts";
import { classicToken, fineGrainedToken } from "./tokens.ts";

const good = classicToken("octocat");
const [header, payload, signature] = ["eyJhbGciOiJSUzI1NiJ9", "eyJzdWIiOiIxIn0", "c2lnbmF0dXJl-_"];
const flip = (token: string, at: number) => token.slice(0, at) + (token[at] === "y" ? "z" : "y") + token.slice(at + 1);

const user = (kind: string) => ({ status: "askable", kind });
const unsupported = (kind: string) => ({ status: "unsupported", kind });
const malformed = { status: "malformed" };

const rows: readonly (readonly [string, string, object])[] = [
  [
    "the sample that GitHub published with the format",
    ["ghp", "zQWBuTSOoRi4A9spHcVY5ncnsDkxkJ0mLq17"].join("_"),
    user("personal"),
  ],
  ["a personal token", good, user("personal")],
  ["an OAuth app's token", classicToken("octocat", "gho_"), user("oauth-app")],
  ["an App's user token", classicToken("octocat", "ghu_"), user("app-user")],
  ["a fine-grained token", fineGrainedToken("octocat"), user("fine-grained")],
  ["an installation token", classicToken("octocat", "ghs_"), { status: "askable", kind: "installation" }],
  [
    "a stateless installation token",
    `ghs_123456_${header}.${payload}.${signature}`,
    { status: "askable", kind: "installation" },
  ],
  ["a stateless one of the shortest kind", `ghs_${"a".repeat(35)}.`, { status: "askable", kind: "installation" }],
  ["a stateless one one letter too short", `ghs_${"a".repeat(34)}.`, malformed],
  ["a stateless one of 2,048 characters", `ghs_${".".repeat(2048)}`, { status: "askable", kind: "installation" }],
  ["a stateless one of 2,049 characters", `ghs_${".".repeat(2049)}`, malformed],
  ["a stateless one with a forbidden letter", `ghs_${"a".repeat(40)}+`, malformed],
  ["an installation token with a bad checksum", flip(classicToken("octocat", "ghs_"), 10), malformed],
  ["a refresh token", `ghr_${"a".repeat(76)}`, unsupported("refresh")],
  ["a refresh token of the shortest kind", `ghr_${"a".repeat(36)}`, unsupported("refresh")],
  ["a refresh token one letter too short", `ghr_${"a".repeat(35)}`, malformed],
  ["a JWT", `${header}.${payload}.${signature}`, unsupported("jwt")],
  ["a JWT of 8,192 characters", `${header}.${payload}.`.padEnd(8192, "a"), unsupported("jwt")],
  ["a JWT of 8,193 characters", `${header}.${payload}.`.padEnd(8193, "a"), malformed],
  ["a JWT without a signature", `${header}.${payload}.`, malformed],
  ["a JWT of two parts", `${header}.${payload}`, malformed],
  ["a JWT of four parts", `${header}.${payload}.${signature}.x`, malformed],
  ["something with dots that is no JSON object", `aaa.bbb.ccc`, malformed],
  ["nothing", "", malformed],
  ["a blank", " ", malformed],
  ["a password", "correct horse battery staple", malformed],
  ["a prefix alone", "ghp_", malformed],
  ["a fine-grained prefix alone", "github_pat_", malformed],
  ["one letter too few", good.slice(0, -1), malformed],
  ["one letter too many", `${good}a`, malformed],
  ["a wrong first letter", flip(good, 4), malformed],
  ["a wrong last letter before the checksum", flip(good, 33), malformed],
  ["a wrong first letter of the checksum", flip(good, 34), malformed],
  ["a wrong last letter of the checksum", flip(good, 39), malformed],
  ["a prefix in capitals", good.replace("ghp_", "GHP_"), malformed],
  ["an unknown prefix", good.replace("ghp_", "ghx_"), malformed],
  ["a dash for the underscore", good.replace("ghp_", "ghp-"), malformed],
  ["a line break at the end", `${good}\n`, malformed],
  ["a line break inside", `${good.slice(0, 20)}\n${good.slice(21)}`, malformed],
  ["a space before", ` ${good}`, malformed],
  ["a NUL at the end", `${good}\0`, malformed],
  ["a header that smuggles another", `${good}\r\nx-evil: 1`, malformed],
  ["a full-width letter", `${good.slice(0, 20)}ｘ${good.slice(21)}`, malformed],
  ["an emoji", `ghp_${"🐙".repeat(18)}`, malformed],
  ["a lone surrogate", `ghp_${"\ud800".repeat(36)}`, malformed],
  ["10 kB behind a prefix", `ghp_${"a".repeat(10_000)}`, malformed],
  ["10 kB of dots", "eyJ".padEnd(10_000, "."), malformed],
  ["a fine-grained token one letter short", fineGrainedToken("octocat").slice(0, -1), malformed],
  ["a fine-grained token one letter long", `${fineGrainedToken("octocat")}b`, malformed],
  ["a fine-grained token with the underscore moved", `github_pat_${"A".repeat(23)}_${"b".repeat(58)}`, malformed],
  ["a fine-grained token without its underscore", `github_pat_${"A".repeat(82)}`, malformed],
  [
    "a personal token of forty hexadecimal digits, as before 2021",
    "0123456789abcdef".repeat(3).slice(0, 40),
    malformed,
  ],
  ["a token of PyPI's", `pypi-${"A".repeat(80)}`, malformed],
];

describe("inspectToken", () => {
  test.each(rows)("%s", (_, token, expected) => {
    expect(inspectToken(token)).toEqual(expected);
  });

  test("a checksum below 62^5 is padded with zeros", () => {
    const padded = Array.from({ length: 1000 }, (_, seed) => classicToken(seed)).filter((token) => token[34] === "0");
    expect(padded.length).toBeGreaterThan(0);
    for (const token of padded) expect(inspectToken(token)).toEqual(user("personal"));
  });

  test("every wrong letter of a classic token is found", () => {
    for (let at = 4; at < 40; at += 1) expect(inspectToken(flip(good, at))).toEqual(malformed);
  });

  test("never throws, and takes no text that begins with none of GitHub's prefixes", () => {
    assert(
      property(string({ unit: "binary", maxLength: 200 }), (text) => {
        const { status } = inspectToken(text);
        expect(status === "malformed" || /^(gh[pousr]_|github_pat_|eyJ)/.test(text)).toBe(true);
      }),
    );
  });

  test("no pattern can be made to try twice: what repeats is told from what follows by one character", () => {
    const used = vi.spyOn(RegExp.prototype, "test");
    for (const [, token] of rows) inspectToken(token);
    const patterns = new Set(used.mock.contexts.map(String));
    used.mockRestore();
    expect(patterns.size).toBe(4);
    for (const pattern of patterns) expect(pattern).toSatisfy(isDeterministic);
    for (const slow of ["/^(a+)+$/", "/^a*a*$/", "/^[\\w-]*-$/", "/^(?:a|a)*$/", "/^a+?b$/"]) {
      expect(slow).not.toSatisfy(isDeterministic);
    }
  });
});

/** Whether a pattern is a mere sequence of characters and classes in which none that repeats can match what comes next. */
function isDeterministic(pattern: string): boolean {
  const [, inner = ""] = /^\/\^(.*)\$\/$/.exec(pattern) ?? [];
  const parts = [...inner.matchAll(/(\[[^\]]+\]|\\.|[A-Za-z0-9_-])([*+]|\{[\d,]+\})?/g)];
  if (inner === "" || parts.map(([text]) => text).join("") !== inner) return false;
  return parts.every(([, one = "", repeats = ""], index) => {
    const next = parts[index + 1]?.[1];
    // What repeats a fixed number of times leaves no choice.
    return next === undefined || /^(?:\{\d+\})?$/.test(repeats) || !overlap(one, next);
  });
}

function overlap(one: string, other: string): boolean {
  const [a, b] = [one, other].map((text) => new RegExp(`^${text}$`));
  return Array.from({ length: 256 }, (_, code) => String.fromCharCode(code)).some(
    (letter) => a?.test(letter) === true && b?.test(letter) === true,
  );
}
