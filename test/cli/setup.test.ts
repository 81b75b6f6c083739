import { once } from "node:events";
import { chmod, lstat, mkdir, mkdtemp, readdir, readFile, rm, stat, symlink, writeFile } from "node:fs/promises";
import { createServer, request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { parseEnv } from "node:util";
import { generateKeyPairSync } from "node:crypto";

import { afterEach, beforeEach, describe, expect, it } from "vitest";

import type { Io } from "../../src/cli/io.ts";
import { formPage } from "../../src/cli/setup/page.ts";
import { loadConfig } from "../../src/config.ts";
import { CANARY, expectNoSecret, run } from "./terminal.ts";

const { privateKey: PEM } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

const APP = {
  id: 4242,
  slug: "packgate-acme",
  html_url: "https://github.com/apps/packgate-acme",
  client_id: "Iv23simulated",
  client_secret: `${CANARY}-client`,
  webhook_secret: `${CANARY}-webhook`,
  pem: PEM,
  owner: { login: "acme" },
};

let cwd = "";
beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "packgate-setup-"));
});
afterEach(async () => rm(cwd, { recursive: true, force: true }));

const file = () => join(cwd, ".env");
const OPTIONS = ["--org", "Acme", "--public-url", "https://packgate.acme.example/"];

/** A GitHub that converts each code once. */
function fakeGitHub(reply: { status?: number; body?: unknown } = {}) {
  const asked: string[] = [];
  const fetch: Io["fetch"] = (input, init) => {
    const line = `${init?.method} ${input instanceof Request ? input.url : input.toString()}`;
    const used = asked.includes(line);
    asked.push(line);
    const status = used ? 404 : (reply.status ?? 201);
    const body = typeof reply.body === "string" ? reply.body : JSON.stringify(reply.body ?? APP);
    return Promise.resolve(new Response(body, { status }));
  };
  return { asked, fetch };
}

/** Runs `packgate setup` and gives the test the browser's chair. */
async function setup(
  options: readonly string[],
  visit: (page: string) => Promise<unknown>,
  io: Partial<Io> = {},
): Promise<{ code: number; out: string; err: string }> {
  let printed = "";
  const address = signal<string>();
  const write = (text: string) => {
    printed += text;
    const [url] = /http:\/\/\S+/.exec(text) ?? [];
    if (url !== undefined) address.give(url);
  };
  const ended = run(["setup", ...options], { cwd, env: {}, stderr: { write }, random, ...io });
  const early = ended.then(() => Promise.reject(new Error(`setup ended before the visit: ${printed}`)));
  await Promise.race([address.given, early]).then(visit);
  const result = await ended;
  expectNoSecret(printed);
  return { ...result, err: printed };
}

function signal<T>(): { given: Promise<T>; give: (value: T) => void } {
  const resolvers: ((value: T) => void)[] = [];
  const given = new Promise<T>((resolve) => void resolvers.push(resolve));
  return { given, give: (value) => resolvers.forEach((resolve) => resolve(value)) };
}

/** Distinct, so that one cannot stand for another. */
let drawn = 0;
const random = (bytes: number) => Buffer.alloc(bytes, (drawn += 1));

interface Form {
  readonly html: string;
  readonly action: URL;
  readonly manifest: Record<string, unknown>;
  readonly headers: Headers;
}

async function openForm(page: string): Promise<Form> {
  const response = await fetch(page);
  expect(response.status).toBe(200);
  const html = await response.text();
  const attribute = (pattern: RegExp) => unescape(pattern.exec(html)?.[1] ?? "");
  return {
    html,
    headers: response.headers,
    action: new URL(attribute(/action="([^"]*)"/)),
    manifest: JSON.parse(attribute(/name="manifest" value="([^"]*)"/)),
  };
}

function unescape(html: string): string {
  return html.replaceAll("&quot;", '"').replaceAll("&#39;", "'").replaceAll("&lt;", "<").replaceAll("&amp;", "&");
}

/** What GitHub does after the owner's click. */
async function comeBack({ action, manifest }: Form, code = "c0de-1", state?: string): Promise<Response> {
  const back = new URL(String(manifest["redirect_url"]));
  back.searchParams.set("code", code);
  back.searchParams.set("state", state ?? action.searchParams.get("state") ?? "");
  return fetch(back);
}

