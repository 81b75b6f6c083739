import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { expectTruth } from "../github/support/against-truth.ts";
import type { Running } from "../helpers/packgate.ts";
import type { Lifetimes } from "./lifetimes.ts";
import { createLifetimes } from "./lifetimes.ts";

const MINUTE = 60_000;
const HOUR_LONG = { PACKGATE_MAX_STALENESS: "30m" };
/** What GitHub stands in a minute of REST, the smaller of its two secondary limits. */
const SECONDARY_LIMIT = 900;

/** What an hour of this world takes on a slow machine, in milliseconds. */
const AN_HOUR = 4 * MINUTE;

let world: Lifetimes;
beforeEach(() => {
  world = createLifetimes();
});
afterEach(() => world.end(), MINUTE);

const about = (user: string, action: string) => ({ package: "acme-core", user, action });

/** How every known user's wish to read every package is answered, and how often. */
async function readings(packgate: Running): Promise<Record<string, number>> {
  const { github, acme } = world;
  const { claims } = acme.organization;
  const counts: Record<string, number> = {};
  for (const { id } of Object.values(acme.users)) {
    for (const name of claims.keys()) {
      const { body } = await packgate.ask({ package: name, user: String(id), action: "read" });
      const truth = github.truth(acme.organization, id, name).permissions.has("read") ? "allow" : "deny";
      const { decision, reason } = body;
      const what = decision === "unknown" ? String(reason) : decision === truth ? "true" : "false";
      counts[what] = (counts[what] ?? 0) + 1;
    }
  }
  return counts;
}

/** The most requests that were made in any one minute since a time. */
function busiestMinute(since: number): number {
  const perMinute = new Map<number, number>();
  for (const at of world.asked.filter((time) => time >= since)) {
    const minute = Math.floor((at - since) / MINUTE);
    perMinute.set(minute, (perMinute.get(minute) ?? 0) + 1);
  }
  return Math.max(...perMinute.values());
}

describe("while GitHub is away for an hour", () => {
  it(
    "reads are answered as long as facts may be old, then they are unknown, and it heals by itself",
    async () => {
      const { github, time, settled, served, pass } = world;
      const packgate = await settled(HOUR_LONG);
      const all = Object.values(await readings(packgate)).reduce((sum, count) => sum + count, 0);
      github.faults.down();
      const away = time.now();
      for (const minute of [1, 10, 20, 29]) {
        await pass(away + minute * MINUTE - time.now());
        expect({ minute, ...(await readings(packgate)) }).toEqual({ minute, true: all });
      }
      for (const minute of [31, 45, 60]) {
        await pass(away + minute * MINUTE - time.now());
        expect({ minute, ...(await readings(packgate)) }).toEqual({ minute, stale: all });
      }
      github.faults.up();
      await pass(MINUTE);
      await served(packgate);
      expectTruth(github, packgate.service);
      expect(await readings(packgate)).toEqual({ true: all });
    },
    AN_HOUR,
  );

  it(
    "nobody storms GitHub, neither meanwhile nor when it is back",
    async () => {
      const { github, acme, time, settled, served, pass } = world;
      const silence = github.faults.drop(() => true);
      for (let number = 0; number < 150; number += 1) {
        const files = { "pyproject.toml": `[project]\nname = "acme-${number}"\n` };
        const repository = github.edit.createRepository(acme.organization, { name: `repository-${number}`, files });
        github.edit.setTeamRepository(acme.teams.docs, repository, "write");
      }
      silence.end();
      const packgate = await settled(HOUR_LONG);
      const since = time.now();
      github.faults.down();
      await pass(60 * MINUTE);
      const away = busiestMinute(since);
      const back = time.now();
      github.faults.up();
      await pass(5 * MINUTE);
      await served(packgate);
      expectTruth(github, packgate.service);
      expect(Math.max(away, busiestMinute(back))).toBeLessThanOrEqual(SECONDARY_LIMIT);
      // However much there is to read, no more than eight readings at once, four tries each, are made while it is away.
      expect(away).toBeLessThanOrEqual(SECONDARY_LIMIT / 3);
    },
    AN_HOUR,
  );

  it("a webhook takes away at once, and what it gives is read when GitHub is back", async () => {
    const { github, acme, settled, served, pass } = world;
    const packgate = await settled();
    github.faults.down();
    await pass(10 * MINUTE);
    expect(await packgate.ask(about("alice", "upload"))).toMatchObject({ status: 200 });
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    github.edit.addTeamMember(acme.teams.platform, acme.users.bob);
    await github.settle();
    expect(await packgate.ask(about("alice", "upload"))).toMatchObject({ status: 403 });
    expect(await packgate.ask(about("bob", "upload"))).toMatchObject({ status: 403 });
    github.faults.up();
    await pass(2 * MINUTE);
    await served(packgate);
    expectTruth(github, packgate.service);
  });
});

