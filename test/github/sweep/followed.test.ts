import { describe, expect, it } from "vitest";
import { createFollowed } from "../../../src/github/sweep/followed.ts";
import { DAY } from "./stage.ts";

const guid = (n: number): string => `0b989ba4-242f-11e5-81e1-${String(n).padStart(12, "0")}`;

describe("the record of what was followed", () => {
  it("knows each for as long as GitHub's log does, and no longer than a day beyond", () => {
    let now = 1_800_000_000_000;
    const followed = createFollowed(() => now);
    followed.add(guid(1));
    now += 3 * DAY;
    expect([followed.has(guid(1)), followed.has(guid(2))]).toEqual([true, false]);
    now += DAY + 1;
    expect(followed.has(guid(1))).toBe(false);
  });

  it("keeps 100,000 at most, of which the oldest goes first", () => {
    const followed = createFollowed(() => 0);
    for (let n = 0; n <= 100_000; n += 1) followed.add(guid(n));
    expect([followed.has(guid(0)), followed.has(guid(1)), followed.has(guid(100_000))]).toEqual([false, true, true]);
  });

  it("keeps nothing of an id that cannot be one", () => {
    const followed = createFollowed(() => 0);
    followed.add("x".repeat(10_000));
    expect(followed.has("x".repeat(10_000))).toBe(false);
  });
});

describe("what a later process is told", () => {
  it("is what was followed within a quarter of an hour, but for what still has echoes to come", () => {
    let now = 1_800_000_000_000;
    const followed = createFollowed(() => now);
    followed.add("long ago");
    now += 600_000;
    followed.add("settled");
    now += 480_000;
    followed.add("just now");
    expect([...followed.recent().keys()]).toEqual(["settled"]);
    const later = createFollowed(() => now, followed.recent());
    expect([later.has("settled"), later.has("just now")]).toEqual([true, false]);
  });
});
