import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { loggedIn } from "../helpers/logins.ts";
import { INDEX_SECRET } from "../helpers/packgate.ts";

describe("where nothing can be written", () => {
  let folder = "";
  let runs: AcmeRuns;
  /** How far the clock is ahead, in milliseconds. */
  let ahead = 0;
  const started: AcmeRuns[] = [];
  const start = async (before?: AcmeRuns): Promise<AcmeRuns> => {
    const env = { PACKGATE_STATE: `file:${folder}/state`, PACKGATE_PUBLIC_URL: "https://packgate.example" };
    const time = { now: () => Date.now() + ahead, sleep: (ms: number) => sleep(ms, undefined, { ref: false }) };
    const world = before && { world: before, issuer: before.issuer };
    const next = await startAcmeRuns(env, { ...world, surroundings: { time } });
    started.push(next);
    return next;
  };
  beforeEach(async () => {
    ahead = 0;
    folder = mkdtempSync(join(tmpdir(), "unkept-"));
    runs = await start();
  });
  afterEach(async () => {
    for (const each of started.splice(0)) await each.stop();
    rmSync(folder, { recursive: true });
  });

  const disk = {
    fail: () => {
      renameSync(join(folder, "state"), join(folder, "away"));
      writeFileSync(join(folder, "state"), "");
    },
    mend: () => {
      rmSync(join(folder, "state"));
      renameSync(join(folder, "away"), join(folder, "state"));
    },
  };
  const revoke = async (token: string) => {
    const headers = { authorization: `Bearer ${INDEX_SECRET}` };
    const body = new URLSearchParams({ token });
    const response = await fetch(`${runs.packgate.url}/revoke`, { method: "POST", headers, body });
    return { status: response.status, text: await response.text() };
  };
  const problems = async (): Promise<string> =>
    JSON.stringify(Object(await (await fetch(`${runs.packgate.url}/readyz`)).json()).problems);
  const may = (token: string) => runs.may("upload", "acme-core", token);

  it("a revocation bites, says that it is not for good, and is for good once it could be written", async () => {
    const token = await runs.minted();
    disk.fail();
    const first = await revoke(token);
    expect(first.status).toBe(503);
    expect(first.text).toContain("could not be revoked for good");
    expect(await may(token)).toBe("invalid-token");
    expect(await problems()).toContain("revoked.json cannot be written");
    // It is refused already, and nothing has changed.
    expect((await revoke(token)).status).toBe(503);
    expect((await revoke("what-is-this")).status).toBe(200);
    const burn = { method: "POST", body: JSON.stringify({ token }) };
    const burnt = await fetch(`${runs.packgate.url}/_/oidc/burn-token`, burn);
    expect([burnt.status, Object(await burnt.json()).problem]).toStrictEqual([
      202,
      expect.stringContaining("could not be revoked for good"),
    ]);
    disk.mend();
    expect((await revoke(token)).status).toBe(200);
    expect(await problems()).not.toContain("revoked.json");
    runs = await start(runs);
    expect(await may(token)).toBe("invalid-token");
  });

  it("consent that is taken back is heard of again by the next process", async () => {
    const token = await loggedIn(runs, runs.acme.users.alice);
    const list = join(folder, "state", "revoked.json");
    rmSync(list);
    mkdirSync(list);
    runs.github.edit.revokeAuthorization(runs.acme.users.alice);
    await runs.packgate.settle();
    expect(await may(token)).toBe("invalid-token");
    // What was followed so long ago, the next process does not follow again.
    ahead = 120_000;
    await runs.packgate.stop();
    rmSync(list, { recursive: true });
    writeFileSync(list, JSON.stringify({ entries: [] }));
    runs = await start(runs);
    expect(await may(token)).toBe("invalid-token");
  });

  it("no token is made of one that could be exchanged again after a restart", async () => {
    disk.fail();
    const { status, body } = await runs.mint(await runs.token());
    disk.mend();
    expect(status).toBe(503);
    expect(body).toMatchObject({ error: "unavailable" });
    expect((await runs.mint(await runs.token())).status).toBe(200);
  });
});
