import * as fc from "fast-check";
import { expect, it } from "vitest";
import { rememberedPath } from "../../../src/http/subrequest/remembered-paths.ts";
import { readPath } from "../../../src/index-paths/read-path.ts";

const anyMethod = fc.constantFrom("GET", "HEAD", "POST", "PUT", "DELETE", "GET /simple/acme", "");
const anyTarget = fc.oneof(
  fc
    .array(
      fc.constantFrom("simple", "packages", "acme", "Acme_Core", "acme-core-1.0.tar.gz", "..", "", "legacy", "%2F"),
    )
    .map((segments) => `/${segments.join("/")}`),
  fc.string({ maxLength: 20 }),
);

it("a path means what it means, however often it is asked for and whatever was asked before", () => {
  fc.assert(
    fc.property(fc.array(fc.tuple(anyMethod, anyTarget), { minLength: 1 }), (asked) => {
      for (const [method, target] of [...asked, ...asked])
        expect(rememberedPath(method, target)).toEqual(readPath(method, target));
    }),
    { numRuns: 300 },
  );
});

it("is read once for as long as it is remembered, and what nobody asks for any more is forgotten", () => {
  const first = rememberedPath("GET", "/simple/acme/");
  expect(rememberedPath("GET", "/simple/acme/")).toBe(first);
  // A thousand paths of four thousand characters each.
  for (let n = 0; n < 1100; n += 1) rememberedPath("GET", `/packages/${n}/`.padEnd(4000, "a"));
  expect(rememberedPath("GET", "/simple/acme/")).not.toBe(first);
  expect(rememberedPath("GET", "/simple/acme/")).toEqual(first);
});

it("is forgotten the sooner the more names it may be of", () => {
  const first = rememberedPath("GET", "/simple/acme/");
  const stem = Array.from({ length: 15 }, () => "a".repeat(30)).join("-");
  const file = (n: number): string => `/packages/${n}${stem}-1.0.zip`;
  expect(rememberedPath("GET", file(0))).toMatchObject({ names: { length: 15 } });
  // Five hundred characters each, but with names that come to four thousand.
  for (let n = 0; n < 2000; n += 1) rememberedPath("GET", file(n));
  expect(rememberedPath("GET", "/simple/acme/")).not.toBe(first);
});

it("tells a method with a target in it from a target", () => {
  expect(rememberedPath("GET", " /simple/acme/")).toMatchObject({ reason: "malformed-path" });
  expect(rememberedPath("GET ", "/simple/acme/")).toMatchObject({ reason: "unknown-path" });
});
