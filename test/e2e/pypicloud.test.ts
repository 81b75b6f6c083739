import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { INDEX_SECRET, WEBHOOK_SECRET } from "../helpers/packgate.ts";
import type { Simulator, User } from "../simulator/index.ts";
import { acmeOrganization, createSimulator } from "../simulator/index.ts";
import type { Credentials } from "./index.ts";
import { buildPackage, pip, twine, uv, uvPublish } from "./index.ts";
import type { Server } from "./packgate.ts";
import { ready, serve, serverEnvironment } from "./packgate.ts";
import { until } from "./process.ts";
import type { Pypicloud } from "./pypicloud.ts";
import { startPypicloud } from "./pypicloud.ts";
import { startRecorder } from "./recorder.ts";

/** A real pypicloud with `pypi.auth = remote`, and its real clients: what GitHub says is what they get. */
describe("examples/pypicloud", () => {
  const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
  const acme = acmeOrganization(github);
  const signedIn = ({ id, login }: { id: number; login: string }): Credentials => ({
    login,
    token: github.tokenFor(id),
  });
  const { users } = acme;
  // Writes to acme-core and acme-alpha through teams; reads acme-core through another; owns; is nobody here.
  const [alice, bob, carol, erin] = [users.alice, users.bob, users.carol, users.erin].map(signedIn) as [
    Credentials,
    Credentials,
    Credentials,
    Credentials,
  ];
  let api: Awaited<ReturnType<typeof github.listen>>;
  let packgate: Server;
  let index: Pypicloud;
  let core: string[];
  let alpha: string[];

  beforeAll(async () => {
    api = await github.listen();
    packgate = serve({ ...(await serverEnvironment(github, api.url)), LOG_LEVEL: "debug" });
    github.deliverTo(`${packgate.url}/api/github/webhooks`);
    [index, core, alpha] = await Promise.all([
      startPypicloud(packgate.url),
      buildPackage("acme-core", "1.0"),
      buildPackage("acme-alpha", "1.0"),
      ready(packgate),
    ]);
  });
  afterAll(async () => {
    await Promise.all([index.stop(), packgate.stop()]);
    await api.close();
  });
  /** twine and uv publish to this path; what they are given is the root of it. */
  const uploads = (): { url: string } => ({ url: `${index.url}/simple` });

  it("takes uploads by twine and by uv from those who may, and from nobody else", async () => {
    for (const publish of [twine, uvPublish]) {
      for (const who of [bob, erin, { login: "alice", token: bob.token }]) {
        const { code, output } = await publish(uploads(), who, ...core);
        expect(code).not.toBe(0);
        // Whoever is nobody of ours is not even signed in.
        expect(output).toContain(who === bob ? "403" : "401");
      }
    }
    expect(index.files()).toEqual([]);
    expect(await twine(uploads(), alice, ...core)).toMatchObject({ code: 0 });
    expect(await uvPublish(uploads(), alice, ...alpha)).toMatchObject({ code: 0 });
    expect(index.files()).toHaveLength(4);

    // A name that no repository declares is nobody's, as long as somebody is no owner.
    const unclaimed = await buildPackage("acme-unclaimed", "1.0");
    expect((await twine(uploads(), alice, ...unclaimed)).code).not.toBe(0);
    expect(index.files()).toHaveLength(4);
  });

  it.each([
    ["pip", pip],
    ["uv", uv],
  ] as const)("lets %s install for those who may read, and nobody else", async (_, install) => {
    expect(await install(index, bob, "acme-core")).toMatchObject({ code: 0 });
    expect(await install(index, alice, "acme-alpha")).toMatchObject({ code: 0 });
    expect((await install(index, bob, "acme-alpha")).code).not.toBe(0);
    for (const who of [
      erin,
      undefined,
      { login: "alice", token: bob.token },
      { login: "__token__", token: bob.token },
    ]) {
      expect((await install(index, who, "acme-core")).code).not.toBe(0);
    }
  });

  it("lists what somebody may read, and lets owners administer", async () => {
    const listed = async (who?: Credentials): Promise<string[]> => {
      const { text } = await index.request("/simple/", who);
      return [...text.matchAll(/>(acme-[a-z]+)</g)].map(([, name]) => name ?? "");
    };
    expect(await listed(bob)).toEqual(["acme-core"]);
    expect((await listed(alice)).toSorted()).toEqual(["acme-alpha", "acme-core"]);
    expect((await listed(carol)).toSorted()).toEqual(["acme-alpha", "acme-core"]);
    expect(await listed(erin)).toEqual([]);
    expect(await listed()).toEqual([]);
    expect((await index.request("/admin/group", alice)).status).toBe(403);
    expect(JSON.parse((await index.request("/admin/group", carol)).text)).toEqual(["backend", "docs", "platform"]);
    expect(JSON.parse((await index.request("/admin/user/alice", carol)).text)).toEqual({
      username: "alice",
      admin: false,
      groups: ["backend", "platform"],
    });
  });

  it("knows people in whatever letter case they write their login", async () => {
    const file = basename(core.find((name) => name.endsWith(".whl")) ?? "");
    for (const path of ["/simple/acme-core/", "/api/package/acme-core/", `/api/package/acme-core/${file}`]) {
      expect((await index.request(path, { ...alice, login: "ALICE" })).status).toBe(200);
    }
    expect((await index.request("/api/package/acme-alpha/", { ...bob, login: "Bob" })).status).toBe(403);
  });

  it("gives what nobody claims to the team that server.ini names, and to nobody else", async () => {
    const open = await startPypicloud(packgate.url, { PPC_PYPI_DEFAULT_READ: "docs" });
    try {
      open.store("acme-unclaimed", "1.0");
      expect((await open.request("/admin/rebuild", carol)).status).toBe(200);
      const path = "/api/package/acme-unclaimed/acme_unclaimed-1.0.tar.gz";
      const seen = [bob, alice, undefined].map((who) => open.request(path, who));
      expect((await Promise.all(seen)).map(({ status }) => status)).toEqual([200, 403, 401]);
    } finally {
      await open.stop();
    }
  });

  it("gives and takes no file under the name of another package", async () => {
    const path = alpha.find((name) => name.endsWith(".whl")) ?? "";
    const [file, wheel] = [basename(path), readFileSync(path)];
    expect((await index.request(`/api/package/acme-alpha/${file}`, alice)).status).toBe(200);
    expect((await index.request(`/api/package/acme-alpha/${file}`, bob)).status).toBe(403);
    // bob may read acme-core, and asks for the other's file by that name.
    expect((await index.request(`/api/package/acme-core/${file}`, bob)).status).toBe(403);
    expect((await index.request(`/api/package/acme-core/${file}`, alice, { method: "DELETE" })).status).toBe(403);

    const upload = (fields: Record<string, string>, filename: string) => {
      const body = new FormData();
      for (const [name, value] of Object.entries({ ":action": "file_upload", ...fields })) body.append(name, value);
      body.append("content", new Blob([wheel]), filename);
      return index.request("/simple/", alice, { method: "POST", body });
    };
    const before = index.files();
    const site = "acme_site-9.0-py3-none-any.whl";
    expect((await upload({ name: "acme-core", version: "9.0" }, site)).status).toBe(403);
    expect((await upload({ name: "acme-site", version: "9.0" }, site)).status).toBe(403);
    expect((await upload({}, site)).status).toBe(403);
    const own = "acme_core-9.0-py3-none-any.whl";
    expect((await upload({ name: "acme-core", version: "../../acme-site/9.0" }, own)).status).toBe(403);
    expect((await upload({ name: "acme-core", version: "9.0", ":action": "remove_pkg" }, own)).status).toBe(400);
    expect(index.files()).toEqual(before);
    expect((await upload({ name: "acme-core", version: "9.0" }, own)).status).toBe(200);
  });

  it("takes and deletes nothing by a token that cannot see the repository, whichever way, and says so", async () => {
    const { id, login } = users.alice;
    const repositoryIds = [acme.repositories.site.id];
    const weak: Credentials = { login, token: github.tokenFor(id, "fine-grained", { repositoryIds }) };
    const sentence =
      "this token names alice but cannot see acme/core: authorize it for SSO or give it repository access";
    const path = core.find((name) => name.endsWith(".whl")) ?? "";
    const [file, wheel] = [basename(path).replace("-1.0-", "-2.0-"), readFileSync(path)];
    const before = index.files();
    const form = () => {
      const body = new FormData();
      body.append(":action", "file_upload");
      body.append("content", new Blob([wheel]), file);
      return body;
    };
    const post = (to: string, who?: Credentials, cookie?: string) =>
      index.request(to, who, { method: "POST", body: form(), ...(cookie && { cookie }) });
    const api = `/api/package/acme-core/${file}`;

    // While a better token of hers is in use: the one that is shown counts, and not the person.
    expect((await index.request("/simple/acme-core/", alice)).status).toBe(200);
    expect((await post(api, weak)).status).toBe(403);
    expect(await post("/simple/", weak)).toMatchObject({ status: 403, line: sentence });
    const { output } = await twine(uploads(), weak, ...core);
    expect(output.replace(/\s+/g, " ")).toContain(sentence);
    expect((await index.request("/simple/acme-core/", weak)).status).toBe(200);
    // What is signed in shows no token any more.
    const signIn = await index.request("/acct/login", undefined, {
      method: "POST",
      body: new URLSearchParams({ username: login, password: weak.token }),
    });
    expect([signIn.status, signIn.cookie]).toEqual([200, expect.stringContaining("=")]);
    const later = "to upload takes a token in the request itself: to be signed in to a page does not do";
    await until("the token that was shown is forgotten, and the page is not", async () => {
      const headers = { "x-packgate-key": INDEX_SECRET, connection: "close" };
      const asked = await fetch(`${packgate.url}/pypicloud/user_permissions?package=acme-core`, { headers });
      const { alice: words } = (await asked.json()) as { alice?: string[] };
      return words?.includes("write") === true || words;
    });
    expect(await post("/simple/", undefined, signIn.cookie)).toMatchObject({ status: 403, line: later });
    expect(await post(api, undefined, signIn.cookie)).toMatchObject({
      status: 403,
      text: expect.stringContaining(later),
    });
    expect(index.files()).toEqual(before);

    // An owner passes as pypicloud's admin; but not by any token.
    expect((await post(api, carol)).status).toBe(200);
    expect((await index.request(api, carol, { method: "DELETE" })).status).toBe(200);
    const owners = { login: "carol", token: github.tokenFor(users.carol.id, "oauth", { scopes: ["read:user"] }) };
    expect((await post(api, owners)).status).toBe(403);
    const stored = `/api/package/acme-core/${basename(path)}`;
    expect((await index.request(stored, owners, { method: "DELETE" })).status).toBe(403);
    expect(index.files()).toEqual(before);
  });

  it("refuses the next install after somebody is removed from the team", async () => {
    expect(await pip(index, bob, "acme-core==1.0")).toMatchObject({ code: 0 });
    github.edit.removeTeamMember(acme.teams.docs, users.bob);
    await until("Packgate has heard of it", async () => {
      const { status } = await packgate.ask({ package: "acme-core", action: "read", user: "bob" });
      return status === 403 || status;
    });
    expect((await pip(index, bob, "acme-core==1.0")).code).not.toBe(0);
    expect((await uv(index, bob, "acme-core==1.0")).code).not.toBe(0);
    expect(await pip(index, alice, "acme-core==1.0")).toMatchObject({ code: 0 });
  });

  it("serves nobody while Packgate is away, and writes no token down, neither then nor before", async () => {
    await packgate.stop();
    expect((await index.request("/simple/acme-core/", alice)).status).toBe(500);
    expect((await pip(index, alice, "acme-core==1.0")).code).not.toBe(0);
    for (const { token } of [alice, bob, carol, erin]) {
      expect(packgate.output()).not.toContain(token);
      expect(index.output()).not.toContain(token);
    }
    expect(packgate.output()).toContain("verified");
    expect(index.output()).toContain("password=…");
  });
});