const walkThrough = async (page: string) => comeBack(await openForm(page));

describe("the whole way", () => {
  it("registers the App and writes its credentials", async () => {
    const github = fakeGitHub();
    const { code, out, err } = await setup(
      OPTIONS,
      async (page) => {
        const form = await openForm(page);
        expect(form.action.href).toMatch(
          /^https:\/\/github\.com\/organizations\/acme\/settings\/apps\/new\?state=[0-9a-f]{64}$/,
        );
        expect(form.manifest).toMatchObject({
          name: "Packgate acme",
          url: "https://packgate.acme.example",
          hook_attributes: { url: "https://packgate.acme.example/api/github/webhooks", active: true },
          redirect_url: `${new URL(page).origin}/callback`,
          public: false,
          default_permissions: { members: "read", contents: "read" },
        });
        expect(form.manifest["default_events"]).toContain("membership");
        expect(form.html).toContain("<code>https://packgate.acme.example/api/github/webhooks</code>");
        const done = await comeBack(form);
        expect(done.status).toBe(200);
        expect(await done.text()).toContain("Packgate is registered");
      },
      { fetch: github.fetch },
    );

    expect(github.asked).toEqual(["POST https://api.github.com/app-manifests/c0de-1/conversions"]);
    expect(code).toBe(0);
    expect(err).toMatch(/^Open http:\/\/127\.0\.0\.1:\d+\/[0-9a-f]{32} in a browser, signed in .* owner of acme\.\n$/);
    expect(out).toBe(`Registered. Wrote to ${file()}, which only you can read:
  APP_ID, PRIVATE_KEY, WEBHOOK_SECRET, GITHUB_CLIENT_ID, GITHUB_CLIENT_SECRET, PACKGATE_ORGS, PACKGATE_PUBLIC_URL, PACKGATE_INDEX_CLIENTS, PACKGATE_KEY

Next:
  1. Install the App, for all repositories: https://github.com/apps/packgate-acme/installations/new
  2. So that people can log in with "packgate login", tick "Enable Device Flow", which no manifest can set:
     https://github.com/organizations/acme/settings/apps/packgate-acme
  3. Start Packgate: npm start
  4. See that all is well: packgate doctor

Your index authenticates as the client "index" of PACKGATE_INDEX_CLIENTS in that file.
`);
    const env = parseEnv(await readFile(file(), "utf8"));
    expect(env).toMatchObject({
      APP_ID: "4242",
      WEBHOOK_SECRET: APP.webhook_secret,
      GITHUB_CLIENT_ID: "Iv23simulated",
      GITHUB_CLIENT_SECRET: APP.client_secret,
      PACKGATE_ORGS: "acme",
      PACKGATE_PUBLIC_URL: "https://packgate.acme.example",
      PACKGATE_INDEX_CLIENTS: `index:${env["PACKGATE_KEY"]}`,
    });
    expect(env["PACKGATE_KEY"]).toMatch(/^[0-9a-f]{64}$/);
    expect(out).not.toContain(env["PACKGATE_KEY"]);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
    expect(await readdir(cwd)).toEqual([".env"]);

    const config = loadConfig(env, () => "");
    expect(config).toMatchObject({ appId: 4242, organizations: ["acme"], indexClients: [{ name: "index" }] });
    expect(config.privateKey()).toContain("BEGIN PRIVATE KEY");
  });

  it("prints the outcome for machines", async () => {
    const { out } = await setup([...OPTIONS, "--json", "--file", "other.env"], walkThrough, fakeGitHub());
    expect(JSON.parse(out)).toMatchObject({
      app: { id: 4242, url: APP.html_url },
      file: join(cwd, "other.env"),
      install: `${APP.html_url}/installations/new`,
      settings: "https://github.com/organizations/acme/settings/apps/packgate-acme",
    });
  });

  it("asks nothing it can know, on a GitHub of one's own", async () => {
    const env = {
      GHE_HOST: "github.acme.example",
      PACKGATE_ORGS: "acme",
      PACKGATE_PUBLIC_URL: "https://packgate.acme.example",
    };
    const github = fakeGitHub({ body: { ...APP, slug: undefined, html_url: "https://github.acme.example/apps/pg" } });
    await setup(
      [],
      async (page) => {
        const form = await openForm(page);
        expect(form.action.href).toMatch(
          /^https:\/\/github\.acme\.example\/organizations\/acme\/settings\/apps\/new\?/,
        );
        expect(form.headers.get("content-security-policy")).toContain("form-action https://github.acme.example;");
        await comeBack(form);
      },
      { env, fetch: github.fetch },
    );
    expect(github.asked).toEqual(["POST https://github.acme.example/api/v3/app-manifests/c0de-1/conversions"]);
    expect(await readFile(file(), "utf8")).toContain("\nGHE_HOST=github.acme.example\n");
  });

  it("does without a webhook secret, and says what to do then", async () => {
    const github = fakeGitHub({ body: { ...APP, webhook_secret: null } });
    await writeFile(file(), "WEBHOOK_SECRET=of-an-earlier-app\n");
    const { out, code } = await setup([...OPTIONS, "--force"], walkThrough, github);
    expect(code).toBe(0);
    expect(out).toContain(
      `GitHub gave no webhook secret. Make one (openssl rand -hex 32), enter it on https://github.com/organizations/acme/settings/apps/packgate-acme\nand in ${file()} as WEBHOOK_SECRET.\n`,
    );
    expect(await readFile(file(), "utf8")).not.toContain("WEBHOOK_SECRET");
  });

  it("cuts a name that GitHub would refuse", async () => {
    const org = "an-organization-with-a-long-login";
    await setup(
      ["--org", org, "--public-url", "https://p.example"],
      async (page) => {
        const form = await openForm(page);
        expect(form.manifest["name"]).toBe(`Packgate ${org}`.slice(0, 34));
        await comeBack(form);
      },
      fakeGitHub(),
    );
  });
});

