import { expect, it } from "vitest";
import { createDeliveries } from "../../src/github/deliveries.ts";

const NOW = Date.parse("2026-11-21T20:00:00Z");

/** By when what somebody got by logging in has ended, told by a webhook that GitHub delivered at a certain time. */
function endedUntil(at?: number): unknown {
  const ended: unknown[] = [];
  const nothing = () => undefined;
  const deliver = createDeliveries({
    installations: {
      refresh: () => Promise.resolve(),
      sessions: () => [],
      find: nothing,
      lose: nothing,
      problems: () => [],
    },
    refresh: nothing,
    forgetUser: nothing,
    warn: nothing,
    now: () => NOW,
    endLogins: (...call) => ended.push(call),
  });
  const payload = { action: "revoked", sender: { id: 7, login: "alice" } };
  deliver({ name: "github_app_authorization", payload, ...(at === undefined ? {} : { at }) });
  return ended;
}

it("consent that is taken back ends what was had by it until now", () => {
  expect(endedUntil()).toStrictEqual([[7, NOW]]);
  // Whatever GitHub's clock says: what is made from now on has a new consent.
  expect(endedUntil(NOW + 3_600_000)).toStrictEqual([[7, NOW]]);
});

it("consent that was taken back a while ago ends nothing that was made since, give or take two clocks", () => {
  expect(endedUntil(NOW - 3_600_000)).toStrictEqual([[7, NOW - 3_540_000]]);
});
