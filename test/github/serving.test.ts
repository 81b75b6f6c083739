import { describe, expect, it } from "vitest";
import type { View } from "../../src/domain/decide.ts";
import type { Trust } from "../../src/github/serving.ts";
import { createServing } from "../../src/github/serving.ts";
import { draw } from "../domain/facts-builder.ts";
import { viewOf } from "../domain/views.ts";
import { createFakeTime } from "./support/fake-time.ts";

const HOUR = 3_600_000;

function stage(trust: Trust = "everything") {
  const time = createFakeTime();
  let known: View = viewOf(draw({}).facts, new Map());
  const serving = createServing({ view: () => known, trust, maxStaleness: HOUR, now: time.now });
  const change = (): void => {
    known = { ...known, revision: known.revision + 1 };
  };
  return { time, serving, change };
}

describe("what is served", () => {
  it.each([
    ["nothing", false, false],
    ["reads", true, true],
    ["everything", true, false],
  ] as const)("where %s is trusted", (trust, ready, readsOnly) => {
    expect(stage(trust).serving.view()).toMatchObject({ ready, readsOnly });
    const { serving } = stage("nothing");
    serving.view();
    serving.trust(trust);
    expect(serving.view()).toMatchObject({ ready, readsOnly });
  });

  it("is one view for a moment, in which no fact in it grows too old", async () => {
    const { time, serving } = stage();
    const first = serving.view();
    const began = time.now();
    for (const later of [0, 999]) {
      time.set(began + later);
      expect(serving.view()).toBe(first);
      expect(time.now() - first.freshSince).toBeLessThanOrEqual(HOUR);
    }
    await time.pass(1);
    expect(serving.view()).not.toBe(first);
    expect(serving.view().freshSince).toBe(first.freshSince + 1000);
  });

  it("follows what is known at once, and a clock that was set back", () => {
    const { time, serving, change } = stage();
    const first = serving.view();
    change();
    expect(serving.view().revision).toBe(first.revision + 1);
    time.set(time.now() - HOUR);
    expect(serving.view().freshSince).toBe(first.freshSince - HOUR);
  });
});
