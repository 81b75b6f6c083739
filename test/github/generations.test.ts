import { describe, expect, it } from "vitest";
import { createGenerations } from "../../src/github/generations.ts";

describe("the generation guard", () => {
  it("believes a read that began after the latest hint, and none that began before", () => {
    const generations = createGenerations();
    const before = generations.current();
    generations.raise(["members", "access/1"]);
    const after = generations.current();
    expect(generations.isCurrent("members", before)).toBe(false);
    expect(generations.isCurrent("access/1", before)).toBe(false);
    expect(generations.isCurrent("members", after)).toBe(true);
    expect(generations.isCurrent("access/2", before)).toBe(true);
  });

  it("is not moved by a hint about nothing", () => {
    const generations = createGenerations();
    const before = generations.current();
    generations.raise([]);
    expect(generations.current()).toBe(before);
  });

  it("forgets what no read under way can have missed, and nothing else", () => {
    const generations = createGenerations();
    const before = generations.current();
    generations.raise(["members"]);
    const between = generations.current();
    generations.raise(["teams"]);
    generations.forget(between);
    // Forgotten: nobody asks about a read that began before any that is under way.
    expect(generations.isCurrent("members", before)).toBe(true);
    expect(generations.isCurrent("teams", between)).toBe(false);
  });
});
