import { describe, expect, it } from "vitest";
import {
  emptyBook,
  forQuestion,
  grantOf,
  heavier,
  NOTHING,
  strengthOf,
  suffices,
  weightOf,
} from "../../src/domain/grant-book.ts";
import { GRANT_KINDS, KIND_OF_WEIGHT, makeGrant } from "../../src/domain/grants.ts";
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
});

describe("a strength for a question", () => {
  const masks = Array.from({ length: 32 }, (_, mask) => mask);

  it.each(PERMISSIONS)(
    "is marked if the role holds %s, whatever else it holds, and stays what it was",
    (permission) => {
      const book = emptyBook();
      const bit = PERMISSION_BIT[permission];
      for (const role of GITHUB_ROLES) {
        for (const mask of masks) {
          const grant = makeGrant("team", { ...githubRole(role), mask }, mask);
          const asked = forQuestion(strengthOf(book, grant), bit);
          expect([suffices(asked), grantOf(book, asked), weightOf(asked)]).toEqual([
            (mask & bit) !== 0,
            grant,
            grant.weight,
          ]);
        }
      }
      expect(suffices(forQuestion(NOTHING, bit))).toBe(false);
    },
  );

  it("weighs more when marked than any that is not", () => {
    const book = emptyBook();
    const weak = strengthOf(book, makeGrant("public", githubRole("read")));
    const strong = strengthOf(book, makeGrant("owner", { ...githubRole("admin"), mask: 0 }));
    const ask = (strength: number) => forQuestion(strength, PERMISSION_BIT.read);
    expect([heavier(ask(strong), ask(weak)), heavier(ask(weak), ask(strong))]).toEqual([ask(weak), ask(weak)]);
    expect(heavier(weak, strong)).toBe(strong);
  });

  it("tells no more grants apart than there are numbers, rather than mixing them up with permissions", () => {
    const book = { grants: Array.from({ length: 2 ** 19 }, () => undefined), numbers: new Map<string, number>() };
    expect(() => strengthOf(book, makeGrant("team", githubRole("read"), 1))).toThrow(/cannot be told apart/);
  });
});
