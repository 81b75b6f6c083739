#!/usr/bin/env node
import { randomBytes, randomUUID } from "node:crypto";
import { readFileSync } from "node:fs";
import { homedir } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { systemKeyring } from "./cli/login/system-keyring.ts";
import { runCli } from "./cli/run.ts";
import type { Config } from "./config.ts";
import type { GitHubPort } from "./github/doctor/port.ts";
import type { Time } from "./github/time.ts";

const { version } = JSON.parse(readFileSync(new URL("../package.json", import.meta.url), "utf8"));
const { env, stdout, stderr } = process;
const time: Time = { now: Date.now, sleep: (milliseconds) => sleep(milliseconds) };
const readText = (path: string): string => readFileSync(path, "utf8");

// Whoever stops reading, as the head of "packgate claims | head", wants no more of it; a server goes on without its log.
for (const stream of [stdout, stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
}

try {
  // What the environment already says wins over the file.
  process.loadEnvFile();
} catch (error) {
  if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) {
    stderr.write("packgate: .env cannot be read: mend its permissions or its form.\n");
    process.exit(1);
  }
}

/** Only a server stops gracefully; every other command just ends. */
const toldToStop = (): Promise<string> =>
  new Promise((resolve) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const)
      process.once(signal, () => resolve(`Told to stop (${signal})`));
  });

process.exitCode = await runCli(
  process.argv.slice(2),
  {
    stdout,
    stderr,
    env,
    fetch,
    clock: time.now,
    isTTY: stdout.isTTY,
    cwd: process.cwd(),
    home: homedir(),
    // Native code, that only those need who log in.
    keyring: systemKeyring(() => import("@napi-rs/keyring"), process.platform),
    sleep: time.sleep,
    random: randomBytes,
  },
  {
    version,
    nodeVersion: process.versions.node,
    readFile: readText,
    readExample: (path) => readFileSync(new URL(`../examples/${path}`, import.meta.url), "utf8"),
    connect: gitHubPort,
    // Loading the server takes longer than most other commands take in all.
    serve: async () => {
      const [{ loadConfig }, { createLogger }, { serve }] = await Promise.all([
        import("./config.ts"),
        import("./logger.ts"),
        import("./serve.ts"),
      ]);
      const config = loadConfig(env, readText, stdout.isTTY);
      return serve({
        config,
        stopped: toldToStop(),
        fetch,
        // The server keeps the process alive; a read that waits for its next try must not.
        time: { now: Date.now, sleep: (milliseconds) => sleep(milliseconds, undefined, { ref: false }) },
        stopwatch: () => performance.now(),
        random: Math.random,
        uuid: randomUUID,
        log: createLogger({
          level: config.logLevel,
          destination: config.logFormat === "json" ? stdout : (await import("./pretty-log.ts")).prettyLog(stdout),
        }),
        terminal: stdout.isTTY ? stdout : undefined,
        version,
      });
    },
  },
);

async function gitHubPort(config: Config): Promise<GitHubPort> {
  const [{ connect }, { createGitHubPort }, { createLogger }] = await Promise.all([
    import("./github/connection.ts"),
    import("./github/doctor/port.ts"),
    import("./logger.ts"),
  ]);
  const { octokit } = connect({
    appId: config.appId,
    privateKey: config.privateKey(),
    webhookSecret: config.webhookSecret(),
    apiUrl: config.github.apiUrl,
    fetch,
    // The doctor tells what went wrong in its own words.
    log: createLogger({ level: "silent", destination: stderr }),
    time,
    random: Math.random,
  });
  return createGitHubPort(octokit);
}
