import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterEach, beforeEach, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";

let folder = "";
const started: AcmeRuns[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "exchanged-"));
});
afterEach(async () => {
  for (const each of started.splice(0)) await each.stop();
  rmSync(folder, { recursive: true });
});

/** @param ahead how far its clock is ahead, in milliseconds: tokens know whole seconds only */
async function start(state: string, before?: AcmeRuns, ahead = 0): Promise<AcmeRuns> {
  const env = { PACKGATE_STATE: state, PACKGATE_PUBLIC_URL: "https://packgate.example" };
  const time = { now: () => Date.now() + ahead, sleep: (ms: number) => sleep(ms, undefined, { ref: false }) };
  const next = await startAcmeRuns(env, {
    ...(before && { world: before, issuer: before.issuer }),
    surroundings: { time },
  });
  started.push(next);
  return next;
}

const nowAhead = (ahead: number) => ({ iat: Math.ceil((Date.now() + ahead) / 1000) });

it.each<[string, () => string, () => void]>([
  ["nothing is kept", () => "memory:", () => undefined],
  [
    "the list of those that were cannot be read",
    () => `file:${folder}`,
    () => writeFileSync(join(folder, "exchanged.json"), "{"),
  ],
  ["the list of those that were is lost", () => `file:${folder}`, () => rmSync(join(folder, "exchanged.json"))],
])("a run's token is exchanged once, also across restarts, where %s", async (_, state, lose) => {
  const first = await start(state());
  const token = await first.token();
  expect((await first.mint(token)).status).toBe(200);
  lose();
  const second = await start(state(), first, 1000);
  const { status, body } = await second.mint(token);
  expect(status).toBe(422);
  expect(JSON.stringify(body)).toContain("from before Packgate remembers what was exchanged; ask GitHub for another");
  expect((await second.mint(await second.token(nowAhead(1000)))).status).toBe(200);
  // What it has exchanged itself the next one knows; not so what the first one has.
  const third = await start(state(), second, 2000);
  expect((await third.mint(token)).status).toBe(422);
});

it("a restart costs no run its token where all is known, also where none was ever exchanged", async () => {
  const first = await start(`file:${folder}`);
  const token = await first.token();
  const second = await start(`file:${folder}`, first, 1000);
  expect((await second.mint(token)).status).toBe(200);
});
