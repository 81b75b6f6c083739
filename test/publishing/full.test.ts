import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { INDEX_SECRET } from "../helpers/packgate.ts";

/** As many as the ledger has room for. */
const MOST = 50_000;
const HOUR_MS = 3_600_000;

describe("where as many tokens are revoked as can be noted", () => {
  const folder = mkdtempSync(join(tmpdir(), "full-"));
  let runs: AcmeRuns;
  beforeAll(async () => {
    const until = Date.now() + HOUR_MS;
    const entries = Array.from({ length: MOST }, (_, at) => [`earlier-${at}`, until]);
    writeFileSync(join(folder, "revoked.json"), JSON.stringify({ entries }));
    runs = await startAcmeRuns({ PACKGATE_STATE: `file:${folder}` });
  });
  afterAll(async () => {
    await runs.stop();
    rmSync(folder, { recursive: true });
  });

  it("a revocation is refused for now (RFC 7009, section 2.2.1), and the token lives on", async () => {
    const token = await runs.minted();
    const revoked = await fetch(`${runs.packgate.url}/revoke`, {
      method: "POST",
      headers: { authorization: `Bearer ${INDEX_SECRET}` },
      body: new URLSearchParams({ token }),
    });
    expect([revoked.status, revoked.headers.get("retry-after")]).toStrictEqual([503, "5"]);
    expect(await revoked.json()).toMatchObject({
      error: "unavailable",
      message: "The token could not be revoked, because too many are; try again in some minutes.",
    });
    expect(await runs.may("upload", "acme-core", token)).toBe("allow");
  });

  it("who burns a token is told that it lives on", async () => {
    const token = await runs.minted();
    const burn = { method: "POST", body: JSON.stringify({ token }) };
    const burnt = await fetch(`${runs.packgate.url}/_/oidc/burn-token`, burn);
    expect([burnt.status, await burnt.json()]).toStrictEqual([
      202,
      {
        status: "accepted",
        problem: "The token could not be revoked, because too many are; try again in some minutes.",
      },
    ]);
    expect(await runs.may("upload", "acme-core", token)).toBe("allow");
  });
});
