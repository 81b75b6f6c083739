import { afterEach, describe, expect, it } from "vitest";
import { createBudget } from "../../src/github/budget.ts";
import { createUpkeep } from "../../src/github/upkeep.ts";
import { draw } from "../domain/facts-builder.ts";
import { viewOf } from "../domain/views.ts";
import { createRandom } from "../simulator/random.ts";
import { differences, expectTruth } from "./support/against-truth.ts";
import { createFakeTime } from "./support/fake-time.ts";
import type { Virtual } from "./support/virtual.ts";
import { startVirtual } from "./support/virtual.ts";

const MINUTE = 60_000;

let running: Virtual | undefined;
afterEach(async () => {
  await running?.stop();
  running = undefined;
});

/** @param random which pair the audit takes; the first is always an owner's, whom no test takes anything */
async function start(env: Readonly<Record<string, string>> = {}, random = () => 0): Promise<Virtual> {
  running = await startVirtual({ env, surroundings: { random } });
  return running;
}

/** Whether everything is decided as it truly is. */
function isTrue({ github, packgate }: Virtual): boolean {
  const [organization] = packgate.service.http.organizations();
  return organization !== undefined && differences(github, organization.view()).length === 0;
}

async function metric({ packgate }: Virtual, line: string): Promise<number> {
  const text = await packgate.service.http.metrics.registry.metrics();
  const found = text.split("\n").find((each) => each.startsWith(`${line} `));
  return found === undefined ? 0 : Number(found.slice(line.length + 1));
}

describe("a poll finds what GitHub tells nobody", () => {
  it.each<[string, (virtual: Virtual) => void]>([
    ["a new owner", ({ github, acme }) => github.edit.setOwner(acme.organization, acme.users.alice)],
    [
      "an owner who is none any more",
      ({ github, acme }) => github.edit.unsetOwner(acme.organization, acme.users.carol),
    ],
    ["another base permission", ({ github, acme }) => github.edit.setBasePermission(acme.organization, "write")],
    ["another parent of a team", ({ github, acme }) => github.edit.setTeamParent(acme.teams.backend, null)],
    [
      "an organization role",
      ({ github, acme }) => {
        const role = github.edit.defineOrganizationRole(acme.organization, "releasers", "maintain");
        github.edit.assignOrganizationRole(role, { user: acme.users.bob });
      },
    ],
  ])("%s", async (_, edit) => {
    const virtual = await start();
    edit(virtual);
    expect(isTrue(virtual)).toBe(false);
    await virtual.pass(MINUTE + 1000);
    expectTruth(virtual.github, virtual.packgate.service);
    expect(await metric(virtual, 'packgate_drift_total{slice="members"}')).toBe(0);
  });

  it("and costs nothing of the hourly limit while nothing changes", async () => {
    const virtual = await start({ PACKGATE_RESYNC_INTERVAL: "1h", PACKGATE_MAX_STALENESS: "3h" });
    const { github, acme, pass } = virtual;
    const home = github.edit.createRepository(acme.organization, { name: ".github" });
    github.edit.push(home, { write: { "packgate.toml": "version = 1\n" } });
    await pass(2 * MINUTE);
    github.resetCounts();
    const asked = await metric(virtual, 'packgate_github_requests_total{kind="rest",status="304"}');
    await pass(5 * MINUTE);
    const unchanged = (await metric(virtual, 'packgate_github_requests_total{kind="rest",status="304"}')) - asked;
    expect(unchanged).toBeGreaterThanOrEqual(5 * 5);
    // GitHub's log of deliveries has no webhook of its own.
    expect(github.counts.rest - unchanged).toBeLessThanOrEqual(1);
    expect(github.counts.graphqlPoints).toBe(0);
  });
});

describe("the resync", () => {
  it("heals what a lost webhook should have told, and says so", async () => {
    const virtual = await start();
    const { github, acme, pass } = virtual;
    const silence = github.faults.drop(() => true);
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    github.edit.setCollaborator(acme.repositories.utils, acme.users.alice, "write");
    github.edit.push(acme.repositories.shared, { write: { "pyproject.toml": '[project]\nname = "acme-shared"\n' } });
    silence.end();
    await pass(5 * MINUTE);
    expect(isTrue(virtual)).toBe(false);
    await pass(11 * MINUTE);
    expectTruth(github, virtual.packgate.service);
    expect(await metric(virtual, 'packgate_drift_total{slice="team-members"}')).toBe(1);
    expect(await metric(virtual, 'packgate_drift_total{slice="repository"}')).toBe(1);
    const all = ["members", "teams", "team-members", "repositories", "repository", "access"];
    const counts = await Promise.all(all.map((slice) => metric(virtual, `packgate_drift_total{slice="${slice}"}`)));
    const [status] = virtual.packgate.service.http.readiness().orgs;
    expect(status?.drift).toBe(counts.reduce((sum, count) => sum + count, 0));
  });

  it("confirms every fact within its interval, hour after hour", async () => {
    const virtual = await start();
    const { time, pass } = virtual;
    for (let look = 0; look < 40; look += 1) {
      await pass(2 * MINUTE);
      const [organization] = virtual.packgate.service.http.organizations();
      expect(time.now() - (organization?.view().access.asOf ?? 0)).toBeLessThanOrEqual(15 * MINUTE);
    }
    expect(await metric(virtual, 'packgate_drift_total{slice="members"}')).toBe(0);
  });
});

