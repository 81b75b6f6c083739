import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Running } from "../helpers/packgate.ts";
import type { User } from "../simulator/index.ts";
import type { Lifetimes } from "./lifetimes.ts";
import { createLifetimes } from "./lifetimes.ts";

const RULES = `version = 1

[[rules]]
who = ["team:docs", "user:bob"]
packages = ["acme-core"]
permissions = "c"
effect = "allow"

[[rules]]
who = ["user:carol"]
packages = ["acme-core"]
permissions = "c"
effect = "deny"
`;

let world: Lifetimes;
beforeEach(() => {
  world = createLifetimes();
});
afterEach(() => world.end());

const mayUpload = async (packgate: Running, id: number): Promise<boolean> =>
  (await packgate.ask({ package: "acme-core", user: String(id), action: "upload" })).status === 200;

describe("names in rules that change hands", () => {
  async function governed(): Promise<Running> {
    const { github, acme, settled } = world;
    github.edit.createRepository(acme.organization, { name: ".github", files: { "packgate.toml": RULES } });
    return settled();
  }

  function member(login: string): User {
    const user = world.github.edit.createUser(login);
    world.github.edit.addMember(world.acme.organization, user);
    return user;
  }

  it("open nothing to who takes the name of a team, also after a restart", async () => {
    const { github, acme, start, served } = world;
    const packgate = await governed();
    const [writer, mallory] = [member("writer"), member("mallory")];
    github.edit.addTeamMember(acme.teams.docs, writer);
    await packgate.settle();
    expect(await mayUpload(packgate, writer.id)).toBe(true);

    // Any member may create a team.
    github.edit.editTeam(acme.teams.docs, { name: "writers" });
    const mine = github.edit.createTeam(acme.organization, { name: "docs" });
    github.edit.addTeamMember(mine, mallory);
    await packgate.settle();
    expect(mine.slug).toBe("docs");
    expect(await mayUpload(packgate, mallory.id)).toBe(false);
    expect(await mayUpload(packgate, writer.id)).toBe(true);
    const said = `packgate.toml:3: a rule names "team:docs", which is called writers now and is still meant: update the rule.`;
    expect(packgate.service.http.readiness().problems).toContainEqual(expect.stringContaining(said));

    await packgate.stop();
    const next = await start();
    await served(next);
    expect(await mayUpload(next, mallory.id)).toBe(false);
    expect(await mayUpload(next, writer.id)).toBe(true);

    github.edit.deleteTeam(acme.teams.docs);
    await next.settle();
    expect(await mayUpload(next, mallory.id)).toBe(false);
    const gone = `a rule names "team:docs", which is another one now than the rule was written for, and gets nothing by it`;
    expect(next.service.http.readiness().problems).toContainEqual(expect.stringContaining(gone));
  });

  it("open nothing to who takes a login, and close nothing less to who gave it up", async () => {
    const { github, acme } = world;
    const packgate = await governed();
    const { bob, carol } = acme.users;
    const mallory = member("mallory");
    github.edit.setTeamRepository(acme.teams.platform, acme.repositories.core, "admin");
    await packgate.settle();
    expect(await mayUpload(packgate, bob.id)).toBe(true);
    expect(await mayUpload(packgate, carol.id)).toBe(false);

    github.edit.renameUser(bob, "robert");
    github.edit.renameUser(mallory, "bob");
    github.edit.renameUser(carol, "caroline");
    // Nothing announces a new login: the next reading of the members shows it.
    await world.pass(10 * 60_000);
    await packgate.settle();
    expect(packgate.service.http.organizations()[0]?.view().access.members.get(mallory.id)?.login).toBe("bob");
    expect(await mayUpload(packgate, bob.id)).toBe(true);
    expect(await mayUpload(packgate, mallory.id)).toBe(false);
    expect(await mayUpload(packgate, carol.id)).toBe(false);
  });

  it("mean others once the rule is taken out and put in again", async () => {
    const { github, acme } = world;
    const packgate = await governed();
    const home = [...acme.organization.repositories.values()].find(({ name }) => name === ".github");
    if (home === undefined) throw new Error("there is a policy repository");
    const mallory = member("mallory");
    github.edit.editTeam(acme.teams.docs, { name: "writers" });
    const mine = github.edit.createTeam(acme.organization, { name: "docs" });
    github.edit.addTeamMember(mine, mallory);
    await packgate.settle();
    expect(await mayUpload(packgate, mallory.id)).toBe(false);
    for (const text of ["version = 1\n", RULES]) {
      github.edit.push(home, { write: { "packgate.toml": text } });
      await packgate.settle();
    }
    expect(await mayUpload(packgate, mallory.id)).toBe(true);
  });

  const rule = (who: string): string =>
    `version = 1\n\n[[rules]]\nwho = ["${who}"]\npackages = ["acme-core"]\npermissions = "c"\neffect = "allow"\n`;
  const push = (who: string) =>
    world.github.edit.createRepository(world.acme.organization, {
      name: ".github",
      files: { "packgate.toml": rule(who) },
    });

  it("open nothing to who makes a team that nobody had made yet, until the policy is pushed again", async () => {
    const { github, acme, settled } = world;
    const packgate = await settled();
    const home = push("team:release-managers");
    const mallory = member("mallory");
    await packgate.settle();
    const mine = github.edit.createTeam(acme.organization, { name: "release-managers" });
    github.edit.addTeamMember(mine, mallory);
    await packgate.settle();
    expect(await mayUpload(packgate, mallory.id)).toBe(false);
    const said = `packgate.toml:3: a rule names "team:release-managers", which nobody had when the policy was pushed`;
    expect(packgate.service.http.readiness().problems).toContainEqual(expect.stringContaining(said));
    github.edit.push(home, { write: { "packgate.toml": `${rule("team:release-managers")}# Made.\n` } });
    await packgate.settle();
    expect(await mayUpload(packgate, mallory.id)).toBe(true);
  });

  it("mean who has them when the rule is pushed, also where the webhooks of the teams were lost", async () => {
    const { github, acme, settled } = world;
    const packgate = await settled();
    const [old, wanted] = [member("old"), member("wanted")];
    github.edit.addTeamMember(acme.teams.docs, old);
    await packgate.settle();
    const silence = github.faults.drop(() => true);
    github.edit.editTeam(acme.teams.docs, { name: "writers" });
    const fresh = github.edit.createTeam(acme.organization, { name: "docs" });
    github.edit.addTeamMember(fresh, wanted);
    await github.settle();
    silence.end();
    push("team:docs");
    await packgate.settle();
    expect([await mayUpload(packgate, old.id), await mayUpload(packgate, wanted.id)]).toEqual([false, true]);
  });
});
