import { describe, expect, it } from "vitest";
import { NO_FACTS } from "../../src/domain/facts.ts";
import type { SliceKey } from "../../src/state/slice.ts";
import {
  isSliceKey,
  KEYED_KINDS,
  oldestByKind,
  SHARED_KINDS,
  sliceId,
  sliceKey,
  sliceKind,
} from "../../src/state/slice.ts";
import { draw, NOW } from "../domain/facts-builder.ts";
import { slicesOf } from "./slices.ts";

const { facts } = draw({ teams: { platform: {} }, repositories: { core: { declares: ["acme-core"] } } });

describe("slice keys", () => {
  it("name each slice of an organization", () => {
    expect(slicesOf(facts).map(sliceKey)).toEqual([
      "organization",
      "policy",
      "members",
      "organization-roles",
      "custom-roles",
      "team-members/101",
      "repository/1001",
      "access/1001",
      "teams",
      "repositories",
    ]);
  });

  it.each(SHARED_KINDS)("%s has a kind and no id", (key) => {
    expect([sliceKind(key), sliceId(key)]).toEqual([key, undefined]);
  });

  it.each(KEYED_KINDS)("%s/42 has a kind and an id", (kind) => {
    const key: SliceKey = `${kind}/42`;
    expect([sliceKind(key), sliceId(key)]).toEqual([kind, 42]);
  });

  it("of no known kind are a fault of the program", () => {
    const key = "weather/42";
    expect(() => sliceKind(JSON.parse(JSON.stringify(key)))).toThrow("No such slice: weather/42");
  });
});

describe("the oldest confirmation by kind", () => {
  it("is known for every kind of which anything was read", () => {
    expect(oldestByKind(facts)).toEqual(new Map([...SHARED_KINDS, ...KEYED_KINDS].map((kind) => [kind, NOW])));
    expect(oldestByKind(NO_FACTS)).toEqual(new Map());
  });

  it("is that of the oldest slice, wherever it stands", () => {
    const members = (...ages: number[]) =>
      oldestByKind({
        ...NO_FACTS,
        teamMembers: new Map(ages.map((asOf, id) => [id, { asOf, value: new Set<number>() }])),
      });
    expect(members(5, 3, 4)).toEqual(new Map([["team-members", 3]]));
    expect(members(3, 5)).toEqual(new Map([["team-members", 3]]));
  });
});

describe("a text that names a slice", () => {
  it.each([...SHARED_KINDS, ...KEYED_KINDS.map((kind) => `${kind}/42`)])("%s", (text) => {
    expect(isSliceKey(text)).toBe(true);
  });

  it.each(["", "user/42", "access", "access/", "access/x", "access/1/2", "members/42", "MEMBERS"])("not %j", (text) => {
    expect(isSliceKey(text)).toBe(false);
  });
});