describe("GET /simple/ where reading takes a token that sees the repository", () => {
  it("shows what the token sees, whatever else its owner may read", async () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    const { organization, users, repositories } = acmeOrganization(github);
    const policy = 'version = 1\n[tokens]\nproof = { read = "repository" }\n';
    github.edit.createRepository(organization, { name: ".github", files: { "packgate.toml": policy } });
    const api = await github.listen();
    const packgate = serve(await serverEnvironment(github, api.url));
    const [index] = await Promise.all([startPypicloud(packgate.url), ready(packgate)]);
    const { alice, carol } = users;
    const repositoryIds = [repositories.mono.id];
    const listed = async (login: string, token: string): Promise<string[]> => {
      const { text } = await index.request("/simple/", { login, token });
      return [...text.matchAll(/>(acme-[a-z]+)</g)].map(([, name]) => name ?? "");
    };
    try {
      for (const name of ["acme-alpha", "acme-core"]) index.store(name, "1.0");
      const owner = { login: carol.login, token: github.tokenFor(carol.id) };
      expect((await index.request("/admin/rebuild", owner)).status).toBe(200);
      // What it does not see comes last, after what it does.
      expect(await listed(alice.login, github.tokenFor(alice.id, "fine-grained", { repositoryIds }))).toEqual([
        "acme-alpha",
      ]);
      expect(await listed(owner.login, owner.token)).toEqual(["acme-alpha", "acme-core"]);
    } finally {
      await Promise.all([index.stop(), packgate.stop()]);
      await api.close();
    }
  });
});

