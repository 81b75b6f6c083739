import { readPolicy } from "../snapshot/samples.ts";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { readSnapshot } from "../../src/snapshot/read-file.ts";
import { expectTruth, leaks } from "../github/support/against-truth.ts";
import type { Running } from "../helpers/packgate.ts";
import type { Lifetimes } from "./lifetimes.ts";
import { claimsOf, createLifetimes } from "./lifetimes.ts";

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const QUERY = "POST /graphql";

let world: Lifetimes;
beforeEach(() => {
  world = createLifetimes();
});
afterEach(() => world.end());

const isReady = ({ service }: Running): boolean => service.http.readiness().ready;
const file = (): string => join(world.folder, "state.gz");

/** Everything is read again, and until then nothing is served. */
async function expectReadAgain(): Promise<Running> {
  const { github, start, served, pass, until } = world;
  const reading = github.faults.pause(QUERY, "before");
  const packgate = await start();
  await until(reading.arrived);
  await pass(20_000);
  expect(isReady(packgate)).toBe(false);
  expect(await packgate.ask({ package: "acme-core", action: "read", user: "carol" })).toMatchObject({ status: 503 });
  reading.resume();
  await served(packgate);
  expectTruth(github, packgate.service);
  return packgate;
}

describe("a restart begins anew", () => {
  it("when GitHub's log does not reach back to the last run", async () => {
    const { github, acme, settled, pass, log } = world;
    await (await settled()).stop();
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await github.settle();
    await pass(10 * MINUTE);
    world.time.set(world.time.now() + 3 * DAY);
    await expectReadAgain();
    expect(log.messages("warn")).toContainEqual(expect.stringContaining("no longer has the log"));
  });

  it("when more was missed than can be followed one by one", async () => {
    const { github, acme, settled } = world;
    await (await settled()).stop();
    for (let change = 0; change < 110; change += 1) {
      github.edit.addTeamMember(acme.teams.docs, acme.users.alice);
      github.edit.removeTeamMember(acme.teams.docs, acme.users.alice);
    }
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await github.settle();
    await expectReadAgain();
  });

  it.each<[string, (world: Lifetimes) => void]>([
    [
      "the App was installed anew, and GitHub's log does not tell",
      ({ github, acme }) => {
        const silence = github.faults.drop(() => true);
        github.edit.uninstall(acme.organization);
        github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
        github.edit.install(acme.organization);
        silence.end();
      },
    ],
    [
      "the App may see other things",
      ({ github, acme }) => {
        const silence = github.faults.drop(() => true);
        Object.assign(github.app.permissions, { issues: "read" });
        github.edit.acceptNewPermissions(acme.organization);
        silence.end();
      },
    ],
  ])("when %s", async (_, change) => {
    await (await world.settled()).stop();
    change(world);
    await expectReadAgain();
  });

  it.each<[string, RegExp, (bytes: Buffer) => Buffer]>([
    ["cut short", /is cut short: everything is read from GitHub again/, (bytes) => bytes.subarray(0, bytes.length / 2)],
    ["altered", /is not a snapshot|damaged or altered/, (bytes) => bytes.fill(7, 40, 60)],
  ])("when the snapshot is %s, and says so in one sentence", async (_, sentence, spoil) => {
    await (await world.settled()).stop();
    writeFileSync(file(), spoil(readFileSync(file())));
    await expectReadAgain();
    expect(world.log.messages("warn").filter((line) => line.includes("The snapshot"))).toEqual([
      expect.stringMatching(sentence),
    ]);
    expect(existsSync(`${file()}.refused`)).toBe(true);
  });

  it("when the snapshot is another App's, and says so in one sentence", async () => {
    const { github, settled, log, end } = world;
    await (await settled()).stop();
    const foreign = readFileSync(file());
    await end();
    world = createLifetimes();
    Object.assign(world.github.app, { id: github.app.id + 1 });
    writeFileSync(file(), foreign);
    await expectReadAgain();
    expect(log.messages("warn").filter((line) => line.includes("The snapshot"))).toEqual([]);
    expect(world.log.messages("warn").filter((line) => line.includes("The snapshot"))).toEqual([
      expect.stringMatching(/belongs to App \d+ .*give every App a folder of its own/),
    ]);
  });
});

