import { once } from "node:events";
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import { pino } from "pino";
import { afterEach, describe, expect, it } from "vitest";
import { loadConfig } from "../../src/config.ts";
import { serve } from "../../src/serve.ts";
import { captureLog } from "../github/support/log.ts";
import { environmentFor, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";

const cleanup: (() => Promise<unknown>)[] = [];
afterEach(async () => {
  for (const clean of cleanup.splice(0)) await clean();
});

/** `serve` in this process. */
function run(env: Readonly<Record<string, string>> = {}) {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  acmeOrganization(github);
  const log = captureLog();
  let stop: ((reason: string) => void) | undefined;
  const stopped = new Promise<string>((resolve) => {
    stop = resolve;
  });
  const exit = serve({
    config: loadConfig({ ...environmentFor(github), PORT: "0", ...env }, () => ""),
    stopped,
    fetch: github.fetch,
    time: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds, undefined, { ref: false }) },
    stopwatch: () => performance.now(),
    random: Math.random,
    uuid: () => "an-id",
    log: pino({ level: "info" }, log),
    terminal: undefined,
    version: "0.0.0",
  });
  return { github, log, exit, stop: (reason: string) => stop?.(reason) };
}

describe("serving", () => {
  it("ends with 0 when it is told to stop", async () => {
    const { log, exit, stop } = run();
    stop("Told to stop (by a test)");
    expect(await exit).toBe(0);
    expect(log.messages()).toContainEqual(expect.stringMatching(/^Listening on http:\/\/127\.0\.0\.1:/));
    expect(log.messages()).toContain("Told to stop (by a test): finishing what is in flight.");
  });

  it("ends with 1 and one sentence when GitHub refuses the App", async () => {
    const { log, exit } = run({ APP_ID: "99" });
    expect(await exit).toBe(1);
    expect(log.messages("fatal")).toEqual([expect.stringContaining("check APP_ID")]);
  });

  it("ends with 0, too, while the first look at GitHub goes badly", async () => {
    const { github, log, exit, stop } = run();
    github.faults.status("GET /app/installations", 500, { times: 99 });
    stop("enough");
    expect(await exit).toBe(0);
    expect(log.messages("fatal")).toEqual([]);
  });

  it("says that nobody may ask, and what to do", async () => {
    const { log, exit, stop } = run({ PACKGATE_INDEX_CLIENTS: "" });
    stop("enough");
    await exit;
    expect(log.messages("warn")).toContain(
      "PACKGATE_INDEX_CLIENTS is empty, so nobody may ask for decisions: add name:secret for your index.",
    );
  });

  it("passes on what the configuration warns of", async () => {
    const { log, exit, stop } = run({ PACKGATE_ORGZ: "acme" });
    stop("enough");
    await exit;
    expect(log.messages("warn")).toContainEqual(expect.stringContaining("PACKGATE_ORGS"));
  });

  it("writes an IPv6 address so that it can be followed", async () => {
    const { log, exit, stop } = run({ HOST: "::1" });
    stop("enough");
    await exit;
    expect(log.messages()).toContainEqual(expect.stringMatching(/^Listening on http:\/\/\[::1\]:/));
  });
});

describe("an address that cannot be had", () => {
  it("because the port is in use", async () => {
    const other = createServer().listen(0, "127.0.0.1");
    await once(other, "listening");
    cleanup.push(() => new Promise((resolve) => other.close(resolve)));
    const address = other.address();
    const port = typeof address === "object" ? (address?.port ?? 0) : 0;
    const { log, exit } = run({ PORT: String(port) });
    expect(await exit).toBe(1);
    expect(log.messages("fatal")).toEqual([
      `Port ${port} is in use: stop the other program, or set PORT to a free one.`,
    ]);
  });

  it("because it is not this machine's", async () => {
    const { log, exit } = run({ HOST: "192.0.2.1" });
    expect(await exit).toBe(1);
    expect(log.messages("fatal")).toEqual([
      "This machine has no address 192.0.2.1: set HOST to one it has, such as 127.0.0.1.",
    ]);
  });
});
