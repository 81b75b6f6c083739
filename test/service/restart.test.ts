import { readPolicy } from "../snapshot/samples.ts";
import { readdirSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { SavedOrganization } from "../../src/snapshot/saved.ts";
import { readSnapshot } from "../../src/snapshot/read-file.ts";
import { expectTruth, leaks } from "../github/support/against-truth.ts";
import type { Running } from "../helpers/packgate.ts";
import type { Lifetimes } from "./lifetimes.ts";
import { claimsOf, createLifetimes, servesAll } from "./lifetimes.ts";

const MINUTE = 60_000;
const LOG = "GET /app/hook/deliveries";
const QUESTIONS = ["read", "upload", "manage"].flatMap((action) =>
  ["alice", "bob", "carol", "erin"].map((user) => ({ package: "acme-core", action, user })),
);

let world: Lifetimes;
beforeEach(() => {
  world = createLifetimes();
});
afterEach(() => world.end());

const statuses = (packgate: Running) => Promise.all(QUESTIONS.map(async (each) => (await packgate.ask(each)).status));

/** What the file holds about acme. */
async function saved(): Promise<SavedOrganization | undefined> {
  const identity = { appId: world.github.app.id, apiUrl: "https://api.github.com" };
  return (await readSnapshot(join(world.folder, "state.gz"), identity, readPolicy))?.organizations[0];
}

describe("after a restart", () => {
  it("nothing is served before GitHub's log was looked through, and everything after it", async () => {
    const { github, settled, start, until } = world;
    await (await settled()).stop();
    const looking = github.faults.pause(LOG, "before");
    const packgate = await start();
    await until(looking.arrived);
    expect(new Set(await statuses(packgate))).toEqual(new Set([503]));
    expect((await fetch(`${packgate.url}/readyz`)).status).toBe(503);
    looking.resume();
    await packgate.settle();
    expect((await fetch(`${packgate.url}/readyz`)).status).toBe(200);
    expectTruth(github, packgate.service);
  });

  it("what was given and taken meanwhile is in force from the first answer on", async () => {
    const { github, acme, settled, start, pass, until } = world;
    const { edit } = github;
    await (await settled()).stop();
    edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    edit.removeCollaborator(acme.repositories.core, acme.users.dave);
    edit.addTeamMember(acme.teams.platform, acme.users.bob);
    edit.addMember(acme.organization, acme.users.erin);
    edit.setTeamRepository(acme.teams.docs, acme.repositories.utils, "maintain");
    edit.push(acme.repositories.shared, { write: { "pyproject.toml": '[project]\nname = "acme-shared"\n' } });
    edit.createTeam(acme.organization, { name: "new" });
    await github.settle();
    expect(github.deliveries.filter(({ statusCode }) => statusCode === 502).length).toBeGreaterThanOrEqual(6);
    const reading = github.faults.pause("POST /graphql", "before");
    const packgate = await start();
    await until(reading.arrived);
    await pass(1000);
    expect(new Set(await statuses(packgate))).toEqual(new Set([503]));
    reading.resume();
    while (!servesAll(packgate)) {
      await pass(10);
      expect(leaks(github, packgate.service)).toEqual([]);
    }
    expectTruth(github, packgate.service);
    await packgate.settle();
    expectTruth(github, packgate.service);
  });

  it("the first synchronisation is not repeated", async () => {
    const { github, settled, pass, log } = world;
    const first = await settled();
    expect(github.counts.graphqlQueries).toBeGreaterThan(0);
    await first.stop();
    await pass(MINUTE);
    github.resetCounts();
    const packgate = await settled();
    expectTruth(github, packgate.service);
    // The installations, a token, the log, and one round of polls; the rest grows with the organization.
    // Where there is no policy, the organization is asked for once more: one of another name has none, either.
    expect([...github.counts.byRoute].filter(([, times]) => times > 1)).toEqual([["GET /orgs/{org}", 2]]);
    expect({ rest: github.counts.rest, graphql: github.counts.graphqlQueries }).toEqual({ rest: 10, graphql: 0 });
    expect(log.messages("warn").filter((line) => line.includes("snapshot"))).toEqual([]);
  });

  it("a busy organization is not read anew: what was followed before need not be followed again", async () => {
    const { github, acme, settled, pass, served, start } = world;
    const packgate = await settled();
    for (let push = 0; push < 210; push += 1) {
      github.edit.push(acme.repositories.utils, { write: { "README.md": `${push}` } });
    }
    await github.settle();
    await packgate.settle();
    await pass(2 * MINUTE);
    await packgate.stop();
    github.resetCounts();
    await served(await start());
    expect(github.counts.byRoute.get("GET /app/hook/deliveries/{delivery_id}")).toBeUndefined();
    expect(world.log.text()).not.toContain("everything is read again");
  });

  it("names are whose they were: held, contested and retired since the same moment", async () => {
    const { github, acme, settled, pass } = world;
    github.edit.push(acme.repositories.shared, { write: { "pyproject.toml": '[project]\nname = "acme-core"\n' } });
    const first = await settled();
    await pass(MINUTE);
    github.edit.push(acme.repositories.site, { write: { "pyproject.toml": '[project]\nname = "acme-www"\n' } });
    await pass(10_000);
    const before = claimsOf(first);
    expect([...before.values()].map(({ status }) => status)).toEqual(
      expect.arrayContaining(["held", "contested", "retired"]),
    );
    await first.stop();
    await pass(5 * MINUTE);
    const packgate = await settled();
    expect(claimsOf(packgate)).toEqual(before);
  });

  it.each([0, 10_000])("what was in doubt %i ms before the end still is, and is read first", async (before) => {
    const { github, acme, settled, start, served, pass } = world;
    const doubt = `team-members/${acme.teams.docs.id}`;
    const first = await settled();
    await pass(10_000);
    github.faults.status("POST /graphql", 500, { times: 1000 });
    github.edit.addTeamMember(acme.teams.docs, acme.users.alice);
    await github.settle();
    await pass(before);
    await first.stop();
    expect((await saved())?.doubts).toEqual([doubt]);
    // GitHub's log, too, would have told it: it is the snapshot that shall.
    await pass(20 * MINUTE);
    const second = await start();
    await second.settle();
    await second.stop();
    expect((await saved())?.doubts).toContain(doubt);
    await pass(20 * MINUTE);
    github.faults.clear();
    const third = await start();
    await served(third);
    expectTruth(github, third.service);
  });

  it("a revocation that came before GitHub could be asked is in force, and remembered", async () => {
    const { github, acme, settled, start, served, pass } = world;
    await (await settled()).stop();
    github.faults.down();
    const second = await start();
    await pass(10_000);
    const question = { package: "acme-core", action: "read", user: "alice" };
    expect(await second.ask(question)).toMatchObject({ status: 200 });
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await github.settle();
    expect(await second.ask(question)).toMatchObject({ status: 403 });
    await second.stop();
    const third = await start();
    await pass(10_000);
    expect(await third.ask(question)).toMatchObject({ status: 403 });
    github.faults.up();
    await served(third);
    expectTruth(github, third.service);
  });

  it("nothing is kept with memory:", async () => {
    const packgate = await world.settled({ PACKGATE_STATE: "memory:" });
    await world.pass(MINUTE);
    await packgate.stop();
    expect(readdirSync(world.folder)).toEqual([]);
  });
});