describe("GET /simple/ of 1,000 packages", () => {
  it("shows what somebody may read", async () => {
    const github = createSimulator({ webhookSecret: WEBHOOK_SECRET });
    const { owner, reader, member, names } = manyPackages(github);
    const api = await github.listen();
    const packgate = serve(await serverEnvironment(github, api.url));
    const recorder = await startRecorder(packgate.url);
    const [index] = await Promise.all([startPypicloud(recorder.url), ready(packgate)]);
    try {
      for (const name of names) index.store(name, "1.0");
      expect((await index.request("/admin/rebuild", owner)).status).toBe(200);
      for (const [who, seen] of [
        [reader, names],
        [member, names.slice(500)],
        [undefined, []],
      ] as const) {
        recorder.take();
        const { status, text } = await index.request("/simple/", who);
        expect(status).toBe(200);
        expect([...text.matchAll(/>(many-[0-9-]+)</g)].map(([, name]) => name)).toEqual(seen);
        // Two for each package that is not to be seen, and a few for each second that it takes.
        expect(recorder.take().length).toBeLessThan(2 * (names.length - seen.length) + 200);
      }
    } finally {
      await Promise.all([index.stop(), packgate.stop()]);
      await Promise.all([api.close(), recorder.close()]);
    }
  });
});