describe("the page", () => {
  it("allows nothing but the form to GitHub", async () => {
    await setup(
      OPTIONS,
      async (page) => {
        const form = await openForm(page);
        expect(Object.fromEntries(form.headers)).toMatchObject({
          "content-type": "text/html; charset=utf-8",
          "content-security-policy":
            "default-src 'none'; form-action https://github.com; frame-ancestors 'none'; base-uri 'none'",
          "referrer-policy": "strict-origin",
          "x-content-type-options": "nosniff",
          "cache-control": "no-store",
        });
        expect(form.html).not.toMatch(/<script|\son\w+=|<style|style=|<img|<link/i);
        await comeBack(form);
      },
      fakeGitHub(),
    );
  });

  it("escapes everything", () => {
    const hostile = `"><script>alert('1')</script>&amp;`;
    const html = formPage({ org: hostile, action: hostile, manifest: hostile, webhookUrl: hostile });
    const escaped = "&quot;&gt;&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&amp;amp;";
    expect(html.split(escaped)).toHaveLength(5);
    expect(html).not.toContain("<script");
  });
});

function refuses(name: string, status: number, visit: (page: string, form: Form) => Promise<number | undefined>) {
  it(`${name}: ${status}, and goes on waiting`, async () => {
    const github = fakeGitHub();
    const { code } = await setup(
      OPTIONS,
      async (page) => {
        const form = await openForm(page);
        expect(await visit(page, form)).toBe(status);
        expect(github.asked).toEqual([]);
        await expect(stat(file())).rejects.toThrow("ENOENT");
        await comeBack(form);
      },
      github,
    );
    expect(code).toBe(0);
  });
}

async function visitAs(host: string, page: string): Promise<number | undefined> {
  const sent = httpRequest(page, { headers: { host } }).end();
  const [response] = await once(sent, "response");
  response.resume();
  return response.statusCode;
}