describe("a clock that is far from what it was", () => {
  it.each([
    ["ahead", DAY, "stale"],
    ["behind", -DAY, "not-synced"],
    ["so far behind that it is of another year", -400 * DAY, "not-synced"],
  ])("%s lets no old fact be served, though GitHub is away", async (_, jump, reason) => {
    const { github, settled, start, served, pass, time } = world;
    await (await settled()).stop();
    time.set(time.now() + jump);
    github.faults.down();
    const packgate = await start();
    for (const seconds of [0, 11, 60, 600]) {
      await pass(seconds * 1000);
      const unknown = { status: 503, body: { decision: "unknown" } };
      expect(await packgate.ask({ package: "acme-core", action: "read", user: "carol" })).toMatchObject(unknown);
    }
    expect(await packgate.ask({ package: "acme-core", action: "read", user: "carol" })).toMatchObject({
      body: { reason },
    });
    github.faults.up();
    await served(packgate);
    await pass(3 * MINUTE);
    expectTruth(github, packgate.service);
  });
});

describe("who claimed which name outlives", () => {
  const retire = async (packgate: Running): Promise<void> => {
    const { github, acme, pass } = world;
    await pass(MINUTE);
    github.edit.push(acme.repositories.site, { write: { "pyproject.toml": '[project]\nname = "acme-www"\n' } });
    await packgate.settle();
    await pass(10_000);
    expect([...claimsOf(packgate).values()].filter(({ status }) => status === "retired")).toHaveLength(1);
  };

  it("an organization's absence from PACKGATE_ORGS", async () => {
    const { github, acme, settled, served, pass } = world;
    const other = github.edit.createOrganization({ login: "other", plan: "enterprise", basePermission: "none" });
    const both = { PACKGATE_ORGS: "acme,other" };
    const first = await settled(both);
    await retire(first);
    const before = claimsOf(first);
    await first.stop();
    await pass(MINUTE);
    const second = await settled({ PACKGATE_ORGS: "other" });
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await pass(MINUTE);
    expect(second.service.http.organizations().map(({ login }) => login)).toEqual(["other"]);
    await second.stop();
    const identity = { appId: github.app.id, apiUrl: "https://api.github.com" };
    const ids = (await readSnapshot(file(), identity, readPolicy))?.organizations.map(
      ({ organization }) => organization.id,
    );
    expect(new Set(ids)).toEqual(new Set([acme.organization.id, other.id]));
    const third = await settled(both);
    await served(third);
    expect(claimsOf(third)).toEqual(before);
    expectTruth(github, third.service);
  });

  it("a suspension that lasts over a restart", async () => {
    const { github, acme, settled, served, pass } = world;
    const first = await settled();
    await retire(first);
    const before = claimsOf(first);
    github.edit.suspendInstallation(acme.organization);
    await pass(10_000);
    await first.stop();
    const second = await settled();
    expect(isReady(second)).toBe(false);
    await second.stop();
    github.edit.unsuspendInstallation(acme.organization);
    await github.settle();
    const third = await settled();
    await served(third);
    expect(claimsOf(third)).toEqual(before);
    expect(leaks(github, third.service)).toEqual([]);
    expectTruth(github, third.service);
  });

  it("an organization's new name", async () => {
    const { github, acme, settled, served } = world;
    const first = await settled({ PACKGATE_ORGS: "acme" });
    await retire(first);
    const before = claimsOf(first);
    await first.stop();
    github.edit.renameOrganization(acme.organization, "acme-inc");
    await github.settle();
    const second = await settled({ PACKGATE_ORGS: "acme-inc" });
    await served(second);
    expect(claimsOf(second)).toEqual(before);
    expectTruth(github, second.service);
  });
});
