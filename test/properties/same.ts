import { isDeepStrictEqual } from "node:util";
import { expect } from "vitest";

/** `toStrictEqual`, which is slow, only where there is a difference to show: properties compare thousands of times. */
export function expectSame(actual: unknown, expected: unknown): void {
  if (isDeepStrictEqual(actual, expected)) return;
  expect(actual).toStrictEqual(expected);
  throw new Error("different, though it does not show");
}
