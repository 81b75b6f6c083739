import { afterEach, describe, expect, it } from "vitest";
import { expectTruth } from "../github/support/against-truth.ts";
import { captureLog } from "../github/support/log.ts";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { sendSigned } from "./send.ts";

describe("a webhook of a shape that nobody expects", () => {
  let packgate: Running;
  afterEach(async () => packgate.stop());

  const began = async () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    const acme = acmeOrganization(github);
    const log = captureLog();
    packgate = await startPackgate(github, { log });
    await packgate.settle();
    return { github, acme, log };
  };
  const revision = (): number => packgate.service.http.organizations()[0]?.view().revision ?? 0;

  it.each([
    { about: "our organization", organization: true },
    { about: "who knows what", organization: false },
  ])("makes everything be read again: about $about", async ({ organization }) => {
    const { github, acme, log } = await began();
    github.faults.drop(() => true);
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    github.edit.removeCollaborator(acme.repositories.core, acme.users.dave);
    github.edit.push(acme.repositories.shared, { write: { "pyproject.toml": '[project]\nname = "acme-shared"\n' } });
    const before = revision();

    const status = await sendSigned(packgate.url, "membership", {
      ...(organization && { organization: { id: acme.organization.id } }),
      action: "removed",
      team: "backend",
      member: { id: "alice" },
    });
    expect(status).toBe(202);
    await packgate.settle();
    expect(revision()).toBeGreaterThan(before);
    expectTruth(github, packgate.service);
    expect(log.messages("warn").filter((message) => !message.includes("pyproject.toml"))).toEqual([
      'A webhook "membership" has an unexpected shape at "member.id": everything is read again instead.',
    ]);
    expect(await (await fetch(`${packgate.url}/metrics`)).text()).toContain(
      'packgate_webhooks_total{event="membership",result="malformed"} 1',
    );
  });

  it("of another organization changes nothing here", async () => {
    const { github } = await began();
    github.resetCounts();
    await sendSigned(packgate.url, "membership", { organization: { id: 1 }, action: 7 });
    await packgate.settle();
    expect(github.counts).toMatchObject({ rest: 0, graphqlQueries: 0 });
  });
});
