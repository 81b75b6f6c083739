import { createHmac } from "node:crypto";
import { createServer, type IncomingHttpHeaders } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { acmeOrganization } from "./acme.ts";
import { appClient, pick, pluck } from "./client.ts";
import { createSimulator } from "./simulator.ts";
import type { Event } from "./webhooks/hook.ts";

const secret = "a-secret-of-the-tests";

const setUp = () => {
  const github = createSimulator({ webhookSecret: secret });
  const { organization } = acmeOrganization(github);
  const seen: Event[] = [];
  github.deliverTo((delivery) => {
    seen.push(delivery);
    return Promise.resolve(200);
  });
  const add = (login: string): void => github.edit.addMember(organization, github.edit.createUser(login));
  const logins = (): unknown[] => seen.map((event) => pick(event.payload, "membership", "user", "login"));
  return { github, add, seen, logins };
};

describe("a webhook over HTTP", () => {
  const received: { headers: IncomingHttpHeaders; body: string }[] = [];
  let status = 202;
  const server = createServer((request, response) => {
    let body = "";
    request.on("data", (chunk) => (body += String(chunk)));
    request.on("end", () => {
      received.push({ headers: request.headers, body });
      response.writeHead(status).end();
    });
  });
  let url = "";
  beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    url = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}/hook` : "";
  });
  afterAll(() => server.close());

  it("is signed, and says what it is", async () => {
    const github = createSimulator({ webhookSecret: secret });
    const { teams, users, organization } = acmeOrganization(github);
    github.deliverTo(url);
    github.edit.addTeamMember(teams.docs, users.alice);
    await github.settle();
    const [delivery] = received;
    const signature = createHmac("sha256", secret)
      .update(delivery?.body ?? "")
      .digest("hex");
    expect(delivery?.headers).toMatchObject({
      "content-type": "application/json",
      "user-agent": expect.stringMatching(/^GitHub-Hookshot\//) as string,
      "x-github-delivery": expect.stringMatching(/^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/) as string,
      "x-github-event": "membership",
      "x-github-hook-id": String(github.app.hookId),
      "x-github-hook-installation-target-id": String(github.app.id),
      "x-github-hook-installation-target-type": "integration",
      "x-hub-signature-256": `sha256=${signature}`,
    });
    const payload: unknown = JSON.parse(delivery?.body ?? "");
    expect([pick(payload, "action"), pick(payload, "member", "login"), pick(payload, "installation", "id")]).toEqual([
      "added",
      "alice",
      organization.installation?.id,
    ]);
  });

  it("that is refused stays in the log as a failure, and can be sent again under its GUID", async () => {
    const github = createSimulator({ webhookSecret: secret, validate: true });
    const { teams, users } = acmeOrganization(github);
    const app = appClient(github);
    github.deliverTo(url);
    status = 500;
    github.edit.addTeamMember(teams.docs, users.alice);
    await github.settle();
    status = 202;
    const failed = (await app("GET /app/hook/deliveries?status=failure")).body;
    expect([pick(failed, 0, "status"), pick(failed, 0, "status_code")]).toEqual(["Invalid HTTP Response: 500", 500]);
    expect(pluck((await app("GET /app/hook/deliveries?status=success")).body, "id")).toEqual([]);

    const id = String(pick(failed, 0, "id"));
    expect(pick((await app(`GET /app/hook/deliveries/${id}`)).body, "request", "payload", "action")).toBe("added");
    expect((await app(`POST /app/hook/deliveries/${id}/attempts`)).status).toBe(202);
    await github.settle();
    const log = (await app("GET /app/hook/deliveries")).body;
    expect(pluck(log, "redelivery")).toEqual([true, false]);
    expect(pluck(log, "status")).toEqual(["OK", "Invalid HTTP Response: 500"]);
    expect(new Set(pluck(log, "guid")).size).toBe(1);
    expect(github.violations).toEqual([]);
  });

  it("that nobody answers is a failure, too", async () => {
    const github = createSimulator({ webhookSecret: secret });
    const { teams, users } = acmeOrganization(github);
    github.deliverTo("http://127.0.0.1:1/nobody");
    github.edit.addTeamMember(teams.docs, users.alice);
    await github.settle();
    expect(github.deliveries.map(({ status, statusCode }) => [status, statusCode])).toEqual([
      ["failed to connect to host", 502],
    ]);
  });
});

describe("the log of deliveries", () => {
  it("is read newest first, by cursor, for three days", async () => {
    let now = Date.UTC(2026, 0, 1);
    const github = createSimulator({ webhookSecret: secret, clock: () => now });
    const { organization } = acmeOrganization(github);
    const app = appClient(github);
    for (let n = 0; n < 5; n += 1) {
      github.edit.addMember(organization, github.edit.createUser(`new-${n}`));
      await github.settle();
      now += 12 * 3_600_000;
    }
    const first = await app("GET /app/hook/deliveries?per_page=3");
    const next = /<([^>]+)>; rel="next"/.exec(first.headers.get("link") ?? "")?.[1];
    const second = await app(`GET ${next}`);
    const all = [...pluck(first.body, "id"), ...pluck(second.body, "id")].map(Number);
    expect(all).toHaveLength(5);
    expect(all).toEqual(all.toSorted((a, b) => b - a));
    expect(second.headers.get("link")).toBeNull();
    now += 24 * 3_600_000;
    expect(pluck((await app("GET /app/hook/deliveries")).body, "id")).toHaveLength(4);
    expect((await app("GET /app/hook/deliveries?cursor=x")).status).toBe(400);
  });

  it("never sees a payload above 25 MB", async () => {
    const github = createSimulator({ webhookSecret: secret });
    const { repositories } = acmeOrganization(github);
    const write = Object.fromEntries(Array.from({ length: 2500 }, (_, n) => [`${n}/${"x".repeat(12_000)}`, ""]));
    github.edit.push(repositories.core, { write });
    await github.settle();
    expect(github.deliveries).toEqual([]);
  });

  it("lists no more than 3,000 files of a commit", async () => {
    const github = createSimulator({ webhookSecret: secret });
    const { repositories } = acmeOrganization(github);
    github.edit.push(repositories.core, {
      write: Object.fromEntries(Array.from({ length: 3500 }, (_, n) => [`file-${n}`, ""])),
    });
    await github.settle();
    expect(pick(github.deliveries[0]?.payload, "commits", 0, "added")).toHaveLength(3000);
  });
});

describe("faults of delivery", () => {
  it("lose: the next n do not arrive, and the log says so", async () => {
    const { github, add, logins } = setUp();
    github.faults.lose(2);
    for (const login of ["a", "b", "c"]) add(login);
    await github.settle();
    expect(logins()).toEqual(["c"]);
    expect(github.deliveries.map((each) => each.status).toSorted()).toEqual([
      "OK",
      "failed to connect to host",
      "failed to connect to host",
    ]);
  });

  it("drop: those a predicate picks are not even in the log, until it ends", async () => {
    const { github, add, logins } = setUp();
    const fault = github.faults.drop((event) => event.event === "organization");
    add("a");
    fault.end();
    add("b");
    await github.settle();
    expect(logins()).toEqual(["b"]);
    expect(github.deliveries).toHaveLength(1);
  });

  it("repeat: twice under one GUID", async () => {
    const { github, add, seen, logins } = setUp();
    github.faults.repeat(1);
    add("a");
    add("b");
    await github.settle();
    expect(logins()).toEqual(["a", "a", "b"]);
    expect(new Set(seen.map((event) => event.guid)).size).toBe(2);
  });

  it("hold and release: later, and in another order", async () => {
    const { github, add, logins } = setUp();
    github.faults.hold();
    for (const login of ["a", "b", "c"]) add(login);
    await github.settle();
    expect([logins(), github.faults.held().length]).toEqual([[], 3]);
    github.faults.release((held) => held.toReversed());
    add("d");
    await github.settle();
    expect(logins()).toEqual(["c", "b", "a", "d"]);
  });

  it("clear ends all of them", async () => {
    const { github, add, logins } = setUp();
    github.faults.lose(() => true);
    github.faults.hold();
    add("a");
    github.faults.clear();
    await github.settle();
    expect(logins()).toEqual(["a"]);
  });
});
