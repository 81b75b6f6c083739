import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { createConfirmation } from "../../src/github/confirmation.ts";
import type { SliceKey } from "../../src/state/slice.ts";
import { createFakeTime, flush } from "./support/fake-time.ts";

function stage() {
  const time = createFakeTime();
  const asked: SliceKey[] = [];
  let facts: Facts = NO_FACTS;
  const confirmation = createConfirmation(() => facts, time);
  const know = (asOf: number): void => {
    facts = { ...facts, members: { asOf, value: new Map() }, teams: { asOf, value: new Map() } };
    confirmation.applied();
  };
  const wait = (since: number) => {
    let over = false;
    const refresh = (keys: readonly SliceKey[]): void => {
      asked.push(...keys);
    };
    void confirmation.wait(["members", "teams", "access/7"], since, { refresh }).then(() => (over = true));
    return async (): Promise<boolean> => {
      await flush();
      return over;
    };
  };
  return { time, asked, know, wait };
}

describe("whoever asks for newer facts", () => {
  it("does not wait for what is new enough", async () => {
    const { time, asked, know, wait } = stage();
    know(time.now());
    expect(await wait(time.now())()).toBe(true);
    expect(asked).toEqual([]);
  });

  it("waits until all of them have been read again", async () => {
    const { time, asked, know, wait } = stage();
    know(time.now() - 1);
    const isOver = wait(time.now());
    expect(await isOver()).toBe(false);
    expect(asked).toEqual(["members", "teams"]);
    know(time.now());
    expect(await isOver()).toBe(true);
  });

  it("waits two seconds at most", async () => {
    const { time, know, wait } = stage();
    know(time.now() - 1);
    const isOver = wait(time.now());
    await time.pass(1999);
    expect(await isOver()).toBe(false);
    await time.pass(1);
    expect(await isOver()).toBe(true);
  });

  it("that will be true in a moment only, is read then", async () => {
    const { time, asked, know, wait } = stage();
    know(time.now());
    const isOver = wait(time.now() + 300);
    await time.pass(299);
    expect(asked).toEqual([]);
    await time.pass(1);
    expect(asked).toEqual(["members", "teams"]);
    know(time.now());
    expect(await isOver()).toBe(true);
  });

  it("does not wait for a time that is not near", async () => {
    const { time, asked, know, wait } = stage();
    know(time.now());
    expect(await wait(time.now() + 60_000)()).toBe(true);
    expect(asked).toEqual([]);
  });
});