describe("a reading right after a change", () => {
  it("may come from a replica that lags, and its echo heals that", async () => {
    const virtual = await start();
    const { github, acme, packgate, pass } = virtual;
    const question = { package: "acme-core", action: "upload", user: "bob" };
    expect(await packgate.ask(question)).toMatchObject({ status: 403 });
    github.faults.lag(3000);
    github.edit.addTeamMember(acme.teams.backend, acme.users.bob);
    await packgate.settle();
    expect(await packgate.ask(question)).toMatchObject({ status: 403 });
    await pass(5000);
    expect(await packgate.ask(question)).toMatchObject({ status: 200 });
  });

  it.each([
    [3000, 5000],
    [20_000, 60_000],
  ])("that takes something away, too: a lag of %i ms is healed after %i", async (lag, healed) => {
    const virtual = await start();
    const { github, acme, packgate, pass } = virtual;
    const question = { package: "acme-core", action: "upload", user: "alice" };
    github.faults.lag(lag);
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await packgate.settle();
    await pass(healed + 1000);
    expect(await packgate.ask(question)).toMatchObject({ status: 403 });
  });
});

describe("minAsOf", () => {
  it("can be met for everybody and every package", async () => {
    const virtual = await start();
    const { acme, packgate, pass, time } = virtual;
    await pass(MINUTE);
    const minAsOf = new Date(time.now()).toISOString();
    for (const user of ["alice", "bob", "carol", "dave", "erin"]) {
      for (const name of [...acme.organization.claims.keys(), "nobody-declares-this"]) {
        const { status } = await time.passUntil(packgate.ask({ package: name, action: "read", user, minAsOf }));
        expect([200, 403], `${user} ${name}`).toContain(status);
      }
    }
  });
});

describe("the audit", () => {
  it("compares with GitHub's own word, and agrees", async () => {
    const random = createRandom(1);
    const virtual = await start({}, () => random.next());
    await virtual.pass(10 * MINUTE);
    expect(await metric(virtual, 'packgate_audit_total{result="match"}')).toBeGreaterThanOrEqual(29);
    expect(await metric(virtual, 'packgate_audit_total{result="mismatch"}')).toBe(0);
  });

  it("finds what nobody told, and heals it long before the resync would", async () => {
    const random = createRandom(2);
    const virtual = await start({ PACKGATE_RESYNC_INTERVAL: "12h", PACKGATE_MAX_STALENESS: "24h" }, () =>
      random.next(),
    );
    const { github, acme, pass } = virtual;
    const silence = github.faults.drop(() => true);
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    silence.end();
    await pass(60 * MINUTE);
    expect(await metric(virtual, 'packgate_audit_total{result="mismatch"}')).toBeGreaterThanOrEqual(1);
    expectTruth(github, virtual.packgate.service);
  });
});

describe("while not everything has been read for the first time", () => {
  it("the organization's own name is asked for now and then, for all else is asked for by it", async () => {
    const time = createFakeTime();
    const refreshed: string[] = [];
    const upkeep = createUpkeep({
      view: () => ({ ...viewOf(draw({}).facts, new Map()), ready: false }),
      reader: {
        read: () => Promise.resolve(),
        discover: () => Promise.resolve([]),
        outdated: () => Promise.reject(new Error("asked by a name that may be wrong")),
        permission: () => Promise.resolve(undefined),
      },
      reconciler: { refresh: (keys, urgency) => refreshed.push(`${urgency}: ${keys.join(" ")}`) },
      budget: createBudget(time.now),
      intervals: { poll: MINUTE, resync: 15 * MINUTE },
      time,
      random: () => 0,
      onAudit: () => refreshed.push("audited"),
      onFailure: (what) => refreshed.push(`failed: ${what}`),
    });
    await time.pass(2 * MINUTE);
    expect(refreshed).toEqual(["poll: organization", "poll: organization"]);
    upkeep.stop();
    await time.pass(2 * MINUTE);
    expect(refreshed).toHaveLength(2);
  });
});
