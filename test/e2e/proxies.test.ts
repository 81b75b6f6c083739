import type { OutgoingHttpHeaders } from "node:http";
import { copyFileSync, mkdirSync, readdirSync } from "node:fs";
import { basename, join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { WEBHOOK_SECRET } from "../helpers/packgate.ts";
import { encodeForm, field, file, FORM_TYPE, uploadParts } from "../index-paths/forms.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import type { Credentials } from "./index.ts";
import { buildPackage, pip, twine, uv } from "./index.ts";
import type { Server } from "./packgate.ts";
import { ready, serve, serverEnvironment } from "./packgate.ts";
import type { Knock, Proxied } from "./proxies.ts";
import { knock, startExample } from "./proxies.ts";

/**
 * Each proxy in front of files and in front of pypiserver, started as its example says, with real clients. `exact`:
 * it shows Packgate the uploads, so that each is judged by the package it is of.
 */
const PROXIES = [
  { example: "nginx-static", exact: false },
  { example: "caddy-static", exact: false },
  { example: "traefik-static", exact: true },
  { example: "envoy-static", exact: true },
  { example: "haproxy-pypiserver", exact: true },
] as const;
type Example = (typeof PROXIES)[number]["example"];

const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
const acme = acmeOrganization(github);
const signedIn = ({ id, login }: { id: number; login: string }): Credentials => ({ login, token: github.tokenFor(id) });
// Writes to acme-core and acme-alpha; reads acme-core and uploads nothing; is nobody to the organization.
const [alice, bob, erin] = [signedIn(acme.users.alice), signedIn(acme.users.bob), signedIn(acme.users.erin)];

let api: Awaited<ReturnType<typeof github.listen>>;
let packgate: Server;
const files = new Map<Example, Proxied>();
const pypiservers = new Map<Example, Proxied>();
let uploaded: readonly string[];
/** What the one pypiserver holds. */
const kept = (): string[] => readdirSync(pypiservers.get("haproxy-pypiserver")?.packages ?? "");

function of(proxies: ReadonlyMap<Example, Proxied>, example: Example): Proxied {
  const found = proxies.get(example);
  if (found === undefined) throw new Error(`${example} does not run`);
  return found;
}

beforeAll(async () => {
  // Whoever may upload anything gets past a proxy that shows no uploads, so bob may upload nothing.
  github.edit.setTeamRepository(acme.teams.docs, acme.repositories.site, "read");
  api = await github.listen();
  packgate = serve(await serverEnvironment(github, api.url));
  github.deliverTo(`${packgate.url}/api/github/webhooks`);
  const packages = Promise.all(["acme-core", "acme-alpha", "acme-site"].map((name) => buildPackage(name, "1.0")));
  await ready(packgate);

  // One static index behind nginx, which HAProxy stands in front of as well; one pypiserver behind HAProxy, and all.
  const begin = async (example: Example, more?: Readonly<Record<string, string>>): Promise<Proxied> =>
    startExample(example, packgate.url, more);
  const [nginx, haproxy] = await Promise.all([begin("nginx-static"), begin("haproxy-pypiserver")]);
  files.set("nginx-static", nginx);
  pypiservers.set("haproxy-pypiserver", haproxy);
  await Promise.all(
    PROXIES.flatMap(({ example }) => [
      ...(example === "nginx-static"
        ? []
        : [
            begin(example, example === "haproxy-pypiserver" ? { INDEX: nginx.index } : {}).then((it) =>
              files.set(example, it),
            ),
          ]),
      ...(example === "haproxy-pypiserver"
        ? []
        : [begin(example, { INDEX: haproxy.index }).then((it) => pypiservers.set(example, it))]),
    ]),
  );
  const built = (await packages).flat();
  uploaded = built;
  for (const { packages: folder } of files.values()) {
    for (const path of built) {
      const page = join(
        folder,
        "simple",
        basename(path)
          .replace(/-1\.0.*/, "")
          .replace("_", "-"),
      );
      mkdirSync(page, { recursive: true });
      copyFileSync(path, join(page, basename(path)));
    }
  }
});

afterAll(async () => {
  await Promise.all([...files.values(), ...pypiservers.values(), packgate].map((running) => running.stop()));
  await api.close();
});

const wheels = (name: string): string[] => uploaded.filter((path) => basename(path).startsWith(`${name}-`));

describe.each(PROXIES)("examples/$example in front of files", ({ example }) => {
  it("lets pip and uv read what they may, and nothing else", async () => {
    const index = of(files, example);
    const allowed = await Promise.all([pip(index, bob, "acme-core"), uv(index, bob, "acme-core")]);
    expect(allowed).toMatchObject([{ code: 0 }, { code: 0 }]);
    const [byPip, byUv] = await Promise.all([pip(index, bob, "acme-alpha"), uv(index, bob, "acme-alpha")]);
    expect([byPip.code === 0, byUv.code === 0]).toEqual([false, false]);
    expect(byUv.output).toContain("403");
  });

  it("answers 403 to those who may not, and 401 to those who have not said who they are", async () => {
    const { url } = of(files, example);
    const ask = async (path: string, more: Knock): Promise<number> => (await knock(url, path, more)).status;
    const wheel = basename(wheels("acme_alpha").find((path) => path.endsWith(".whl")) ?? "");
    expect(await ask("/simple/acme-core/", { who: bob })).toBe(200);
    expect(await ask("/simple/acme-core/", { who: bob, method: "HEAD" })).toBe(200);
    expect(await ask("/simple/acme-alpha/", { who: bob })).toBe(403);
    expect(await ask(`/simple/acme-alpha/${wheel}`, { who: alice })).toBe(200);
    expect(await ask(`/simple/acme-alpha/${wheel}`, { who: bob })).toBe(403);
    expect(await ask(`/simple/acme-core/${wheel}`, { who: bob })).toBe(403);
    expect(await ask("/simple/no-such-package/", { who: bob })).toBe(403);
    expect(await ask("/simple/acme-core/", { who: erin })).toBe(403);
    expect(await ask("/simple/acme-core/", { who: { login: "alice", token: bob.token } })).toBe(401);
    const anonymous = await knock(url, "/simple/acme-core/");
    expect([anonymous.status, anonymous.headers["www-authenticate"]]).toEqual([
      401,
      'Basic realm="packgate", charset="UTF-8"',
    ]);
  });

  const original = { "X-Original-URI": "/simple/acme-core/", "X-Original-Method": "GET" };
  const forwarded = { "X-Forwarded-Uri": "/simple/acme-core/", "X-Forwarded-Method": "GET" };
  const tricks: readonly (readonly [path: string, headers: OutgoingHttpHeaders])[] = [
    ["/simple/acme-alpha/", original],
    ["/simple/acme-alpha/", forwarded],
    ["/simple/acme-alpha/", { ...original, ...forwarded }],
    ["/simple/acme-alpha/", { "X-Original-URI": ["/simple/acme-core/", "/simple/acme-core/"] }],
    ["/simple/acme-alpha/", { "X-Forwarded-Uri": ["/simple/acme-core/", "/simple/acme-core/"] }],
    ["/simple/acme-alpha/", { "X-Rewrite-URL": "/simple/acme-core/", "X-Forwarded-Prefix": "/simple/acme-core" }],
    ["/simple/acme-alpha/", { "X-Packgate-Key": "index-secret-of-nobody-at-all", "X-Auth-Request-User": "alice" }],
    ["/simple/acme-alpha/", { Authorization: [basic(bob), basic(alice)] }],
    ["/simple/acme-alpha/", { "X-HTTP-Method-Override": "HEAD", Connection: "close, Authorization" }],
    ["/simple/acme-core/../acme-alpha/", {}],
    ["/simple/acme-core/%2e%2e/acme-alpha/", {}],
    ["/simple/acme-core/..%2facme-alpha/", {}],
    ["/simple/acme-core%2f..%2facme-alpha/", {}],
    ["/simple/acme-core/..;/acme-alpha/", {}],
    ["/simple/acme-core/..\\acme-alpha/", {}],
    ["//simple/acme-alpha/", {}],
    ["/simple//acme-alpha/", {}],
    ["/./simple/acme-alpha/", {}],
    ["/simple/acme-alph%61/", {}],
    ["/simple/acme-alpha/?/simple/acme-core/", {}],
    ["/simple/acme-alpha/#/simple/acme-core/", {}],
    ["/simple/acme-core/%00/../../acme-alpha/", {}],
    ["http://127.0.0.1/simple/acme-alpha/", {}],
    ["/_packgate", {}],
  ];
  it.each(tricks)("does not give bob %s with %j", async (path, headers) => {
    const { status, text } = await knock(of(files, example).url, path, { who: bob, headers });
    expect([301, 302, 307, 308, 400, 401, 403, 404]).toContain(status);
    expect(text).not.toContain("acme_alpha-1.0");
  });
});

describe.each(PROXIES)("examples/$example hands /_/ to Packgate", ({ example }) => {
  const mint = (path: string, size = 0): Promise<Response> => {
    const body = JSON.stringify({ token: "nobody's", filler: "x".repeat(size) });
    return fetch(`${of(files, example).url}${path}`, { method: "POST", body });
  };

  it("so that people log in and workflows publish, without credentials", async () => {
    const about = await knock(of(files, example).url, "/_/login");
    expect([about.status, JSON.parse(about.text)]).toMatchObject([200, { client_id: github.app.clientId }]);
    for (const path of ["/_/login/mint-token", "/_/oidc/mint-token"]) {
      const response = await mint(path, 60_000);
      expect([response.status, await response.json()]).toMatchObject([422, { error: "invalid-token" }]);
    }
    expect((await mint("/_/oidc/mint-token", 70_000)).status).toBe(413);
  });

  it.each(["/_/../metrics", "/_/%2e%2e/metrics", "/_/..%2fmetrics", "/_/../readyz", "/_//../../metrics", "/_"])(
    "and nothing more by %s",
    async (path) => {
      const { status, text } = await knock(of(files, example).url, path);
      expect([301, 302, 307, 308, 400, 401, 403, 404]).toContain(status);
      expect(text).not.toMatch(/packgate_|"ready"/);
    },
  );

  it.each(["/_/../simple/acme-alpha/", "/_/%2e%2e/simple/acme-alpha/", "/_/..%2fsimple/acme-alpha/"])(
    "nor a way around it to the index by %s",
    async (path) => {
      const { status, text } = await knock(of(files, example).url, path, { who: bob });
      expect([301, 302, 307, 308, 400, 401, 403, 404]).toContain(status);
      expect(text).not.toContain("acme_alpha-1.0");
    },
  );
});

describe("examples/haproxy-pypiserver keeps from Packgate, and out of its own memory", () => {
  const body = JSON.stringify({ token: "nobody's" });
  const chunked = { "Transfer-Encoding": "chunked" };

  it.each(["/_/oidc/mint-token", "/_/login/mint-token", "/_/oidc/burn-token"])(
    "a body of untold length for %s",
    async (path) => {
      const { url } = of(files, "haproxy-pypiserver");
      const post = async (headers: OutgoingHttpHeaders): Promise<unknown[]> => {
        const { status, headers: answered } = await knock(url, path, { method: "POST", headers, body });
        // Packgate, and only Packgate, gives every reply an id.
        return [status, "x-request-id" in answered];
      };
      expect(await post(chunked)).toEqual([413, false]);
      // RFC 9112, section 6.3: of the two, the length is what does not count.
      expect(await post({ ...chunked, "Content-Length": body.length })).toEqual([413, false]);
      expect(await post({ "Content-Length": body.length })).toEqual([expect.any(Number), true]);
    },
  );
});

describe.each(PROXIES)("examples/$example in front of pypiserver", ({ example, exact }) => {
  const version = `1.${PROXIES.findIndex((proxy) => proxy.example === example) + 1}`;

  it("takes uploads of those who may, which pip and uv then find", async () => {
    const index = of(pypiservers, example);
    const [own, others] = await Promise.all([buildPackage("acme-core", version), buildPackage("acme-site", version)]);
    const before = kept();
    const refused = await twine(index, bob, ...own);
    expect(refused.code).not.toBe(0);
    // twine shows the status line, of which only HAProxy lets us choose the words.
    const line = example === "haproxy-pypiserver" ? "bob may not upload: no role" : "Forbidden";
    expect(refused.output.replace(/\s+/g, " ")).toMatch(new RegExp(`403 Forbidden from \\S+ ${line}`));
    expect(kept()).toEqual(before);
    expect(await twine(index, alice, ...own)).toMatchObject({ code: 0 });
    expect(kept()).toHaveLength(before.length + 2);
    // A proxy that shows no uploads lets through whoever may upload anything.
    expect((await twine(index, alice, ...others)).code === 0).toBe(!exact);
    expect(kept()).toHaveLength(before.length + (exact ? 2 : 4));
    const found = await Promise.all([
      pip(index, bob, `acme-core==${version}`),
      uv(index, bob, `acme-core==${version}`),
    ]);
    expect(found).toMatchObject([{ code: 0 }, { code: 0 }]);
    expect((await knock(index.url, "/simple/acme-alpha/", { who: bob })).status).toBe(403);
  });

  const remove = [field(":action", "remove_pkg"), field("name", "acme-core"), field("version", version)];
  const good = uploadParts("acme-core", "acme_core-9.0-py3-none-any.whl");
  it.each([
    ["that deletes", encodeForm(remove), FORM_TYPE],
    ["that deletes, as another form", `:action=remove_pkg&name=acme-core&version=${version}`, URLENCODED],
    ["of one package named as another", encodeForm(uploadParts("acme-core", "acme_site-9.0.zip")), FORM_TYPE],
    ["with two names", encodeForm([field("name", "acme-site"), ...good]), FORM_TYPE],
    ["with a second name behind", encodeForm([...good, field("name", "acme-site")]), FORM_TYPE],
    ["with a second file", encodeForm([...good, file("acme_site-9.0.zip")]), FORM_TYPE],
    ["with an odd boundary", encodeForm(good, "a b"), 'multipart/form-data; boundary="a b"'],
  ])("deletes nothing, and refuses an upload that it sees is bad: %s", async (_, body, type) => {
    const { url } = of(pypiservers, example);
    const before = kept();
    const headers = { "Content-Type": type, "Content-Length": String(body.length) };
    const { status } = await knock(url, "/", { method: "POST", who: alice, headers, body });
    // A proxy that shows no uploads cannot tell; then the index keeps at least what it has.
    expect(exact ? status : 403).toBe(403);
    expect(kept().filter((name) => exact || before.includes(name))).toEqual(before);
  });
});

describe("while Packgate is away", () => {
  it("nobody gets anything, and everybody again once it is back", async () => {
    const all = [...files.values(), ...pypiservers.values()];
    const statuses = (): Promise<number[]> =>
      Promise.all(all.map(async ({ url }) => (await knock(url, "/simple/acme-core/", { who: alice })).status));
    await packgate.stop();
    for (const status of await statuses()) expect([401, 403, 500, 502, 503]).toContain(status);
    expect((await pip(of(files, "nginx-static"), alice, "acme-core")).code).not.toBe(0);
    packgate = serve(packgate.env);
    await ready(packgate);
    expect(await statuses()).toEqual(all.map(() => 200));
  });
});

const URLENCODED = "application/x-www-form-urlencoded";

function basic({ login, token }: Credentials): string {
  return `Basic ${Buffer.from(`${login}:${token}`).toString("base64")}`;
}
