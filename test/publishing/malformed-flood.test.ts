import { randomBytes } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { classicToken, fineGrainedToken } from "../github/identity/tokens.ts";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { INDEX_SECRET } from "../helpers/packgate.ts";

/** The clock stands still from when the flood begins: what flows back into a budget with time hides nothing. */
const clock = { stopped: NaN, now: () => (Number.isNaN(clock.stopped) ? Date.now() : clock.stopped) };
const time = { now: clock.now, sleep: (ms: number) => sleep(ms, undefined, { ref: false }) };

let runs: AcmeRuns;
beforeAll(async () => {
  runs = await startAcmeRuns({}, { surroundings: { time } });
});
afterAll(() => runs.stop());

const good = classicToken("octocat");
/** Texts that nobody has made for a token, or that no longer are one: by their number, no two alike. */
const KINDS: readonly ((n: number) => string)[] = [
  (n) => `password-${n}`,
  (n) => `\u0000${n}`,
  (n) => `\ud800${n}`,
  (n) => ` ${classicToken(n)}`,
  (n) => `${classicToken(n)}\n`,
  (n) => `${classicToken(n).slice(0, -1)}!`,
  (n) => classicToken(n).slice(0, -1),
  (n) => classicToken(n).toUpperCase(),
  (n) => classicToken(n).replace("ghp_", "ghx_"),
  ...["ghp_", "gho_", "ghu_", "ghs_"].map((prefix) => (n: number) => `${prefix}${String(n).padStart(36, "0")}`),
  (n) => `${good}${n}`,
  (n) => `ghs_${String(n).padStart(34, "a")}.`.slice(0, 39),
  (n) => `ghr_${String(n).padStart(76, "a")}`,
  (n) => `github_pat_${n}`,
  (n) => fineGrainedToken(n).replace("_", "-"),
  (n) => `${fineGrainedToken(n)}c`,
  (n) => `pgt_${n}`,
  (n) => `pgt_eyJhbGciOiJFUzI1NiJ9.eyJqdGkiOiJ${n}In0.c2ln`,
  (n) => `eyJ.${n}`,
  (n) => `eyJhbGciOiJub25lIn0.eyJqdGkiOiJ${n}In0.c2ln`,
  (n) =>
    `eyJhbGciOiJub25lIn0.${Buffer.from(JSON.stringify({ iss: `https://${n}.example` })).toString("base64url")}.c2ln`,
  (n) => `ghp_${"x".repeat(10_000)}${n}`,
];
/** More than any of the caches holds (10,000), also of those kinds that come to the same one. */
const FLOOD = 15_000;

/** How often GitHub, or an issuer, has been asked anything. */
const calls = (): number => {
  const { rest, graphqlQueries } = runs.github.counts;
  return rest + graphqlQueries + runs.issuer.asked.configuration + runs.issuer.asked.keys;
};
/** What HTTP asks of whoever shows a token, whichever way. */
const verify = (token: string) => runs.packgate.service.http.verifyToken(token, "index", runs.acme.organization.id);

/** Bytes that are in use once nothing is left to be swept up. */
function inUse(): number {
  setFlagsFromString("--expose-gc");
  runInNewContext("gc")();
  return process.memoryUsage().heapUsed;
}

describe("15,000 malformed tokens within a second", () => {
  it("cost GitHub nothing, nobody's budget and nobody's place in what is remembered", async () => {
    const alice = runs.github.tokenFor(runs.acme.users.alice.id);
    expect(await runs.may("upload", "acme-core", alice)).toBe("allow");
    const minted = await runs.minted();
    clock.stopped = Date.now();
    const before = calls();
    for (let number = 0; number < FLOOD; number += 1) {
      clock.stopped += 999 / FLOOD;
      const { status } = await verify(KINDS[number % KINDS.length]?.(number) ?? "");
      expect([number, status]).toStrictEqual([number, "inactive"]);
    }
    expect(calls()).toBe(before);

    // Whoever was known still is, and what a token sees.
    expect(await runs.may("upload", "acme-core", alice)).toBe("allow");
    expect(await runs.may("upload", "acme-core", minted)).toBe("allow");
    expect(calls()).toBe(before);
    // All sixty failures of the minute are there to be used, and not one more; and the breaker lets them go.
    const guesses = await Promise.all(Array.from({ length: 100 }, async (_, n) => verify(fineGrainedToken(`g${n}`))));
    expect(guesses.filter(({ status }) => status === "inactive")).toHaveLength(60);
    expect(calls() - before).toBe(60);
  });

  it("leave nothing behind, however long they are", async () => {
    const long = (number: number) => `${randomBytes(5_900).toString("base64url")}${number}`;
    const makers = [
      long,
      (n: number) => `ghp_${long(n)}`,
      (n: number) => `pgt_eyJ${long(n)}.eyJ.x`,
      (n: number) => `eyJ${long(n)}.a.b`,
    ];
    await verify(long(0));
    const before = inUse();
    for (let number = 0; number < FLOOD; number += 1) await verify(makers[number % makers.length]?.(number) ?? "");
    // Kept, they would be 120 MB.
    expect(inUse() - before).toBeLessThan(8 * 1024 * 1024);
  });

  it.each(["/_/login/mint-token", "/_/oidc/mint-token", "/_/oidc/burn-token", "/revoke"])(
    "cost nothing where they are exchanged or ended, either: %s",
    async (path) => {
      const before = calls();
      for (const kind of KINDS) {
        const token = kind(1);
        const isForm = path === "/revoke";
        const response = await fetch(`${runs.packgate.url}${path}`, {
          method: "POST",
          headers: { authorization: `Bearer ${INDEX_SECRET}` },
          body: isForm ? new URLSearchParams({ token }) : JSON.stringify({ token }),
        });
        await response.text();
        expect(response.status).toBeLessThan(500);
      }
      expect(calls()).toBe(before);
    },
  );
});
