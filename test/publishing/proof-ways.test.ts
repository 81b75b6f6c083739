import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { AcmeRuns } from "../helpers/acme-runs.ts";
import { startAcmeRuns } from "../helpers/acme-runs.ts";
import { inspect } from "../helpers/canary.ts";
import { INDEX_SECRET } from "../helpers/packgate.ts";

let runs: AcmeRuns;
beforeAll(async () => {
  runs = await startAcmeRuns();
});
afterAll(() => runs.stop());

const CANNOT_SEE = "this token names alice but cannot see acme/core: authorize it for SSO or give it repository access";

const ENDED = "the token is not valid: it is expired, revoked, or not one that GitHub knows; make another at GitHub";

interface Answer {
  readonly allowed: boolean;
  /** `undefined` where the protocol has no room for one, as pypicloud's. */
  readonly message?: unknown;
}

/** One question, asked in every way there is: may whoever shows this token do this to acme-core? */
type Way = (action: "read" | "upload", login: string, token: string) => Promise<Answer>;

const KEY = { "x-packgate-key": INDEX_SECRET };

async function send(
  path: string,
  init: { readonly method?: string; readonly headers?: Readonly<Record<string, string>>; readonly body?: string } = {},
): Promise<{ status: number; headers: Headers; body: unknown }> {
  const response = await fetch(`${runs.packgate.url}${path}`, { ...init, headers: { ...KEY, ...init.headers } });
  const text = await response.text();
  inspect(`${JSON.stringify([...response.headers])} ${text}`, [INDEX_SECRET]);
  return { status: response.status, headers: response.headers, body: text === "" ? undefined : JSON.parse(text) };
}

const post = async (path: string, body: object): Promise<Record<string, unknown>> =>
  Object(
    (await send(path, { method: "POST", headers: { "content-type": "application/json" }, body: JSON.stringify(body) }))
      .body,
  );

/** A request that a proxy holds back: a page of the project, or an upload to an address that names it. */
const original = (action: "read" | "upload"): readonly [method: string, path: string] =>
  action === "read" ? ["GET", "/simple/acme-core/"] : ["POST", "/legacy/acme-core/"];

const basic = (login: string, token: string): string => `Basic ${Buffer.from(`${login}:${token}`).toString("base64")}`;

/** By the headers in which a proxy tells of it. */
const proxied =
  (proxy: string, uri: string, method: string): Way =>
  async (action, login, token) => {
    const [asked, path] = original(action);
    const { status, body } = await send(`/authorize/${proxy}`, {
      headers: {
        [method]: asked,
        [uri]: path,
        authorization: basic(login, token),
      },
    });
    return { allowed: status === 200, message: Object(body)["message"] };
  };

/** Envoy asks in the words of its own client. */
const envoy: Way = async (action, login, token) => {
  const [method, path] = original(action);
  const headers = { authorization: basic(login, token) };
  const { status, body } = await send(`/authorize/envoy${path}`, { method, headers });
  return { allowed: status === 200, message: Object(body)["message"] };
};

const evaluation = (action: string, login: string, token: string): object => ({
  subject: { type: "user", id: login },
  action: { name: action },
  resource: { type: "pypi_package", id: "acme-core" },
  context: { token },
});
const answerOf = (reply: Record<string, unknown>): Answer => ({
  allowed: reply["decision"] === true,
  message: Object(reply["context"])["message"],
});

/** As pypicloud does it: who is this, then what about the package, the groups and at last those of this person. */
const pypicloud: Way = async (action, login, token) => {
  const get = async (call: string): Promise<unknown> => (await send(`/pypicloud/${call}`)).body;
  if ((await get(`verify?username=${login}&password=${token}`)) !== true) return { allowed: false };
  if ((await get(`admin?username=${login}`)) === true) return { allowed: true };
  const users = Object(await get("user_permissions?package=acme-core"));
  const teams = Object(await get("group_permissions?package=acme-core"));
  const groups = ["everyone", "authenticated", ...((await get(`groups?username=${login}`)) as string[])];
  const words: unknown[] = [users[login], ...groups.map((group) => teams[group])].flat();
  return { allowed: words.includes(action === "read" ? "read" : "write") };
};

const WAYS: readonly (readonly [name: string, way: Way])[] = [
  [
    "POST /authorize",
    async (action, login, token) => {
      const credentials = { username: login, password: token };
      const { status, body } = await runs.packgate.ask({ package: "acme-core", action, credentials });
      return { allowed: status === 200, message: body["message"] };
    },
  ],
  ["nginx", proxied("nginx", "x-original-uri", "x-original-method")],
  ["haproxy", proxied("haproxy", "x-original-uri", "x-original-method")],
  ["caddy", proxied("caddy", "x-forwarded-uri", "x-forwarded-method")],
  ["traefik", proxied("traefik", "x-forwarded-uri", "x-forwarded-method")],
  ["envoy", envoy],
  ["an evaluation of AuthZEN", async (...asked) => answerOf(await post("/access/v1/evaluation", evaluation(...asked)))],
  [
    "several evaluations of AuthZEN",
    async (...asked) => {
      const { evaluations } = await post("/access/v1/evaluations", { ...evaluation(...asked), evaluations: [{}] });
      return answerOf(Object(Array.isArray(evaluations) ? evaluations[0] : undefined));
    },
  ],
  ["pypicloud", pypicloud],
];

