import * as fc from "fast-check";
import { describe, expect, it } from "vitest";
import { GitHubFailure } from "../../src/github/failure.ts";
import { createPageSize, inPages } from "../../src/github/page-size.ts";

const tooLarge = (): GitHubFailure => new GitHubFailure("too-large", "too large");
/** A GitHub that bears so many at once. */
const bears =
  (most: number, asked: number[] = []) =>
  (first: number): Promise<number> => {
    asked.push(first);
    return first > most ? Promise.reject(tooLarge()) : Promise.resolve(first);
  };

describe("the page size", () => {
  it("halves until GitHub can bear it, and grows again by one", async () => {
    const size = createPageSize(25, 50);
    const asked: number[] = [];
    expect(await size.ask(bears(7, asked))).toBe(6);
    expect(asked).toEqual([25, 12, 6]);
    expect(size.current()).toBe(7);
    expect(await size.ask(bears(7))).toBe(7);
    expect(await size.ask(bears(7, asked))).toBe(4);
  });

  it("grows to its maximum and no further", async () => {
    const size = createPageSize(2, 4);
    for (const expected of [2, 3, 4, 4, 4]) expect(await size.ask(bears(100))).toBe(expected);
  });

  it("gives up on one that is too large by itself", async () => {
    const size = createPageSize(3, 4);
    await expect(size.ask(bears(0))).rejects.toMatchObject({ kind: "too-large" });
    expect(size.current()).toBe(1);
  });

  it.each([new GitHubFailure("unavailable", "down"), new GitHubFailure("limited", "slow"), new TypeError("a bug")])(
    "does not shrink for another failure: %s",
    async (error) => {
      const size = createPageSize(3, 4);
      const refuse = async (): Promise<never> => {
        throw error;
      };
      await expect(size.ask(refuse)).rejects.toBe(error);
      expect(size.current()).toBe(3);
    },
  );

  it("does not grow back what another page has just found too large", async () => {
    const size = createPageSize(16, 50);
    let finish: ((page: string) => void) | undefined;
    const slow = size.ask(
      () =>
        new Promise<string>((resolve) => {
          finish = resolve;
        }),
    );
    await size.ask(bears(4));
    expect(size.current()).toBe(5);
    finish?.("done");
    await slow;
    expect(size.current()).toBe(5);
  });

  it("asks for everything once, in order, whatever GitHub bears", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.nat()),
        fc.integer({ min: 1, max: 60 }),
        fc.integer({ min: 1, max: 40 }),
        async (all, start, most) => {
          const got: number[] = [];
          await inPages(createPageSize(start, 50), all, async (some) => {
            if (some.length > most) throw tooLarge();
            await Promise.resolve();
            got.push(...some);
          });
          expect(got).toEqual(all);
        },
      ),
    );
  });
});
