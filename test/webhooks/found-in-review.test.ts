import { afterEach, describe, expect, it } from "vitest";
import { startVirtual } from "../github/support/virtual.ts";
import { captureLog } from "../github/support/log.ts";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";

const DAY_MS = 24 * 60 * 60 * 1000;

let packgate: Running | undefined;
afterEach(async () => packgate?.stop());

function simulate(clock: () => number = Date.now) {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET, clock });
  return { github, acme: acmeOrganization(github) };
}

const upload = { package: "acme-core", action: "upload" };

describe("a custom repository role", () => {
  it.each(["push", "Push", "Maintain", "Admin"])(
    "called %s gives what it is built on, not what its name says",
    async (name) => {
      const { github, acme } = simulate();
      const role = github.edit.defineRepositoryRole(acme.organization, name, "read");
      github.edit.setTeamRepository(acme.teams.docs, acme.repositories.core, role.name);
      github.edit.setCollaborator(acme.repositories.core, acme.users.dave, role.name);
      packgate = await startPackgate(github);
      await packgate.settle();
      for (const user of ["bob", "dave"]) {
        expect(await packgate.ask({ ...upload, user })).toMatchObject({ status: 403, body: { reason: "no-grant" } });
        expect(await packgate.ask({ ...upload, user, action: "read" })).toMatchObject({ status: 200 });
      }
    },
  );
});

describe("a renamed organization", () => {
  it("whose event was lost does not lose its organization roles", async () => {
    const { github, acme } = simulate();
    const role = github.edit.defineOrganizationRole(acme.organization, "all_repo_write", "write");
    github.edit.assignOrganizationRole(role, { user: acme.users.bob });
    packgate = await startPackgate(github);
    await packgate.settle();
    expect(await packgate.ask({ ...upload, user: "bob" })).toMatchObject({ status: 200 });

    const unheard = github.faults.drop(() => true);
    github.edit.renameOrganization(acme.organization, "acme-inc");
    await github.settle();
    unheard.end();
    github.edit.removeMember(acme.organization, acme.users.alice);
    await packgate.settle();
    expect(await packgate.ask({ ...upload, user: "bob" })).toMatchObject({
      status: 200,
      body: { reason: "organization-role" },
    });
  });
});

describe("a retired name", () => {
  it("is free again once its retirement is over", async () => {
    const virtual = await startVirtual();
    const { github, acme, pass, skip } = virtual;
    const { core, shared } = acme.repositories;
    const asked = { ...upload, user: "carol" };
    github.edit.push(core, { remove: ["pyproject.toml"] });
    github.edit.push(shared, { write: { "pyproject.toml": '[project]\nname = "acme-core"\n' } });
    await pass(1000);
    expect(await virtual.packgate.ask(asked)).toMatchObject({ status: 403, body: { reason: "retired" } });
    skip(90 * DAY_MS);
    await pass(60 * 60 * 1000);
    expect(await virtual.packgate.ask(asked)).toMatchObject({ status: 200, body: { repository: "acme/shared" } });
    await virtual.stop();
  });
});

describe("a manifest that cannot be read", () => {
  it("is in the log once, with its place", async () => {
    const { github, acme } = simulate();
    const log = captureLog();
    packgate = await startPackgate(github, { log });
    await packgate.settle();
    github.edit.addTeamMember(acme.teams.docs, acme.users.alice);
    await packgate.settle();
    const told = log.messages("warn").filter((message) => message.startsWith("acme/broken pyproject.toml:1: "));
    expect(told).toHaveLength(1);
  });

  it("because GitHub refuses the list of its repository's files does not keep the organization unknown", async () => {
    const { github } = simulate();
    github.faults.status(/\/git\/trees\//, 404);
    packgate = await startPackgate(github);
    await packgate.settle();
    expect(await packgate.ask({ ...upload, user: "carol" })).toMatchObject({ status: 200 });
    expect(packgate.service.http.readiness().problems.join("\n")).toMatch(
      /acme\/mono pyproject\.toml: GitHub answered 404/,
    );
  });

  it("because a workspace's members are too large together withdraws nothing and reads the rest", async () => {
    const { github, acme } = simulate();
    packgate = await startPackgate(github);
    await packgate.settle();
    const bulk = `# ${"x".repeat(600_000)}\n`;
    github.edit.push(acme.repositories.mono, {
      write: {
        "packages/alpha/pyproject.toml": `[project]\nname = "acme-alpha"\n${bulk}`,
        "packages/beta/pyproject.toml": `[project]\nname = "acme-beta"\n${bulk}`,
      },
    });
    await packgate.settle();
    expect(packgate.service.http.readiness().problems.join("\n")).toMatch(
      /packages\/beta\/pyproject\.toml: .* exceed 1048576 bytes/,
    );
    for (const name of ["acme-alpha", "acme-beta"]) {
      expect(await packgate.ask({ package: name, action: "upload", user: "alice" })).toMatchObject({ status: 200 });
    }
  });
});

describe("the App installed elsewhere", () => {
  it("on a whole enterprise is passed over", async () => {
    const { github } = simulate();
    packgate = await startPackgate(github, {
      surroundings: {
        fetch: async (input, init) => {
          const reply = await github.fetch(input, init);
          const url = new URL(input instanceof Request ? input.url : input);
          if (url.pathname !== "/app/installations") return reply;
          const enterprise = {
            id: 7,
            target_type: "Enterprise",
            account: { id: 8, slug: "acme-corp", name: "Acme Corp" },
          };
          return Response.json([...Object(await reply.json()), enterprise], { headers: reply.headers });
        },
      },
    });
    await packgate.settle();
    expect(await packgate.ask({ ...upload, user: "carol" })).toMatchObject({ status: 200 });
  });
});

describe("a plan without custom repository roles", () => {
  it("may also be told by a refusal", async () => {
    const { github } = simulate();
    github.faults.status(/custom-repository-roles/, 403);
    packgate = await startPackgate(github);
    await packgate.settle();
    expect(await packgate.ask({ ...upload, user: "carol" })).toMatchObject({ status: 200 });
  });
});