describe("visitors who should not be there", () => {
  refuses("wrong state", 403, async (_page, form) => (await comeBack(form, "c0de", "0".repeat(64))).status);
  refuses("no state", 403, async (page) => (await fetch(new URL("/callback?code=c0de", page))).status);
  refuses("empty state", 403, async (_page, form) => (await comeBack(form, "c0de", "")).status);
  refuses("no code", 400, async (_page, form) => (await comeBack(form, "")).status);
  refuses("a code that is a path", 400, async (_page, form) => (await comeBack(form, "../../user")).status);
  refuses("another path", 404, async (page) => (await fetch(new URL("/", page))).status);
  refuses("a guess at the start page", 404, async (page) => (await fetch(`${page.slice(0, -1)}x`)).status);
  refuses("a form posted here", 405, async (page) => (await fetch(page, { method: "POST", body: "x" })).status);
  refuses("a foreign Host (DNS rebinding)", 421, async (page) => visitAs("evil.example", page));
  refuses("a foreign Host with our port", 421, async (page) => visitAs(`evil.example:${new URL(page).port}`, page));
  it("no Host at all: 421", async () => {
    await setup(
      OPTIONS,
      async (page) => {
        const { hostname, port, pathname } = new URL(page);
        const socket = connect(Number(port), hostname).end(`GET ${pathname} HTTP/1.0\r\n\r\n`);
        expect(await text(socket)).toMatch(/^HTTP\/1\.1 421 /);
        await walkThrough(page);
      },
      fakeGitHub(),
    );
  });

  refuses("our Host without the port", 421, async (page) => visitAs("127.0.0.1", page));

  it("localhost is the same machine", async () => {
    await setup(
      OPTIONS,
      async (page) => {
        expect(await visitAs(`localhost:${new URL(page).port}`, page)).toBe(200);
        await walkThrough(page);
      },
      fakeGitHub(),
    );
  });

  it("a replayed code is not exchanged again", async () => {
    const held = signal<undefined>();
    const github = fakeGitHub();
    const slow: Io["fetch"] = async (...request) => {
      await held.given;
      return github.fetch(...request);
    };
    await setup(
      OPTIONS,
      async (page) => {
        const form = await openForm(page);
        const first = comeBack(form);
        await fetch(page);
        const second = await comeBack(form);
        expect(second.status).toBe(409);
        expect(await second.text()).toContain("see the terminal");
        held.give(undefined);
        expect((await first).status).toBe(200);
      },
      { fetch: slow },
    );
    expect(github.asked).toHaveLength(1);
  });

  it("does not wait for connections that a browser opened in advance", async () => {
    let closed: Promise<unknown[]> | undefined;
    await setup(
      OPTIONS,
      async (page) => {
        const idle = connect(Number(new URL(page).port), "127.0.0.1");
        await once(idle, "connect");
        closed = once(idle, "close");
        idle.resume();
        await walkThrough(page);
      },
      fakeGitHub(),
    );
    expect(await closed).toEqual([false]);
  });

  it("is over once it succeeded", async () => {
    let address = "";
    await setup(OPTIONS, async (page) => walkThrough((address = page)), fakeGitHub());
    await expect(fetch(address)).rejects.toThrow("fetch failed");
  });
});

describe("GitHub's side fails", () => {
  const API = "https://api.github.com";
  it.each([
    {
      name: "code used",
      reply: { status: 404 },
      err: "GitHub does not know this code: it was used, or is over an hour old; run packgate setup again",
    },
    {
      name: "manifest refused",
      reply: { status: 422 },
      err: "GitHub refuses the manifest (422); compare app.yml with the original, and run packgate setup again",
    },
    {
      name: "trouble",
      reply: { status: 502, body: "<html>" },
      err: "GitHub answers 502 instead of the App's credentials; run packgate setup again",
    },
    {
      name: "no JSON",
      reply: { body: "<html>" },
      err: "GitHub's answer lacks the App's credentials (at the top); delete the App there, and run packgate setup again",
    },
    {
      name: "no key",
      reply: { body: { ...APP, pem: CANARY } },
      err: "GitHub's answer lacks the App's credentials (at pem); delete the App there, and run packgate setup again",
    },
  ])("$name", async ({ reply, err }) => {
    const result = await setup(
      OPTIONS,
      async (page) => expect((await walkThrough(page)).status).toBe(502),
      fakeGitHub(reply),
    );
    expect(result).toMatchObject({ code: 1, out: "" });
    expect(result.err).toContain(`\npackgate: ${err}\n`);
    expect(await readdir(cwd)).toEqual([]);
  });

  it.each([
    {
      error: new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ENOTFOUND" }) }),
      why: "ENOTFOUND",
    },
    { error: new TypeError("fetch failed"), why: "no connection" },
  ])("no network: $why", async ({ error, why }) => {
    const result = await setup(OPTIONS, walkThrough, { fetch: () => Promise.reject(error) });
    expect(result.code).toBe(1);
    expect(result.err).toContain(
      `\npackgate: cannot reach GitHub at ${API} (${why}); check the network, and run packgate setup again\n`,
    );
  });

  it("a body that breaks off", async () => {
    const body = new ReadableStream({ start: (controller) => controller.error(new TypeError("terminated")) });
    const result = await setup(OPTIONS, walkThrough, {
      fetch: () => Promise.resolve(new Response(body, { status: 201 })),
    });
    expect(result.err).toContain(`cannot reach GitHub at ${API}`);
  });
});