/** 40 repositories of 25 packages each; 100 members, of whom half may read all, and the others the second half. */
function manyPackages(github: Simulator) {
  const { edit } = github;
  const organization = edit.createOrganization({ login: "many", plan: "enterprise", basePermission: "none" });
  const people = Array.from({ length: 100 }, (_, n) => edit.createUser(`person-${n}`));
  const [owner, member, reader] = people as [User, User, User];
  for (const [n, person] of people.entries()) edit.addMember(organization, person, n === 0 ? "admin" : "member");
  const teams = ["readers", "others"].map((name) => edit.createTeam(organization, { name }));
  for (const [n, person] of people.entries()) for (const team of teams.slice(n % 2)) edit.addTeamMember(team, person);
  const names = Array.from({ length: 1_000 }, (_, n) => `many-${String(n).padStart(3, "0")}`).toSorted();
  for (let first = 0; first < names.length; first += 25) {
    const files = names
      .slice(first, first + 25)
      .map((name) => [`packages/${name}/pyproject.toml`, `[project]\nname = "${name}"\n`]);
    const repository = edit.createRepository(organization, {
      name: `repository-${first}`,
      files: { "pyproject.toml": '[tool.uv.workspace]\nmembers = ["packages/*"]\n', ...Object.fromEntries(files) },
    });
    const team = teams[first < 500 ? 0 : 1];
    if (team !== undefined) edit.setTeamRepository(team, repository, "read");
  }
  const signedIn = ({ id, login }: User): Credentials => ({ login, token: github.tokenFor(id) });
  return { owner: signedIn(owner), reader: signedIn(reader), member: signedIn(member), names };
}
