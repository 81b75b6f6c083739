import { afterEach, describe, expect, it } from "vitest";
import { environmentFor, INDEX_SECRET, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import type { Packgate } from "./process.ts";
import { runServe } from "./process.ts";

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0).toReversed()) await clean();
});

/** A simulated GitHub over HTTP, and what a process needs to be told of it. */
async function simulate() {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = acmeOrganization(github);
  const { url, close } = await github.listen();
  cleanup.push(close);
  return { github, acme, env: { ...environmentFor(github), GITHUB_API_URL: url, PORT: "0" } };
}

function serve(env: Readonly<Record<string, string>>, dotenv?: string): Packgate {
  const packgate = runServe(env, dotenv);
  cleanup.push(packgate.clean);
  return packgate;
}

const authorize = (base: string, question: object) =>
  fetch(`${base}/authorize`, {
    method: "POST",
    headers: { authorization: `Bearer ${INDEX_SECRET}`, "content-type": "application/json" },
    body: JSON.stringify(question),
  });

describe("packgate serve, as a process", () => {
  it.each(["SIGTERM", "SIGINT"] as const)("finishes what is in flight on %s, and exits with 0", async (signal) => {
    const { github, acme, env } = await simulate();
    const packgate = serve(env);
    await packgate.says("Everything is read: serving acme.");
    const verifying = github.faults.pause("GET /user", "before");
    const password = github.tokenFor(acme.users.alice.id);
    const question = { package: "acme-core", action: "upload", credentials: { username: "alice", password } };
    const asked = authorize(await packgate.url(), question);
    await verifying.arrived;
    packgate.signal(signal);
    await packgate.says(`Told to stop (${signal}): finishing what is in flight.`);
    verifying.resume();
    const reply = await asked;
    expect({ status: reply.status, body: await reply.json() }).toMatchObject({
      status: 200,
      body: { decision: "allow" },
    });
    expect(await packgate.exit).toBe(0);
  });

  it("exits with 0 while GitHub keeps it waiting", async () => {
    const { github, env } = await simulate();
    github.faults.primaryLimit("POST /graphql", { times: 1000, resetIn: 1800 });
    const packgate = serve(env);
    await packgate.says("GitHub limits our requests");
    packgate.signal("SIGTERM");
    expect(await packgate.exit).toBe(0);
    expect(packgate.output()).not.toContain("unsettled");
  });

  it("exits with 0 while GitHub is down", async () => {
    const { github, env } = await simulate();
    github.faults.down();
    const packgate = serve(env);
    await packgate.says("GitHub cannot be reached");
    packgate.signal("SIGTERM");
    expect(await packgate.exit).toBe(0);
  });

  it("reads .env, which the environment overrules", async () => {
    const { env } = await simulate();
    const fromFile = Object.entries(env).filter(([name]) => name === "APP_ID" || name === "WEBHOOK_SECRET");
    const fromProcess = Object.entries(env).filter((entry) => !fromFile.includes(entry));
    const lines = fromFile.map(([name, value]) => `${name}=${value}\n`).join("");
    const packgate = serve(Object.fromEntries(fromProcess), `${lines}PORT=1\n`);
    expect(await packgate.url()).toMatch(/^http:\/\/127\.0\.0\.1:\d{2,}$/);
    await packgate.says("Everything is read: serving acme.");
    expect(packgate.output()).not.toContain("has no effect");
  });
});
