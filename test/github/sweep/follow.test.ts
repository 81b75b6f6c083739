import { describe, expect, it } from "vitest";
import type { DeliveryResult } from "../../../src/github/deliveries.ts";
import { followAll } from "../../../src/github/sweep/follow.ts";
import type { Attempt } from "../../../src/github/sweep/log.ts";

const attempt: Attempt = {
  id: 1,
  guid: "g-1",
  event: "membership",
  deliveredAt: 0,
  installation: 7,
  arrived: false,
};

describe("a missed delivery", () => {
  it.each<[DeliveryResult, readonly Attempt[]]>([
    ["applied", []],
    ["ignored", []],
    ["foreign", []],
    // It may have taken anything away.
    ["malformed", [attempt]],
  ])("that is %s is made up for by %j", async (result, unfollowed) => {
    const app = {
      get: async <T>(_: string, __: unknown, schema: { parse: (data: unknown) => T }): Promise<T> =>
        schema.parse({ guid: "g-1", request: { payload: {} } }),
    };
    const warn = (): void => undefined;
    expect(await followAll([attempt], { app, deliver: () => result, warn })).toEqual(unfollowed);
  });
});