describe("a start while GitHub is away", () => {
  const SENTENCE = /^GitHub could not be asked yet what has changed since the last run/;

  it("answers known users' reads after ten seconds, says so, and serves all when GitHub is back", async () => {
    const { github, acme, settled, start, served, time, pass } = world;
    await (await settled()).stop();
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await github.settle();
    github.faults.down();
    const began = time.now();
    const packgate = await start();
    while (time.now() < began + 9900) {
      expect(await packgate.ask(about("carol", "read"))).toMatchObject({ status: 503, body: { reason: "not-synced" } });
      await pass(500);
    }
    await pass(Math.max(0, began + 15_000 - time.now()));
    // Reading the snapshot takes real time, however fast the clock runs.
    for (let more = 0; more < 15 && (await packgate.ask(about("carol", "read"))).status !== 200; more += 1)
      await pass(1000);
    expect(await packgate.ask(about("carol", "read"))).toMatchObject({ status: 200 });
    expect(await packgate.ask(about("erin", "read"))).toMatchObject({ status: 403 });
    for (const action of ["upload", "yank", "delete", "manage"]) {
      const unknown = { status: 503, body: { decision: "unknown", reason: "not-synced" } };
      expect(await packgate.ask(about("carol", action))).toMatchObject(unknown);
    }
    const ready = await fetch(`${packgate.url}/readyz`);
    const said = { orgs: [{ readsOnly: true }], problems: expect.arrayContaining([expect.stringMatching(SENTENCE)]) };
    expect(await ready.json()).toMatchObject(said);
    github.faults.up();
    await served(packgate);
    expectTruth(github, packgate.service);
    expect(packgate.service.http.readiness().problems).not.toContainEqual(expect.stringMatching(SENTENCE));
  });

  it("answers nobody when the last run was too long ago", async () => {
    const { github, settled, start, served, pass } = world;
    await (await settled(HOUR_LONG)).stop();
    await pass(31 * MINUTE);
    github.faults.down();
    const packgate = await start(HOUR_LONG);
    await pass(11_000);
    expect(await packgate.ask(about("carol", "read"))).toMatchObject({ status: 503, body: { reason: "stale" } });
    github.faults.up();
    await served(packgate);
    // What is too old is read by the resync.
    await pass(3 * MINUTE);
    expectTruth(github, packgate.service);
  });
});

describe("a token that was verified", () => {
  const question = (token: string) => ({ package: "acme-core", action: "read", token });

  it("is believed for its time while GitHub is away, then its owner may read; it is never invalid", async () => {
    const { github, acme, settled, time, pass, until } = world;
    const packgate = await settled();
    const [known, other] = [github.tokenFor(acme.users.alice.id), github.tokenFor(acme.users.carol.id)];
    expect(await until(packgate.ask(question(known)))).toMatchObject({ status: 200 });
    const verified = time.now();
    github.faults.down();
    const unverifiable = { status: 503, body: { decision: "unknown", reason: "unverifiable" } };
    expect(await until(packgate.ask(question(other)))).toMatchObject(unverifiable);
    await pass(verified + 59_000 - time.now());
    expect(await packgate.ask(question(known))).toMatchObject({ status: 200 });
    await pass(2000);
    world.github.resetCounts();
    const before = world.asked.length;
    const upload = { ...question(known), action: "upload" };
    for (let ask = 0; ask < 50; ask += 1) {
      expect(await packgate.ask(question(known))).toMatchObject({ status: 200 });
      expect(await packgate.ask(upload)).toMatchObject(unverifiable);
    }
    // The breaker opens: that many who ask are not that many who ask GitHub.
    expect(world.asked.length - before).toBeLessThan(10);
    github.faults.up();
    await pass(MINUTE);
    expect(await until(packgate.ask(question(known)))).toMatchObject({ status: 200 });
    expect(await until(packgate.ask(question(other)))).toMatchObject({ status: 200 });
  });
});