describe("the file", () => {
  it("keeps its other lines, and fills in what was left empty", async () => {
    const before = `# mine\nPORT=4000\nAPP_ID=\nWEBHOOK_SECRET=""\nexport PACKGATE_INDEX_CLIENTS=devpi:${CANARY}\n\nLOG_LEVEL=debug`;
    await writeFile(file(), before, { mode: 0o644 });
    await setup(OPTIONS, walkThrough, fakeGitHub());
    const lines = (await readFile(file(), "utf8")).split("\n");
    expect(lines.slice(0, 7)).toEqual([
      "# mine",
      "PORT=4000",
      "APP_ID=4242",
      `WEBHOOK_SECRET=${APP.webhook_secret}`,
      `export PACKGATE_INDEX_CLIENTS=devpi:${CANARY}`,
      "",
      "LOG_LEVEL=debug",
    ]);
    expect(lines.some((line) => line.startsWith("PACKGATE_KEY="))).toBe(false);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });

  it.each([
    ["APP_ID=1\nGITHUB_CLIENT_SECRET='x'\n", "APP_ID, GITHUB_CLIENT_SECRET"],
    ["export PRIVATE_KEY_PATH=key.pem\n", "PRIVATE_KEY_PATH"],
    ['PRIVATE_KEY="-----BEGIN\nAPP_ID=no setting, but a line of the key\n-----END"\n', "PRIVATE_KEY"],
  ])("is not touched when it has credentials", async (text, names) => {
    await writeFile(file(), text);
    const result = await run(["setup", ...OPTIONS], { cwd, env: {} });
    expect(result).toEqual({
      code: 1,
      out: "",
      err: `packgate: ${file()} sets ${names} already; name another file with --file, or replace them with --force\n`,
    });
    expect(await readFile(file(), "utf8")).toBe(text);
  });

  it("is given new credentials with --force, in place of the old", async () => {
    const key = 'PRIVATE_KEY="-----BEGIN RSA PRIVATE KEY-----\nAPP_ID=old\n-----END RSA PRIVATE KEY-----"';
    await writeFile(file(), `APP_ID=1\n${key}\nPRIVATE_KEY_PATH=k.pem\nAPP_ID=2\nPORT=1\nPACKGATE_KEY=mine\n`);
    await setup([...OPTIONS, "--force"], walkThrough, fakeGitHub());
    const text = await readFile(file(), "utf8");
    expect(text).toMatch(/^APP_ID=4242\nPRIVATE_KEY=[A-Za-z0-9+/=]+\nPORT=1\nPACKGATE_KEY=mine\nWEBHOOK_SECRET=/);
    expect(text).not.toMatch(/old|k\.pem|-----/);
  });

  it("may be a link, and stays one", async () => {
    await writeFile(join(cwd, "real.env"), "PORT=1\n");
    await symlink("real.env", file());
    await setup(OPTIONS, walkThrough, fakeGitHub());
    expect((await lstat(file())).isSymbolicLink()).toBe(true);
    expect(await readFile(join(cwd, "real.env"), "utf8")).toMatch(/^PORT=1\nAPP_ID=4242\n/);
  });

  it("is found unwritable before anybody goes to GitHub", async () => {
    const missing = await run(["setup", ...OPTIONS, "--file", "no/such/.env"], { cwd, env: {} });
    expect(missing).toEqual({
      code: 1,
      out: "",
      err: `packgate: cannot write ${join(cwd, "no/such/.env")} (ENOENT); check that its folder exists and is yours, or name another file with --file\n`,
    });
    await writeFile(join(cwd, "file"), "");
    const notFolder = await run(["setup", ...OPTIONS, "--file", "file/.env"], { cwd, env: {} });
    expect(notFolder.err).toMatch(/^packgate: cannot read .*file\/\.env \(ENOTDIR\); check/);
    const folder = await run(["setup", ...OPTIONS, "--file", "."], { cwd, env: {} });
    expect(folder.err).toMatch(/^packgate: cannot read .* \(EISDIR\); check/);
  });

  it("that becomes unwritable meanwhile does not hide what happened", async () => {
    const folder = join(cwd, "folder");
    await mkdir(folder);
    const result = await setup(
      [...OPTIONS, "--file", "folder/.env"],
      async (page) => {
        const form = await openForm(page);
        await rm(folder, { recursive: true });
        await comeBack(form);
      },
      fakeGitHub(),
    );
    expect(result.code).toBe(1);
    expect(result.err).toMatch(
      /\npackgate: cannot write \S+folder\/\.env \(ENOENT\); .*; the App exists, but its key is lost: make a new one on https:\/\/github\.com\/organizations\/acme\/settings\/apps\/packgate-acme\n$/,
    );
  });

  it("is not left behind half written by an interrupted run", async () => {
    await writeFile(`${file()}.new`, "left over", { mode: 0o644 });
    await chmod(`${file()}.new`, 0o444);
    await setup(OPTIONS, walkThrough, fakeGitHub());
    expect(await readdir(cwd)).toEqual([".env"]);
    expect((await stat(file())).mode & 0o777).toBe(0o600);
  });
});

