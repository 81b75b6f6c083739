import { afterEach, describe, expect, it } from "vitest";
import type { Running } from "./helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "./helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "./simulator/index.ts";

describe("from GitHub to the index and back", () => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET, validate: true });
  const acme = acmeOrganization(github);
  let packgate: Running;

  afterEach(async () => packgate.stop());

  it("allows what GitHub allows, and follows when GitHub changes", async () => {
    packgate = await startPackgate(github);
    await packgate.settle();
    const password = github.tokenFor(acme.users.bob.id);
    const question = { package: "acme-core", action: "upload", credentials: { username: "bob", password } };

    expect(await packgate.ask(question)).toMatchObject({ status: 403, body: { decision: "deny", reason: "no-grant" } });
    github.edit.addTeamMember(acme.teams.platform, acme.users.bob);
    await packgate.settle();
    expect(await packgate.ask(question)).toMatchObject({ status: 200, body: { decision: "allow", reason: "team" } });
    github.edit.removeTeamMember(acme.teams.platform, acme.users.bob);
    await github.settle();
    expect(await packgate.ask(question)).toMatchObject({ status: 403, body: { decision: "deny", reason: "no-grant" } });
    expect(github.violations).toEqual([]);
    expect(github.unknownRoutes).toEqual([]);
  });
});
