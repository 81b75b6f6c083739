import { afterEach, describe, expect, it, vi } from "vitest";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import type { Simulator } from "../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { sendSigned } from "../webhooks/send.ts";
import { expectTruth } from "./support/against-truth.ts";
import { createFakeTime } from "./support/fake-time.ts";
import { captureLog } from "./support/log.ts";

let packgate: Running;
afterEach(async () => {
  vi.useRealTimers();
  await packgate.stop();
});

const simulate = () => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  return { github, acme: acmeOrganization(github) };
};
const readiness = async () => {
  const response = await fetch(`${packgate.url}/readyz`);
  const body: { ready?: boolean; problems?: string[]; orgs?: { login: string; synced: boolean }[] } = Object(
    await response.json(),
  );
  // acme keeps one manifest that is broken; this file is not about it.
  const problems = (body.problems ?? []).filter((each) => !each.startsWith("acme/broken "));
  return { status: response.status, problems, orgs: body.orgs ?? [] };
};
const allowed = { package: "acme-core", action: "upload", user: "alice" };
const unserved = { status: 503, body: { decision: "unknown", reason: "not-synced" } };

/** A second organization, with nothing in it. */
const second = (github: Simulator) => github.edit.createOrganization({ login: "Other", basePermission: "none" });

describe("which installations are served", () => {
  it("none of several without PACKGATE_ORGS, and /readyz says what to set", async () => {
    const { github } = simulate();
    second(github);
    packgate = await startPackgate(github);
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject(unserved);
    expect(await readiness()).toMatchObject({
      status: 503,
      problems: ["The App is installed on acme, Other: set PACKGATE_ORGS to those that shall be served."],
      orgs: [],
    });
  });

  it("the wanted one of several, in any letter case, and the other is ignored with a warning", async () => {
    const { github } = simulate();
    const other = second(github);
    const log = captureLog();
    packgate = await startPackgate(github, { env: { PACKGATE_ORGS: "ACME" }, log });
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject({ status: 200 });
    const sentence = "The installation on Other is ignored: add it to PACKGATE_ORGS to serve it.";
    expect(await readiness()).toMatchObject({ status: 200, problems: [sentence], orgs: [{ login: "acme" }] });
    expect(log.messages("warn").filter((message) => !message.includes("pyproject.toml"))).toEqual([sentence]);

    github.resetCounts();
    github.edit.createTeam(other, { name: "platform" });
    await packgate.settle();
    expect(github.deliveries.at(-1)).toMatchObject({ event: "team", statusCode: 202 });
    expect(github.counts).toMatchObject({ rest: 0, graphqlQueries: 0 });
  });

  it("a wanted one that is missing is told of, and served once it is there", async () => {
    const { github, acme } = simulate();
    github.edit.uninstall(acme.organization);
    packgate = await startPackgate(github, { env: { PACKGATE_ORGS: "acme,nowhere" } });
    await packgate.settle();
    expect((await readiness()).problems).toEqual([
      "The App is installed nowhere: install it on your organization from the App's page on GitHub.",
    ]);
    github.edit.install(acme.organization);
    await packgate.settle();
    expect(await packgate.ask({ ...allowed, org: "acme" })).toMatchObject({ status: 200 });
    expect((await readiness()).problems).toEqual([
      "The App is not installed on nowhere, which PACKGATE_ORGS names: install it there.",
    ]);
  });

  it("one on a person's own account never", async () => {
    const { github } = simulate();
    packgate = await startPackgate(github, {
      surroundings: {
        fetch: async (input, init) => {
          const response = await github.fetch(input, init);
          if (!new URL(new Request(input).url).pathname.endsWith("/app/installations")) return response;
          const [installation] = Object(await response.json());
          const ofUser = { ...installation, id: 5, account: { id: 5, login: "erin" }, target_type: "User" };
          return Response.json([installation, ofUser]);
        },
      },
    });
    await packgate.settle();
    expect(await readiness()).toMatchObject({ status: 200, problems: [], orgs: [{ login: "acme" }] });
  });

  it("a renamed one still, though PACKGATE_ORGS names it as it was", async () => {
    const { github, acme } = simulate();
    packgate = await startPackgate(github, { env: { PACKGATE_ORGS: "acme" } });
    await packgate.settle();
    github.edit.renameOrganization(acme.organization, "acme-corp");
    github.edit.acceptNewPermissions(acme.organization);
    await packgate.settle();
    expect(await packgate.ask({ ...allowed, org: "acme-corp" })).toMatchObject({ status: 200 });
    expect((await readiness()).orgs).toMatchObject([{ login: "acme-corp", synced: true }]);
    expectTruth(github, packgate.service);
  });
});

