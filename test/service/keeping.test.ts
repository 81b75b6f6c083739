import { expect, it } from "vitest";
import { keepRegularly } from "../../src/service/keeping.ts";

it("tries again every minute to write what could not be written, until it is stopped", async () => {
  const slept: number[] = [];
  let wake = (): void => undefined;
  const sleep = (milliseconds: number): Promise<void> => {
    slept.push(milliseconds);
    return new Promise((resolve) => (wake = resolve));
  };
  let tries = 0;
  const kept = () => Promise.resolve(++tries > 1);
  const stop = keepRegularly({ kept }, { now: () => 0, sleep });
  expect([slept, tries]).toStrictEqual([[60_000], 0]);
  wake();
  await expect.poll(() => [slept.length, tries]).toStrictEqual([2, 1]);
  stop();
  wake();
  await Promise.resolve();
  expect(tries).toBe(1);
});
