import { describe, expect, it } from "vitest";
import { emptyBook, grantOf, heavier, NOTHING, strengthOf, weightOf } from "../../src/domain/grant-book.ts";
import { GRANT_KINDS, KIND_OF_WEIGHT, LEAST_WEIGHT, makeGrant } from "../../src/domain/grants.ts";
import { GITHUB_ROLES } from "../../src/domain/facts.ts";
import { githubRole, PERMISSION_BIT, PERMISSIONS } from "../../src/domain/roles.ts";

describe("a book of grants", () => {
  it("has each grant once, and finds it by its strength", () => {
    const book = emptyBook();
    const grants = [
      makeGrant("team", githubRole("read"), 7),
      makeGrant("team", githubRole("read"), 8),
      makeGrant("team", githubRole("write"), 7),
      makeGrant("team", { ...githubRole("write"), name: "deployer" }, 7),
      makeGrant("organization-role", githubRole("write"), 7, "sre"),
      makeGrant("organization-role", githubRole("write"), undefined, "sre"),
    ];
    const strengths = grants.map((grant) => strengthOf(book, grant));
    expect(strengths.map((strength) => grantOf(book, strength))).toEqual(grants);
    expect(strengths.map(weightOf)).toEqual(grants.map(({ weight }) => weight));
    expect(grants.map((grant) => strengthOf(book, { ...grant }))).toEqual(strengths);
    expect(book.grants).toEqual([undefined, ...grants]);
  });

  it("knows that nothing is no grant", () => {
    const book = emptyBook();
    expect([strengthOf(book, undefined), grantOf(book, NOTHING), weightOf(NOTHING)]).toEqual([NOTHING, undefined, 0]);
  });

  it("prefers the heavier grant, and of equals the first", () => {
    const book = emptyBook();
    const [light, one, two] = [
      strengthOf(book, makeGrant("team", githubRole("read"), 1)),
      strengthOf(book, makeGrant("team", githubRole("write"), 2)),
      strengthOf(book, makeGrant("team", githubRole("write"), 3)),
    ];
    expect([heavier(light, one), heavier(one, light)]).toEqual([one, one]);
    expect([heavier(one, two), heavier(two, one)]).toEqual([one, two]);
    expect(heavier(NOTHING, light)).toBe(light);
  });
});

describe("a weight", () => {
  const grants = GITHUB_ROLES.flatMap((role) => GRANT_KINDS.map((kind) => makeGrant(kind, githubRole(role))));

  it("tells the kind", () => {
    expect(grants.map(({ weight }) => KIND_OF_WEIGHT[weight])).toEqual(grants.map(({ kind }) => kind));
    expect(KIND_OF_WEIGHT[weightOf(NOTHING)]).toBeUndefined();
  });

  it.each(PERMISSIONS)("tells whether it gives %s, as the role does", (permission) => {
    for (const { weight, role } of grants) {
      expect(weight >= LEAST_WEIGHT[permission]).toBe((role.mask & PERMISSION_BIT[permission]) !== 0);
    }
    expect(weightOf(NOTHING) >= LEAST_WEIGHT[permission]).toBe(false);
  });
});