describe("the command line", () => {
  it.each([
    { argv: [], err: 'setup needs --org LOGIN: the organization that will own the App; see "packgate setup --help"' },
    {
      argv: ["--org", "acme"],
      err: 'setup needs --public-url URL: where GitHub reaches this Packgate; see "packgate setup --help"',
    },
    { argv: ["--org", "a/b"], err: 'setup cannot use --org: "a/b" is not a login; see "packgate setup --help"' },
    {
      argv: ["--org", "acme", "--public-url", "http://packgate.acme.example"],
      err: 'setup cannot use --public-url: it is not https; use https:// (http:// is for 127.0.0.1, [::1] and localhost only); see "packgate setup --help"',
    },
    {
      argv: [...OPTIONS, "--port", "http"],
      err: 'setup cannot use --port: it is not a whole number in its range; use 0 to 65535; see "packgate setup --help"',
    },
  ])("misused: $argv", async ({ argv, err }) => {
    expect(await run(["setup", ...argv], { cwd, env: {} })).toEqual({ code: 2, out: "", err: `packgate: ${err}\n` });
  });

  it("does not choose among several organizations", async () => {
    const { err } = await run(["setup"], { cwd, env: { PACKGATE_ORGS: "acme,beta" } });
    expect(err).toMatch(/^packgate: setup needs --org LOGIN/);
  });

  it("a wrong GHE_HOST", async () => {
    const result = await run(["setup", ...OPTIONS], { cwd, env: { GHE_HOST: "https://github.acme.example" } });
    expect(result).toMatchObject({
      code: 1,
      err: "packgate: GHE_HOST is not a host name; write the bare name, as in github.example.com\n",
    });
  });

  it("a port that is taken", async () => {
    const taken = createServer().listen(0, "127.0.0.1");
    await once(taken, "listening");
    const address = taken.address();
    const port = typeof address === "object" ? `${address?.port}` : "";
    const result = await run(["setup", ...OPTIONS, "--port", port], { cwd, env: {} });
    taken.close();
    expect(result).toEqual({
      code: 1,
      out: "",
      err: `packgate: cannot listen on 127.0.0.1:${port} (EADDRINUSE); choose another port with --port\n`,
    });
  });

  it("a port that is chosen", async () => {
    const probe = createServer().listen(0, "127.0.0.1");
    await once(probe, "listening");
    const address = probe.address();
    const port = typeof address === "object" ? `${address?.port}` : "";
    await new Promise((resolve) => probe.close(resolve));
    await setup(
      [...OPTIONS, "--port", port],
      async (page) => {
        expect(new URL(page).port).toBe(port);
        await walkThrough(page);
      },
      fakeGitHub(),
    );
  });
});