describe("an installation that goes and comes", () => {
  const begin = async (env: Record<string, string> = {}) => {
    const { github, acme } = simulate();
    packgate = await startPackgate(github, { env });
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject({ status: 200 });
    return { github, acme };
  };

  it("uninstalled and installed anew, under another id, is read anew", async () => {
    const { github, acme } = await begin();
    const before = acme.organization.installation?.id;
    github.edit.uninstall(acme.organization);
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject(unserved);
    expect((await readiness()).problems).toEqual([
      "The App is installed nowhere: install it on your organization from the App's page on GitHub.",
      "The App is no longer installed on acme: install it again to serve it.",
    ]);
    expect(github.edit.install(acme.organization).id).not.toBe(before);
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject({ status: 200 });
    expect(await readiness()).toMatchObject({ status: 200, problems: [] });
    expectTruth(github, packgate.service);
  });

  it("suspended answers unknown at once, and unsuspended remembers who claimed what", async () => {
    const { github, acme } = await begin();
    github.edit.suspendInstallation(acme.organization);
    await github.settle();
    expect(await packgate.ask(allowed)).toMatchObject(unserved);
    await packgate.settle();
    expect((await readiness()).problems).toEqual([
      "The installation on acme is suspended: unsuspend it in the organization's settings.",
    ]);

    // While nobody tells us anything, an older repository comes to declare the same name: the first claim still holds.
    const older = acme.repositories.shared;
    older.createdAt = 0;
    github.edit.push(older, { write: { "pyproject.toml": '[project]\nname = "acme-core"\n' } });
    github.edit.unsuspendInstallation(acme.organization);
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject({ status: 200, body: { repository: "acme/core" } });
  });

  it("is not brought back by events that come in the wrong order", async () => {
    const { github, acme } = await begin();
    github.faults.hold();
    github.edit.suspendInstallation(acme.organization);
    github.edit.unsuspendInstallation(acme.organization);
    github.faults.release((held) => held.toReversed());
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject({ status: 200 });

    github.faults.hold();
    github.edit.suspendInstallation(acme.organization);
    github.edit.unsuspendInstallation(acme.organization);
    github.edit.suspendInstallation(acme.organization);
    github.faults.release((held) => held.toReversed());
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject(unserved);
  });

  it("is not brought back by a list of installations from before", async () => {
    const { github, acme } = await begin();
    const list = github.faults.pause("GET /app/installations", "after");
    github.edit.acceptNewPermissions(acme.organization);
    await list.arrived;
    github.edit.suspendInstallation(acme.organization);
    await github.settle();
    list.resume();
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject(unserved);
  });

  it("when its webhook is lost is found by what GitHub refuses", async () => {
    const { github, acme } = await begin();
    github.faults.drop(({ event }) => event === "installation");
    github.edit.uninstall(acme.organization);
    // Octokit itself sits out five seconds of refusals, lest a new token be not known everywhere yet.
    vi.useFakeTimers({ toFake: ["Date"], now: Date.now() + 6000 });
    await sendSigned(packgate.url, "membership", {
      action: "added",
      organization: { id: acme.organization.id },
      member: { id: acme.users.bob.id, login: "bob" },
      team: { id: acme.teams.docs.id },
    });
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject(unserved);
    expect((await readiness()).problems[0]).toBe(
      "The App is installed nowhere: install it on your organization from the App's page on GitHub.",
    );
  });

  it("of one organization leaves the other alone", async () => {
    const { github, acme } = simulate();
    const other = second(github);
    packgate = await startPackgate(github, { env: { PACKGATE_ORGS: "acme,other" } });
    await packgate.settle();
    github.edit.suspendInstallation(other);
    await packgate.settle();
    expect(await packgate.ask({ ...allowed, org: "acme" })).toMatchObject({ status: 200 });
    expect(await packgate.ask({ ...allowed, org: "other" })).toMatchObject(unserved);
    expect((await readiness()).orgs).toMatchObject([
      { login: "acme", synced: true },
      { login: "Other", synced: false },
    ]);
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await packgate.settle();
    expect(await packgate.ask({ ...allowed, org: "acme" })).toMatchObject({ status: 403 });
  });
});

