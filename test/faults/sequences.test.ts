import { describe, expect, it } from "vitest";
import { checkAsyncProperty, isRefuted, SEED } from "../properties/check.ts";
import { NO_RESYNC, promises, SOON } from "./promises.ts";
import { readOnce } from "./read-once.ts";

const MINUTES = 60_000;

describe(`every promise is kept (seed ${SEED})`, () => {
  it.each([
    { settled: true, count: 700 },
    { settled: false, count: 700 },
  ])(
    "in $count sequences with every fault (all read before: $settled)",
    ({ settled, count }) => checkAsyncProperty(promises({ settled, heard: false }), count),
    5 * MINUTES,
  );

  it.each([
    { settled: true, count: 300 },
    { settled: false, count: 300 },
  ])(
    "in $count sequences of webhooks in any order, without a resync (all read before: $settled)",
    ({ settled, count }) => checkAsyncProperty(promises({ settled, heard: true }), count),
    5 * MINUTES,
  );
});

describe("some promise is broken", () => {
  it("without the resync, where a webhook is lost", async () => {
    expect(await isRefuted(promises({ settled: true, heard: false }, NO_RESYNC), 100)).toBe(true);
  });

  it("without reading again what a webhook tells of", async () => {
    expect(await isRefuted(promises({ settled: true, heard: true }, { ...SOON, through: readOnce }), 100)).toBe(true);
  });
});
