import { chmodSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import { buildPackage, pip, twine, uv } from "./index.ts";
import type { Server } from "./packgate.ts";
import { MAIN, ready, serve, serverEnvironment } from "./packgate.ts";
import { run, start, until } from "./process.ts";
import type { Proxied } from "./proxies.ts";
import { startExample } from "./proxies.ts";
import { cleanEnvironment, emptyFolder } from "./tools.ts";

/**
 * The login as somebody new does it: the built CLI, a code that is entered in a browser, and then pip and uv, which are
 * told nothing but where the index is. nginx stands in front of pypiserver, and hands `/_/` to Packgate.
 */
describe("packgate login", () => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  github.devices.settings.interval = 1;
  const acme = acmeOrganization(github);
  const home = emptyFolder();
  let api: Awaited<ReturnType<typeof github.listen>>;
  let packgate: Server;
  let behind: Proxied;
  let index: Proxied;
  let env: Record<string, string>;

  beforeAll(async () => {
    api = await github.listen();
    packgate = serve(await serverEnvironment(github, api.url));
    github.deliverTo(`${packgate.url}/api/github/webhooks`);
    await ready(packgate);
    // A pypiserver that asks nobody; nginx stands in front of it here.
    behind = await startExample("haproxy-pypiserver", packgate.url);
    index = await startExample("nginx-static", packgate.url, { INDEX: behind.index });
    const token = github.tokenFor(acme.users.alice.id);
    const uploaded = await twine(index, { login: "alice", token }, ...(await buildPackage("acme-core", "1.0")));
    if (uploaded.code !== 0) throw new Error(uploaded.output);
    // What "packgate" and "keyring" on PATH are, as docs/login.md says.
    const bin = join(home, "bin");
    mkdirSync(bin);
    script(join(bin, "packgate"), `exec "${process.execPath}" "${MAIN}" "$@"`);
    script(join(bin, "keyring"), 'exec packgate keyring "$@"');
    const clean = cleanEnvironment(home);
    env = { ...clean, PATH: `${bin}:${clean["PATH"] ?? ""}`, PACKGATE_URL: index.url, UV_HTTP_RETRIES: "0" };
  });
  afterAll(async () => {
    await Promise.all([index.stop(), behind.stop(), packgate.stop()]);
    await api.close();
  });

  const cli = (...argv: readonly string[]) => run("packgate", argv, { cwd: home, env });
  /** An address, with what there is for whoever logged in here. */
  const at = (url: string) => ({ url, env });
  const asToken = () => index.url.replace("//", "//__token__@");

  it("asks for a code, and is logged in when somebody has entered it", async () => {
    const login = start("packgate", ["login", "--netrc"], { cwd: home, env });
    await until("a code is shown", () => /enter the code [A-Z-]{9}\n/.test(login.output()) || login.output());
    const [, address = "", code = ""] = /^Open (\S+) and enter the code (\S+)$/m.exec(login.output()) ?? [];
    expect(address).toBe(`${api.url}/login/device`);
    github.devices.approve(code, acme.users.alice.id);
    expect(await login.ended).toBe(0);
    expect(login.output()).toContain(`Logged in to ${new URL(index.url).host} for 12 h`);
    expect(login.output()).not.toMatch(/pgt_|gh[a-z]_/);
  });

  it("lets pip and uv install by netrc", async () => {
    expect(await pip(at(index.url), undefined, "acme-core")).toMatchObject({ code: 0 });
    expect(await uv(at(index.url), undefined, "acme-core")).toMatchObject({ code: 0 });
    // Not because anybody could.
    const stranger = { url: index.url, env: { ...env, HOME: emptyFolder() } };
    expect((await pip(stranger, undefined, "acme-core")).code).not.toBe(0);
  });

  it("lets twine upload with what packgate token prints", async () => {
    const { code, output } = await cli("token");
    expect([code, output.split("\n").length]).toEqual([0, 2]);
    const token = output.trim();
    const files = await buildPackage("acme-core", "1.1");
    expect(await twine(index, { login: "__token__", token }, ...files)).toMatchObject({ code: 0 });
  });

  it("answers pip and uv in the place of the keyring command", async () => {
    const netrc = readFileSync(join(home, ".netrc"), "utf8");
    // pip and uv look for no password in netrc here; only the command does.
    const elsewhere = join(home, "netrc");
    writeFileSync(elsewhere, netrc, { mode: 0o600 });
    script(join(home, "bin", "keyring"), `NETRC="${elsewhere}" exec packgate keyring "$@"`);
    writeFileSync(join(home, ".netrc"), "", { mode: 0o600 });
    const provider = "--keyring-provider=subprocess";
    const [byPip, byUv] = [
      await pip(at(asToken()), undefined, provider, "acme-core"),
      await uv(at(asToken()), undefined, provider, "acme-core"),
    ];
    expect(byPip).toMatchObject({ code: 0 });
    expect(byUv).toMatchObject({ code: 0 });
    // pip asks the command for a name, too, when the URL has none.
    expect(await pip(at(index.url), undefined, provider, "acme-core")).toMatchObject({ code: 0 });
    expect((await pip(at(index.url), undefined, "acme-core")).code).not.toBe(0);
    writeFileSync(join(home, ".netrc"), netrc, { mode: 0o600 });
  });

  it("is over for pip as soon as its owner has left the team", async () => {
    github.edit.removeTeamMember(acme.teams.backend, acme.users.alice);
    await github.settle();
    expect((await pip(at(index.url), undefined, "acme-core")).code).not.toBe(0);
    github.edit.addTeamMember(acme.teams.backend, acme.users.alice);
    await until("she is back", async () => (await pip(at(index.url), undefined, "acme-core")).code === 0);
  });

  it("is over for good after packgate logout", async () => {
    const token = (await cli("token")).output.trim();
    expect(await cli("logout")).toEqual({ code: 0, output: `Logged out of ${new URL(index.url).host}\n` });
    expect((await pip(at(index.url), undefined, "acme-core")).code).not.toBe(0);
    expect(await packgate.ask({ package: "acme-core", action: "read", token })).toMatchObject({
      status: 401,
      body: { reason: "invalid-token" },
    });
    expect(await cli("token")).toMatchObject({ code: 1, output: expect.stringContaining("nobody is logged in") });
  });

  it("says what to do where there is no keyring", async () => {
    const { code, output } = await cli("login");
    expect([code, output]).toEqual([1, expect.stringContaining("run packgate login --netrc")]);
  });
});

function script(path: string, line: string): void {
  writeFileSync(path, `#!/bin/sh\n${line}\n`);
  chmodSync(path, 0o755);
}
