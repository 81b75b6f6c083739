import { describe, expect, it } from "vitest";
import { GitHubFailure } from "../../../src/github/failure.ts";
import { sweepRegularly } from "../../../src/github/sweep/regular.ts";
import type { Swept } from "../../../src/github/sweep/sweep.ts";
import { createFakeTime, flush } from "../support/fake-time.ts";
import { MINUTE } from "./stage.ts";

const nothing: Swept = { kind: "caught-up", followed: 0, reread: 0 };

/** Sweeps have the outcomes given; the last one is repeated. */
function stage(...outcomes: (Swept | Error)[]) {
  const time = createFakeTime();
  const said: string[] = [];
  let runs = 0;
  const run = (): Promise<Swept> => {
    runs += 1;
    const outcome = outcomes[runs - 1] ?? outcomes.at(-1) ?? nothing;
    return outcome instanceof Error ? Promise.reject(outcome) : Promise.resolve(outcome);
  };
  const status = () => ({
    lastSweepAt: undefined,
    sweptUntil: undefined,
    failedDeliveries: 0,
    lastDeliveryAt: undefined,
  });
  const say = (sentence: string): void => {
    said.push(sentence);
  };
  const sweeping = sweepRegularly({ sweep: { run, status }, time, onSwept: () => undefined, info: say, warn: say });
  return { time, said, sweeping, runs: () => runs };
}
/** How soon a GitHub that could not be asked is asked again. */
const RETRY_MS = 15_000;
const away = (sentence: string): GitHubFailure => new GitHubFailure("unavailable", sentence);

describe("a sweep now and then", () => {
  it("is made at once, and every five minutes until it is stopped", async () => {
    const { time, sweeping, runs } = stage();
    await sweeping.begin();
    expect(runs()).toBe(1);
    await time.pass(5 * MINUTE - 1);
    expect(runs()).toBe(1);
    await time.pass(1);
    expect(runs()).toBe(2);
    await time.pass(10 * MINUTE);
    expect(runs()).toBe(4);
    sweeping.stop();
    await time.pass(60 * MINUTE);
    await sweeping.begin();
    await flush();
    expect(runs()).toBe(4);
  });

  it("tells of each trouble once while it lasts, and goes on", async () => {
    const { time, said, sweeping } = stage(away("A."), away("A."), away("B."), nothing, away("A."));
    await sweeping.begin();
    expect(sweeping.problems()).toEqual(["A."]);
    await time.pass(RETRY_MS);
    expect(said).toEqual(["A."]);
    await time.pass(RETRY_MS);
    expect(sweeping.problems()).toEqual(["B."]);
    await time.pass(RETRY_MS);
    expect(sweeping.problems()).toEqual([]);
    await time.pass(5 * MINUTE - 1);
    expect(said).toEqual(["A.", "B."]);
    await time.pass(1);
    expect(said).toEqual(["A.", "B.", "A."]);
  });

  it("has a sentence for what nobody expected", async () => {
    const { sweeping } = stage(new RangeError("secret internals"));
    await sweeping.begin();
    expect(sweeping.problems()).toEqual(["Missed webhooks could not be looked for: the log has the cause."]);
  });

  it.each<{ swept: Swept; says: string[] }>([
    { swept: nothing, says: [] },
    { swept: { ...nothing, followed: 3 }, says: ["Webhooks that had been missed were followed: 3."] },
    {
      swept: { kind: "beyond-retention" },
      says: ["GitHub no longer has the log of all webhooks since the last look: everything is read again."],
    },
  ])("says what it did: $says", async ({ swept, says }) => {
    const { said, sweeping } = stage(swept);
    await sweeping.begin();
    expect(said).toEqual(says);
  });
});
