import { once } from "node:events";
import { createServer } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { cli, ready, serve, serverEnvironment } from "./packgate.ts";

/** The built program as a process: how it begins, how it ends, and how it refuses to begin. */
describe("packgate serve", () => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = acmeOrganization(github);
  let api: Awaited<ReturnType<typeof github.listen>>;
  let env: Record<string, string>;

  beforeAll(async () => {
    api = await github.listen();
    env = await serverEnvironment(github, api.url);
  });
  afterAll(() => api.close());

  it("finishes what is in flight when it is told to stop, and ends with 0", async () => {
    const server = serve(env);
    await ready(server);
    const gate = github.faults.pause("GET /user");
    const password = github.tokenFor(acme.users.alice.id);
    const asked = server.ask({
      package: "acme-core",
      action: "upload",
      credentials: { username: "alice", password },
    });
    await gate.arrived;
    server.signal("SIGTERM");
    gate.resume();
    expect(await asked).toMatchObject({ status: 200, body: { decision: "allow" } });
    expect(await server.ended).toBe(0);
    expect(server.output()).not.toContain(password);
  });

  it("says so when its port is in use, and ends with 1", async () => {
    const other = createServer().listen(Number(env["PORT"]), "127.0.0.1");
    await once(other, "listening");
    const server = serve(env);
    expect(await server.ended).toBe(1);
    expect(server.output()).toContain(`Port ${env["PORT"] ?? ""} is in use`);
    other.close();
  });

  it("tells all faults of its configuration at once, with the variables' names, and ends with 1", async () => {
    const broken = { ...env, APP_ID: "many", WEBHOOK_SECRET: "short", PRIVATE_KEY: "none", PORT: "70000" };
    const server = serve(broken);
    expect(await server.ended).toBe(1);
    const lines = server.output().trim().split("\n");
    expect(lines).toHaveLength(4);
    for (const variable of ["APP_ID", "PORT", "PRIVATE_KEY", "WEBHOOK_SECRET"]) {
      expect(lines.filter((line) => line.includes(`${variable} `))).toHaveLength(1);
    }
  });

  it("ends with 1 when GitHub refuses the App's key", async () => {
    const elsewhere = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    const stranger = { ...env, APP_ID: String(elsewhere.app.id + 1) };
    const server = serve(stranger);
    expect(await server.ended).toBe(1);
    expect(server.output()).toMatch(/APP_ID|PRIVATE_KEY/);
  });

  it("is unknown, not denied, while GitHub cannot be reached", async () => {
    const server = serve({ ...env, GITHUB_API_URL: "http://127.0.0.1:9" });
    try {
      await expect
        .poll(() => server.ask({ package: "acme-core", action: "read", user: "alice" }).catch(String), {
          timeout: 20_000,
        })
        .toMatchObject({ status: 503, body: { decision: "unknown" } });
      expect((await cli(server, "check", "alice", "read", "acme-core")).code).toBe(4);
    } finally {
      expect(await server.stop()).toBe(0);
    }
  });
});
