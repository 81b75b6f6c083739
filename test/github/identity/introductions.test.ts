import { expect, test } from "vitest";
import { createIntroductions } from "../../../src/github/identity/introductions.ts";
import { classicToken } from "./tokens.ts";

const ALICE = { id: 583231, login: "alice", type: "User" };
const GOOD = classicToken("good", "ghu_");

/** A GitHub that knows one token. */
function setUp() {
  const clock = { now: 1_000_000 };
  const asked: string[] = [];
  const introductions = createIntroductions({
    apiUrl: "https://api.github.com",
    now: () => clock.now,
    fetch: () => Promise.resolve(Response.json({ installations: [{ target_id: 7, target_type: "Organization" }] })),
    client: {
      clientId: "Iv1.a",
      ask: (_, token) => {
        asked.push(token);
        const known = token === GOOD;
        return Promise.resolve(
          known ? Response.json({ user: ALICE, app: { client_id: "Iv1.a" } }) : new Response("", { status: 404 }),
        );
      },
    },
  });
  /** How many of so many guesses GitHub is asked about. */
  const guess = async (times: number): Promise<number> => {
    const before = asked.length;
    for (let number = 0; number < times; number += 1) await introductions.hear(classicToken(number, "ghu_"));
    return asked.length - before;
  };
  return { clock, guess, hear: () => introductions.hear(GOOD) };
}

test("guesses take no more than half of what GitHub allows our client in an hour", async () => {
  const { clock, guess } = setUp();
  let calls = await guess(1000);
  expect(calls).toBe(600);
  for (let minute = 0; minute < 60; minute += 1) {
    clock.now += 60_000;
    calls += await guess(100);
  }
  expect(calls).toBe(2400);
});

test("whoever comes when all is used up is told how long that lasts, and it does", async () => {
  const { clock, guess, hear } = setUp();
  await guess(600);
  expect(await hear()).toStrictEqual({ status: "crowded", retryAfterMs: 2000 });
  clock.now += 1999;
  expect(await hear()).toStrictEqual({ status: "crowded", retryAfterMs: 1 });
  clock.now += 1;
  expect(await hear()).toMatchObject({ status: "known", user: { id: ALICE.id }, organizations: [7] });
});

test("good logins take nothing of it", async () => {
  const { hear } = setUp();
  for (let number = 0; number < 700; number += 1) expect((await hear()).status).toBe("known");
});
