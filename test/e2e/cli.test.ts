import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INDEX_SECRET, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import type { Server } from "./packgate.ts";
import { cli, MAIN, ready, serve, serverEnvironment } from "./packgate.ts";
import { run } from "./process.ts";
import { emptyFolder } from "./tools.ts";

/** The verbs as a person or a script types them, against a running server. */
describe("packgate VERB", () => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  acmeOrganization(github);
  let api: Awaited<ReturnType<typeof github.listen>>;
  let server: Server;

  beforeAll(async () => {
    api = await github.listen();
    server = serve(await serverEnvironment(github, api.url));
    await ready(server);
  });
  afterAll(async () => {
    await server.stop();
    await api.close();
  });

  it.each([
    [["check", "alice", "upload", "acme-core"], 0, /allow.*alice may upload acme-core/],
    [["check", "bob", "upload", "Acme.Core"], 3, /deny.*bob may not upload acme-core/],
    [["check", "alice", "upload"], 2, /needs PACKAGE/],
    [["check", "alice", "shred", "acme-core"], 2, /shred|action/],
    [["explain", "alice", "upload", "acme-core"], 0, /platform/],
    [["explain", "bob", "upload", "acme-core"], 3, /write/],
    [["who-can", "upload", "acme-core"], 0, /alice[\s\S]*carol[\s\S]*dave/],
    [["what-can", "bob"], 0, /acme-site/],
    [["claims"], 0, /acme-alpha/],
    [["claims", "--toml"], 0, /\[packages\.acme-core\]/],
    [["status"], 0, /acme/],
    [["stauts"], 2, /did you mean status/],
    [["help"], 0, /who-can/],
  ] as const)("%j", async (args, code, says) => {
    const result = await cli(server, ...args);
    expect(result.output).toMatch(says);
    expect(result.code).toBe(code);
  });

  it("speaks JSON to machines", async () => {
    const { code, output } = await cli(server, "check", "alice", "upload", "acme-core", "--json");
    expect(JSON.parse(output)).toMatchObject({ decision: "allow", reason: "team", repository: "acme/core" });
    expect(code).toBe(0);
  });

  it("is silent when nobody reads on", async () => {
    const told = 'read -r _ <gone; "$0" "$1" help 2>&3; echo "code $?" >&3';
    const line = `mkfifo gone; { { ${told}; } | { exec <&-; echo >gone; }; } 3>&1`;
    const { output } = await run("sh", ["-c", line, process.execPath, MAIN], { cwd: emptyFolder() });
    expect(output).toBe("code 0\n");
  });

  it("says what to do when nobody answers", async () => {
    const { code, output } = await cli({ url: "http://127.0.0.1:9" }, "status");
    expect(output).toContain("cannot reach Packgate");
    expect(code).toBe(1);
  });

  it("examines the App on GitHub and the server", async () => {
    const env = { ...server.env, PACKGATE_URL: server.url, PACKGATE_KEY: INDEX_SECRET };
    const { code, output } = await run(process.execPath, [MAIN, "doctor", "--json"], { cwd: emptyFolder(), env });
    const findings: { checks: { status: string; check: string; message: string }[] } = JSON.parse(output);
    expect(findings.checks.filter(({ status }) => status === "fail")).toEqual([]);
    expect(code).toBe(0);
  });

  it("finds a wrong key", async () => {
    const env = { ...server.env, APP_ID: "1", PACKGATE_URL: server.url, PACKGATE_KEY: INDEX_SECRET };
    const { code, output } = await run(process.execPath, [MAIN, "doctor"], { cwd: emptyFolder(), env });
    expect(output).toMatch(/fail\s.*/);
    expect(code).toBe(1);
  });
});
