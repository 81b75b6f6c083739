import { describe, expect, test } from "vitest";

import { belongsTogether, parseAuthorization, readCredentials } from "../../../src/github/identity/credentials.ts";

describe("readCredentials", () => {
  const token = "any-token";

  test.each([
    ["alice", token, { login: "alice", token }],
    ["__token__", token, { login: undefined, token }],
    ["x-access-token", token, { login: undefined, token }],
    ["oauth2", token, { login: undefined, token }],
    [token, "", { login: undefined, token }],
    ["", "", undefined],
    ["", token, undefined],
    ["__token__", "", undefined],
    ["x-access-token", "", undefined],
    ["oauth2", "", undefined],
    // A placeholder is a word, not a login: in other letters it is somebody's name.
    ["OAuth2", token, { login: "OAuth2", token }],
  ])("(%j, %j)", (username, password, expected) => {
    expect(readCredentials(username, password)).toEqual(expected);
  });
});

describe("belongsTogether", () => {
  test.each([
    [undefined, "alice", true],
    ["alice", "alice", true],
    ["Alice", "aLICE", true],
    ["alice_acme", "Alice_Acme", true],
    ["alice", "bob", false],
    ["alice", "alice2", false],
    ["alice ", "alice", false],
    ["", "alice", false],
    ["\u212aevin", "kevin", false],
    ["\u0130da", "ida", false],
    ["toString", "tostring", true],
  ])("%j and %j: %s", (claimed, actual, expected) => {
    expect(belongsTogether(claimed, actual)).toBe(expected);
  });
});

const basic = (text: string | Buffer) => `Basic ${Buffer.from(text).toString("base64")}`;

describe("parseAuthorization", () => {
  const unusable = { scheme: "unusable" };

  test.each([
    ["absent", undefined, { scheme: "none" }],
    ["empty", "", { scheme: "none" }],
    ["Basic", basic("alice:secret"), { scheme: "basic", username: "alice", password: "secret" }],
    ["a scheme in other letters", "bAsIc YTpi", { scheme: "basic", username: "a", password: "b" }],
    ["several spaces", "Basic   YTpi", { scheme: "basic", username: "a", password: "b" }],
    ["colons in the password", basic("a:b:c:"), { scheme: "basic", username: "a", password: "b:c:" }],
    ["an empty password", basic("token:"), { scheme: "basic", username: "token", password: "" }],
    ["an empty user name", basic(":token"), { scheme: "basic", username: "", password: "token" }],
    ["UTF-8", basic("jürgen:pässword"), { scheme: "basic", username: "jürgen", password: "pässword" }],
    ["Basic without padding", "Basic YTpiYw", { scheme: "basic", username: "a", password: "bc" }],
    ["Basic without a colon", basic("alice"), unusable],
    ["Basic in Latin-1", basic(Buffer.from("a:p\u00e4", "latin1")), unusable],
    ["Basic that is no base64", "Basic a*b", unusable],
    ["Basic in base64url", "Basic YTo_Pz8_", unusable],
    ["Basic with padding inside", "Basic YT=pi", unusable],
    ["Basic and nothing", "Basic ", unusable],
    ["a scheme alone", "Basic", unusable],
    ["Bearer", "Bearer abc.def-_~+/=", { scheme: "bearer", token: "abc.def-_~+/=" }],
    ["bearer in small letters", "bearer abc", { scheme: "bearer", token: "abc" }],
    ["Bearer with two words", "Bearer abc def", unusable],
    ["Bearer beyond ASCII", "Bearer abcd\u00e9", unusable],
    ["a comma-joined pair", "Bearer abc, Basic YTpi", unusable],
    ["GitHub's old scheme", "token abc", unusable],
    ["Digest", 'Digest username="a"', unusable],
    ["a tab", "Bearer\tabc", unusable],
    ["a token alone", "abcdef", unusable],
  ])("%s", (_, header, expected) => {
    expect(parseAuthorization(header)).toEqual(expected);
  });

  test("long garbage is refused without delay", () => {
    const began = performance.now();
    expect(parseAuthorization(`Basic ${"A".repeat(100_000)}!`)).toEqual(unusable);
    expect(parseAuthorization("Basic ".repeat(20_000))).toEqual(unusable);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