describe.each(WAYS)("%s", (name, may) => {
  const tokens = () => {
    const { github, acme } = runs;
    const { alice, carol } = acme.users;
    const only = (repository: { readonly id: number }) => ({ repositoryIds: [repository.id] });
    return {
      good: ["alice", github.tokenFor(alice.id, "fine-grained", only(acme.repositories.core))],
      classic: ["alice", github.tokenFor(alice.id)],
      selected: ["alice", github.tokenFor(alice.id, "fine-grained", only(acme.repositories.site))],
      unscoped: ["alice", github.tokenFor(alice.id, "classic", { scopes: ["read:org"] })],
      oauth: ["alice", github.tokenFor(alice.id, "oauth", { scopes: ["read:user"] })],
      owners: ["carol", github.tokenFor(carol.id, "oauth", { scopes: ["read:user"] })],
    } as const;
  };
  const told = (sentence: string): string | undefined => (name === "pypicloud" ? undefined : sentence);
  /** What pypicloud was shown before counts for a while: each case is at another index. */
  const fresh = async (): Promise<void> => {
    await runs.stop();
    runs = await startAcmeRuns();
  };
  // An index may cause so many failures in a minute, and not all ways together stay below that.
  beforeAll(fresh);

  it.each(["selected", "unscoped", "oauth", "owners"] as const)(
    "uploads nothing by a token that is %s",
    async (kind) => {
      if (name === "pypicloud") await fresh();
      const [login, token] = tokens()[kind];
      const sentence = CANNOT_SEE.replace("alice", login);
      const { allowed, message } = await may("upload", login, token);
      expect([allowed, message]).toEqual([false, told(sentence)]);
      expect((await may("read", login, token)).allowed).toBe(true);
    },
  );

  it.each(["good", "classic"] as const)("uploads by one that sees the repository: %s", async (kind) => {
    if (name === "pypicloud") await fresh();
    expect((await may("upload", ...tokens()[kind])).allowed).toBe(true);
  });

  it("uploads nothing by one whose owner takes consent back while GitHub is asked what it sees", async () => {
    if (name === "pypicloud") await fresh();
    const { github, acme, packgate } = runs;
    const { alice } = acme.users;
    const gate = github.faults.pause("GET /repos/{owner}/{repo}", "after");
    const asked = may("upload", "alice", github.tokenFor(alice.id, "app-user"));
    await gate.arrived;
    github.edit.revokeAuthorization(alice);
    await packgate.settle();
    gate.resume();
    const { allowed, message } = await asked;
    expect([allowed, message]).toEqual([false, told(ENDED)]);
  });

  it("is nothing to somebody under another's name, or with no token of anybody's", async () => {
    const [, token] = tokens().good;
    for (const [login, shown] of [
      ["bob", token],
      ["alice", `${token.slice(0, -4)}0000`],
    ] as const) {
      for (const action of ["read", "upload"] as const) expect((await may(action, login, shown)).allowed).toBe(false);
    }
  });

  it("does not upload while GitHub cannot be asked what the token sees", async () => {
    if (name === "pypicloud") await fresh();
    const [login, token] = tokens().classic;
    // Whose it is, before GitHub is in trouble.
    await runs.packgate.ask({ package: "acme-core", action: "read", token });
    runs.github.faults.status("GET /repos/{owner}/{repo}", 502, { times: 1 });
    expect((await may("upload", login, token)).allowed).toBe(false);
    // What was doubted through pypicloud is doubted for a while.
    expect((await may("upload", login, token)).allowed).toBe(name !== "pypicloud");
  });
});

describe("AuthZEN with a token", () => {
  it("lets a run speak for its repository, within what its token is good for", async () => {
    const asked = async (token: string, id: string, action = "upload") =>
      post("/access/v1/evaluation", { ...evaluation(action, "", token), subject: { type: "workload", id } });
    const token = await runs.token();
    for (const shown of [token, await runs.minted()]) {
      expect(await asked(shown, "acme/core")).toMatchObject({ decision: true });
      expect(await asked(shown, String(runs.acme.repositories.core.id))).toMatchObject({ decision: true });
      expect(await asked(shown, "acme/site")).toMatchObject({
        decision: false,
        context: { reason: "username-mismatch" },
      });
    }
    const pull = await runs.token({ event_name: "pull_request" });
    expect(await asked(pull, "acme/core")).toMatchObject({ decision: false, context: { reason: "token-scope" } });
    const alices = runs.github.tokenFor(runs.acme.users.alice.id);
    expect(await asked(alices, "acme/core")).toMatchObject({ context: { reason: "username-mismatch" } });
    expect(await post("/access/v1/evaluation", evaluation("read", "alice", token))).toMatchObject({
      decision: false,
      context: { reason: "username-mismatch" },
    });
  });

  it("knows a person by number, too, and an installation not at all", async () => {
    const { id } = runs.acme.users.alice;
    const token = runs.github.tokenFor(id);
    expect(await post("/access/v1/evaluation", evaluation("upload", String(id), token))).toMatchObject({
      decision: true,
    });
    const octokit = await runs.packgate.service.connection.octokit();
    const { data } = await octokit.request("POST /app/installations/{installation_id}/access_tokens", {
      installation_id: runs.acme.organization.installation?.id ?? 0,
    });
    const theirs = String(Object(data)["token"]);
    expect(await post("/access/v1/evaluation", evaluation("read", "alice", theirs))).toMatchObject({
      decision: false,
      context: { reason: "username-mismatch" },
    });
  });

  it("takes none in a search, where nothing would come of it", async () => {
    const { status, body } = await send("/access/v1/search/resource", {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...evaluation("read", "alice", "a-token"), resource: { type: "pypi_package" } }),
    });
    expect([status, body]).toMatchObject([400, { message: "context.token: only evaluations take one" }]);
  });
});
