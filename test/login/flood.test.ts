import { afterAll, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { classicToken } from "../github/identity/tokens.ts";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { deviceToken, exchange, loggedIn } from "../helpers/logins.ts";

const CHECK = "POST /applications/{client_id}/token";

describe("a flood of guesses", () => {
  let runs: AcmeRuns;
  beforeAll(async () => {
    runs = await startAcmeRuns();
  });
  beforeEach(() => runs.github.resetCounts());
  afterAll(() => runs.stop());

  const checks = (): number => runs.github.counts.byRoute.get(CHECK) ?? 0;
  const guess = (number: number) => exchange(runs, classicToken(number, "ghu_"));

  it("keeps nobody from logging in, and costs no index client's budget", async () => {
    for (let number = 0; number < 100; number += 1) {
      expect((await guess(number)).body["error"]).toBe("invalid-token");
    }
    expect(checks()).toBe(100);
    expect(await loggedIn(runs, runs.acme.users.alice)).toMatch(/^pgt_/);
    expect(await runs.may("read", "acme-core", runs.github.tokenFor(runs.acme.users.bob.id))).toBe("allow");
  });

  it("keeps nobody out either when GitHub takes the guesses for invalid requests", async () => {
    runs.github.faults.status(CHECK, 422, { times: 10 });
    for (let number = 100; number < 110; number += 1) {
      expect((await guess(number)).body["error"]).toBe("invalid-token");
    }
    expect(await loggedIn(runs, runs.acme.users.alice)).toMatch(/^pgt_/);
  });

  it("is told when to come again, once more are under way than GitHub takes", async () => {
    const held = runs.github.faults.pause(CHECK);
    const flood = Array.from({ length: 30 }, (_, number) => guess(200 + number));
    await expect.poll(() => checks()).toBe(30);
    const body = JSON.stringify({ token: deviceToken(runs, runs.acme.users.alice) });
    const response = await fetch(`${runs.packgate.url}/_/login/mint-token`, { method: "POST", body });
    held.resume();
    expect([response.status, response.headers.get("retry-after"), await response.json()]).toStrictEqual([
      503,
      "1",
      {
        error: "unavailable",
        message: "Token request failed",
        errors: [
          {
            code: "unavailable",
            description: "too many logins are tried at the moment; try again in 1 s",
          },
        ],
      },
    ]);
    expect((await Promise.all(flood)).map(({ status }) => status)).toStrictEqual(flood.map(() => 422));
  });

  it("opens no breaker but that of logins", async () => {
    runs.github.faults.status(CHECK, 502, { times: 5 });
    for (let number = 300; number < 305; number += 1) expect((await guess(number)).status).toBe(503);
    runs.github.resetCounts();
    expect((await guess(305)).status).toBe(503);
    expect(checks()).toBe(0);
    expect(await runs.may("read", "acme-core", runs.github.tokenFor(runs.acme.users.carol.id))).toBe("allow");
  });
});
