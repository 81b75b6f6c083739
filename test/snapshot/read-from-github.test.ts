import { describe, expect, it, onTestFinished } from "vitest";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { expectSame } from "../properties/same.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { snapshotsIn } from "./samples.ts";

describe("what was read from GitHub", () => {
  it("comes back exactly: readers leave nothing in facts that a snapshot does not know", async () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    acmeOrganization(github);
    const packgate = await startPackgate(github);
    onTestFinished(() => packgate.stop());
    await packgate.settle();
    const organizations = packgate.service.http.organizations().map(({ id, login, view }) => {
      const { ready, facts, claims, policy, bindings, revision } = view();
      const inForce = { text: facts.policy?.value.text, policy };
      const more = { doubts: [], sweptUntil: undefined, grant: undefined };
      return { organization: { id, login }, ready, facts, claims, inForce, bindings, revision, ...more };
    });
    expect(organizations[0]?.ready).toBe(true);
    expect(organizations[0]?.claims.size).toBeGreaterThan(0);

    const { save, load, text } = await snapshotsIn();
    const saved = { writtenAt: Date.now(), followed: new Map(), organizations };
    await save(saved);
    const loaded = await load();
    expectSame(loaded, saved);

    const written = await text();
    const { app } = github;
    for (const secret of [WEBHOOK_SECRET, app.clientSecret, app.privateKey.slice(40, 80)]) {
      expect(written).not.toContain(secret);
    }
    expect(written).not.toMatch(/gh[a-z]_|PRIVATE KEY|Bearer|token/i);
  });
});
