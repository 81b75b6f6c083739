import { createHmac, randomUUID } from "node:crypto";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, describe, expect, it, vi } from "vitest";
import { observeFetch } from "../../src/github/observed-fetch.ts";
import { captureLog } from "../github/support/log.ts";
import type { Running } from "../helpers/packgate.ts";
import { startPackgate, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";

let packgate: Running | undefined;
afterEach(async () => {
  await packgate?.stop();
  packgate = undefined;
});

const begin = async (env: Record<string, string> = {}, level = "info") => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = acmeOrganization(github);
  const log = captureLog();
  const running = await startPackgate(github, {
    env,
    surroundings: {
      log: pino({ level }, log),
      time: {
        now: Date.now,
        sleep: (milliseconds) => sleep(milliseconds > 10_000 ? milliseconds : 0, undefined, { ref: false }),
      },
    },
  });
  packgate = running;
  await running.settle();
  return { github, acme, log, running };
};
const metricsOf = async ({ url }: Running): Promise<string> => (await fetch(`${url}/metrics`)).text();

describe("while GitHub's signing secret is changed", () => {
  const PREVIOUS = "the-secret-of-last-month";

  it.each([
    { whose: "the present", secret: WEBHOOK_SECRET, status: 202 },
    { whose: "the previous", secret: PREVIOUS, status: 202 },
    { whose: "somebody else's", secret: "somebody-elses-secret", status: 401 },
  ])("a delivery signed with $whose secret is answered $status", async ({ secret, status }) => {
    const { running } = await begin({ WEBHOOK_SECRET_PREVIOUS: PREVIOUS });
    const body = "{}";
    const response = await fetch(`${running.url}/api/github/webhooks`, {
      method: "POST",
      headers: {
        "content-type": "application/json",
        "x-github-event": "ping",
        "x-github-delivery": randomUUID(),
        "x-hub-signature-256": `sha256=${createHmac("sha256", secret).update(body).digest("hex")}`,
      },
      body,
    });
    expect(response.status).toBe(status);
  });
});

describe("what went wrong", () => {
  it("with a read is in /readyz while it lasts, in the log once, and heals", async () => {
    const { github, acme, log, running } = await begin();
    github.faults.status("POST /graphql", 500, { times: 4 });
    github.edit.addTeamMember(acme.teams.platform, acme.users.bob);
    await running.settle();
    const sentence = "GitHub answered 500 to GraphQL TeamMembers.";
    expect(running.service.http.readiness()).toMatchObject({
      ready: true,
      orgs: [{ lag: expect.any(Number) }],
      problems: expect.arrayContaining([sentence]),
    });
    expect(running.service.http.readiness().orgs[0]?.lag).toBeGreaterThan(0);
    expect(log.entries().filter(({ msg }) => msg === sentence)).toMatchObject([
      { level: 40, organization: "acme", what: "team-members" },
    ]);
    github.edit.removeTeamMember(acme.teams.platform, acme.users.bob);
    await running.settle();
    expect(running.service.http.readiness().problems).toEqual([expect.stringContaining("acme/broken")]);
    expect(running.service.http.readiness().orgs[0]?.lag).toBe(0);
  });

  it("though nobody expected it is in the log with its cause, and is mended by reading again", async () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    acmeOrganization(github);
    const log = captureLog();
    let writes = 0;
    packgate = await startPackgate(github, {
      log,
      surroundings: {
        time: { now: Date.now, sleep: () => sleep(0) },
        terminal: {
          write: () => {
            writes += 1;
            if (writes === 1) throw new RangeError("the terminal is gone");
          },
        },
      },
    });
    await vi.waitFor(() => expect(packgate?.service.http.readiness().ready).toBe(true));
    const failures = log.entries().filter(({ level, err }) => level === 40 && err !== undefined);
    expect(failures).toMatchObject([
      {
        msg: expect.stringContaining("failed unexpectedly"),
        err: { type: "RangeError", message: "the terminal is gone" },
      },
    ]);
  });
});

describe("what GitHub is asked", () => {
  it("is counted, with what is left of its limits", async () => {
    const { running } = await begin();
    const metrics = await metricsOf(running);
    expect(metrics).toMatch(/packgate_github_requests_total\{kind="rest",status="200"\} [1-9]/);
    expect(metrics).toMatch(/packgate_github_requests_total\{kind="graphql",status="200"\} [1-9]/);
    expect(metrics).toMatch(/packgate_github_rate_remaining\{resource="graphql"\} \d/);
  });

  it("and never answers is counted, too", async () => {
    const { github, acme, running } = await begin();
    github.faults.down();
    github.edit.addTeamMember(acme.teams.platform, acme.users.bob);
    await running.settle();
    expect(await metricsOf(running)).toMatch(/packgate_github_requests_total\{kind="graphql",status="none"\} 4/);
  });

  it.each([
    { input: "https://ghe.example/api/graphql", kind: "graphql" },
    { input: new URL("https://ghe.example/api/v3/user"), kind: "rest" },
    { input: new Request("https://api.github.com/graphql"), kind: "graphql" },
  ])("is known for what it is: $kind", async ({ input, kind }) => {
    const seen: unknown[] = [];
    const observed = observeFetch(
      () => Promise.resolve(new Response("", { headers: { "x-ratelimit-resource": "core" } })),
      (each) => seen.push(each),
    );
    await observed(input);
    expect(seen).toEqual([{ kind, status: 200, limit: undefined }]);
  });

  it("by webhooks is told by how long it took, once everything has been read", async () => {
    const { github, acme, running } = await begin();
    expect(await metricsOf(running)).toContain("packgate_webhook_apply_seconds_count 0");
    github.edit.addTeamMember(acme.teams.platform, acme.users.bob);
    await running.settle();
    expect(await metricsOf(running)).toContain("packgate_webhook_apply_seconds_count 1");
  });
});
