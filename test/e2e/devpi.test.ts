import type { IncomingMessage, Server as HttpServer } from "node:http";
import { createServer } from "node:http";
import { once } from "node:events";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import type { Credentials } from "./index.ts";
import { buildPackage, twine } from "./index.ts";
import type { Server } from "./packgate.ts";
import { ready, serve, serverEnvironment } from "./packgate.ts";
import { freePort, run, until } from "./process.ts";
import type { Proxied } from "./proxies.ts";
import { knock, startExample } from "./proxies.ts";
import { cleanEnvironment, emptyFolder, tool } from "./tools.ts";

const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
const acme = acmeOrganization(github);
const signedIn = ({ id, login }: { id: number; login: string }): Credentials => ({ login, token: github.tokenFor(id) });
// Writes to acme-core and acme-alpha; reads acme-core alone.
const [alice, bob] = [signedIn(acme.users.alice), signedIn(acme.users.bob)];

let api: Awaited<ReturnType<typeof github.listen>>;
let packgate: Server;

beforeAll(async () => {
  github.edit.setTeamRepository(acme.teams.docs, acme.repositories.site, "read");
  api = await github.listen();
  packgate = serve(await serverEnvironment(github, api.url));
  github.deliverTo(`${packgate.url}/api/github/webhooks`);
  await ready(packgate);
});
afterAll(async () => {
  await packgate.stop();
  await api.close();
});

describe("examples/devpi", () => {
  let devpi: Proxied;
  beforeAll(async () => {
    devpi = await startExample("devpi", packgate.url);
    await until("the index is there", async () => {
      const { status } = await knock(`http://${devpi.index}`, "/acme/dev/+simple/");
      return status === 200 || `${status}\n${devpi.output().slice(-2000)}`;
    });
  });
  afterAll(() => devpi.stop());

  const install = ({ login, token }: Credentials, name: string): Promise<{ code: number; output: string }> => {
    const index = `${devpi.url.replace("//", `//${login}:${token}@`)}/acme/dev/+simple/`;
    const options = ["--retries=0", "--no-deps", `--target=${emptyFolder()}`, `--index-url=${index}`];
    return run(tool("pip"), ["install", ...options, name], { env: cleanEnvironment() });
  };

  it("lets pip install what somebody may read of one index, and nothing else", async () => {
    const [core, alpha] = await Promise.all(["acme-core", "acme-alpha"].map((name) => buildPackage(name, "1.0")));
    const index = { url: `${devpi.url}/acme/dev` };
    expect((await twine(index, bob, ...(core ?? []))).code).not.toBe(0);
    expect(await twine(index, alice, ...(core ?? []))).toMatchObject({ code: 0 });
    expect(await twine(index, alice, ...(alpha ?? []))).toMatchObject({ code: 0 });

    const [allowed, denied, owner] = await Promise.all([
      install(bob, "acme-core"),
      install(bob, "acme-alpha"),
      install(alice, "acme-alpha"),
    ]);
    expect(allowed).toMatchObject({ code: 0 });
    expect(denied.code).not.toBe(0);
    expect(owner).toMatchObject({ code: 0 });
    const base = "/acme/dev/+simple/acme-alpha/";
    const [, link = ""] = /href="([^"]+)"/.exec((await knock(devpi.url, base, { who: alice })).text) ?? [];
    const path = new URL(link, devpi.url + base).pathname;
    expect(path).toMatch(/^\/acme\/dev\/\+f\/.+\/acme_alpha-1\.0/);
    expect((await knock(devpi.url, path, { who: alice })).status).toBe(200);
    expect((await knock(devpi.url, path, { who: bob })).status).toBe(403);
  });

  it("lets nobody sign in to devpi itself, replace or delete", async () => {
    const body = JSON.stringify({ user: "root", password: "" });
    const headers = { "content-type": "application/json", "content-length": String(body.length) };
    expect((await knock(devpi.url, "/+login", { method: "POST", who: alice, headers, body })).status).toBe(403);
    expect((await knock(devpi.url, "/acme/dev/acme-core", { method: "DELETE", who: alice })).status).toBe(403);
    expect((await knock(devpi.url, "/acme/dev", { method: "DELETE", who: alice })).status).toBe(403);
  });
});

/** Pulp takes containers to run; so nginx is the real one, and what it hands on is looked at. */
describe("examples/pulp", () => {
  let pulp: HttpServer;
  let proxy: Proxied;
  let handed: IncomingMessage[] = [];
  beforeAll(async () => {
    const port = await freePort();
    pulp = createServer((request, response) => {
      handed.push(request);
      request.resume();
      response.end("Pulp");
    }).listen(port, "127.0.0.1");
    await once(pulp, "listening");
    proxy = await startExample("pulp", packgate.url, { INDEX: `127.0.0.1:${port}` }, "/pypi/prod/simple/");
  });
  afterAll(async () => {
    await proxy.stop();
    pulp.close();
  });

  it.each([
    ["GET", "/pypi/prod/simple/acme-core/", bob, 200],
    ["GET", "/pypi/prod/simple/", bob, 200],
    ["GET", "/pypi/prod/pypi/acme-core/json", bob, 200],
    ["GET", "/pypi/prod/integrity/acme-core/1.0/acme_core-1.0.tar.gz/provenance", bob, 200],
    ["GET", "/pulp/content/prod/acme_core-1.0-py3-none-any.whl", bob, 200],
    ["POST", "/pypi/prod/legacy/", alice, 200],
    ["POST", "/pypi/prod/legacy/", bob, 403],
    ["GET", "/pypi/prod/simple/acme-alpha/", bob, 403],
    ["GET", "/pulp/content/prod/acme_alpha-1.0-py3-none-any.whl", bob, 403],
    ["GET", "/pulp/api/v3/status/", alice, 403],
  ] as const)("%s %s", async (method, path, who, status) => {
    handed = [];
    const forged = { "X-Authentication-Service": "Zm9yZ2Vk", "X-Package-Authz": "Zm9yZ2Vk" };
    const headers = { ...forged, ...(method === "POST" && { "content-length": "2" }) };
    const answer = await knock(proxy.url, path, { method, who, headers, ...(method === "POST" && { body: "{}" }) });
    expect(answer.status).toBe(status);
    expect(handed).toHaveLength(status === 200 ? 1 : 0);
    for (const request of handed) {
      const service = Buffer.from(String(request.headers["x-authentication-service"]), "base64").toString();
      expect(JSON.parse(service)).toEqual({ identity: { user: { username: who.login } } });
      expect(Buffer.from(String(request.headers["x-package-authz"]), "base64").toString()).toBe("allow");
      expect(request.headers.authorization).toBeUndefined();
      expect(request.url).toBe(path);
    }
  });
});