describe("what an installation lacks", () => {
  it("is said in /readyz, and no longer once it was given", async () => {
    const { github, acme } = simulate();
    const { installation } = acme.organization;
    delete installation?.permissions["organization_administration"];
    installation?.events.splice(installation.events.indexOf("team"), 1);
    packgate = await startPackgate(github);
    await packgate.settle();
    const page = `https://github.com/organizations/acme/settings/installations/${installation?.id ?? 0}`;
    expect((await readiness()).problems).toEqual([
      `The App lacks permissions on acme (organization_administration): accept them on ${page}.`,
      `GitHub does not send team for acme: accept the App's events on ${page}.`,
      'GitHub does not show the base permission of acme: accept the App\'s permission "Organization administration: read".',
    ]);

    github.edit.acceptNewPermissions(acme.organization);
    await packgate.settle();
    expect((await readiness()).problems).toEqual([]);
    expectTruth(github, packgate.service);
  });

  it("to be allowed to read is told of, retried, and healed by accepting it", async () => {
    const { github, acme } = simulate();
    delete acme.organization.installation?.permissions["members"];
    packgate = await startPackgate(github);
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject(unserved);
    expect((await readiness()).problems).toEqual(
      expect.arrayContaining([expect.stringMatching(/^GitHub forbids GraphQL Members: accept the App's permissions/)]),
    );
    github.edit.acceptNewPermissions(acme.organization);
    await packgate.settle();
    expect(await packgate.ask(allowed)).toMatchObject({ status: 200 });
    expectTruth(github, packgate.service);
  });

  it("when it sees selected repositories only", async () => {
    const { github, acme } = simulate();
    packgate = await startPackgate(github);
    await packgate.settle();
    github.edit.selectRepositories(acme.organization, [acme.repositories.core]);
    await packgate.settle();
    expect((await readiness()).problems).toEqual([
      `The App sees only selected repositories of acme: choose "All repositories" on https://github.com/organizations/acme/settings/installations/${acme.organization.installation?.id ?? 0}.`,
    ]);
    expect(await packgate.ask(allowed)).toMatchObject({ status: 200 });
    expect(await packgate.ask({ ...allowed, package: "acme-utils" })).toMatchObject({ status: 403 });
  });
});

describe("the start", () => {
  it("with a GitHub that is down goes on trying, and /readyz says why", async () => {
    const { github } = simulate();
    github.faults.down();
    const time = createFakeTime(Date.now());
    packgate = await time.passUntil(startPackgate(github, { surroundings: { time } }));
    expect(await packgate.ask(allowed)).toMatchObject(unserved);
    expect(await readiness()).toMatchObject({
      status: 503,
      problems: [
        "GitHub cannot be reached (GET /app/installations): check the network, and GHE_HOST or GITHUB_API_URL.",
      ],
    });
    github.faults.up();
    await time.pass(15_000);
    await packgate.settle();
    expect(await readiness()).toMatchObject({ status: 200, problems: [] });
    expect(await packgate.ask(allowed)).toMatchObject({ status: 200 });
  });
});
