import { describe, expect, test } from "vitest";

import { createBreaker, type Health } from "../../../src/github/identity/breaker.ts";

const WELL: Health = { state: "well" };
const FAILING: Health = { state: "failing" };
const limited = (retryAfterMs?: number): Health => ({ state: "limited", retryAfterMs });

function setUp() {
  const clock = { now: 1_000_000 };
  const breaker = createBreaker({ now: () => clock.now, threshold: 3, pauseMs: 1000, longestMs: 8000 });
  const isClosed = () => breaker.admit() !== undefined;
  const call = (health: Health) => {
    const report = breaker.admit();
    expect(report).toBeDefined();
    report?.(health);
  };
  return { clock, breaker, isClosed, call };
}

describe("createBreaker", () => {
  test("lets calls through while GitHub is well", () => {
    const { call, isClosed } = setUp();
    for (let i = 0; i < 100; i += 1) call(WELL);
    expect(isClosed()).toBe(true);
  });

  test("opens after failures in a row, and not after as many with a success between them", () => {
    const { call, isClosed } = setUp();
    call(FAILING);
    call(FAILING);
    call(WELL);
    call(FAILING);
    call(FAILING);
    expect(isClosed()).toBe(true);
    call(FAILING);
    expect(isClosed()).toBe(false);
  });

  test("opens at once when GitHub limits us", () => {
    const { call, isClosed, clock } = setUp();
    call(limited());
    expect(isClosed()).toBe(false);
    clock.now += 999;
    expect(isClosed()).toBe(false);
    clock.now += 1;
    expect(isClosed()).toBe(true);
  });

  test("waits as long as GitHub says", () => {
    const { call, isClosed, clock } = setUp();
    call(limited(30_000));
    clock.now += 29_999;
    expect(isClosed()).toBe(false);
    clock.now += 1;
    expect(isClosed()).toBe(true);
  });

  test("does not believe a wait of more than an hour", () => {
    const { call, isClosed, clock } = setUp();
    call(limited(Number.MAX_SAFE_INTEGER));
    clock.now += 3_600_000;
    expect(isClosed()).toBe(true);
  });

  test("half open, it admits a single probe", () => {
    const { call, breaker, clock } = setUp();
    call(limited());
    clock.now += 1000;
    const probe = breaker.admit();
    expect(probe).toBeDefined();
    expect(breaker.admit()).toBeUndefined();
    clock.now += 3_600_000;
    expect(breaker.admit()).toBeUndefined();
    probe?.(WELL);
    expect(breaker.admit()).toBeDefined();
    expect(breaker.admit()).toBeDefined();
  });

  test("a probe that fails doubles the pause, up to the longest", () => {
    const { call, isClosed, clock } = setUp();
    call(limited());
    for (const pause of [1000, 2000, 4000, 8000, 8000]) {
      clock.now += pause - 1;
      expect(isClosed()).toBe(false);
      clock.now += 1;
      call(FAILING);
    }
  });

  test("once closed, the pause is short again and failures count from nothing", () => {
    const { call, isClosed, clock } = setUp();
    call(limited());
    clock.now += 1000;
    call(limited());
    clock.now += 2000;
    call(WELL);
    call(FAILING);
    call(FAILING);
    expect(isClosed()).toBe(true);
    call(FAILING);
    clock.now += 999;
    expect(isClosed()).toBe(false);
    clock.now += 1;
    expect(isClosed()).toBe(true);
  });

  test("news from before it opened neither closes it nor lengthens the pause", () => {
    const { breaker, isClosed, clock } = setUp();
    const calls = Array.from({ length: 10 }, () => breaker.admit());
    calls[0]?.(limited());
    for (const report of calls.slice(1, 5)) report?.(FAILING);
    for (const report of calls.slice(5)) report?.(WELL);
    expect(isClosed()).toBe(false);
    clock.now += 1000;
    expect(isClosed()).toBe(true);
  });
});
