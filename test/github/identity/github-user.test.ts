import nock from "nock";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";

import { createGitHubUser, type GitHubUserOptions } from "../../../src/github/identity/github-user.ts";
import { classicToken, fineGrainedToken } from "./tokens.ts";

const NOW = Date.parse("2026-11-21T20:00:00Z");
const API = "https://api.github.com";
const token = classicToken("canary");
const ours = classicToken("canary", "ghu_");
const oauth = { clientId: "Iv23liTest", clientSecret: () => "client-secret-canary" };
const octocat = { id: 583231, login: "octocat", type: "User" };

const WELL = { state: "well" };
const failed = { status: "unverifiable", health: { state: "failing" } };
const refused = { status: "inactive", reason: "refused", health: WELL };
const active = {
  status: "active",
  id: 583231,
  login: "octocat",
  clientId: undefined,
  tokenExpiresAt: undefined,
  health: WELL,
};
const limited = (retryAfterMs?: number) => ({ status: "unverifiable", health: { state: "limited", retryAfterMs } });

const create = (options: Partial<GitHubUserOptions> = {}) =>
  createGitHubUser({ apiUrl: API, fetch, now: () => NOW, oauth: undefined, ...options });

/** One reply to `GET /user`. */
const reply = (status: number, body?: nock.Body, headers?: nock.ReplyHeaders) =>
  nock(API).get("/user").reply(status, body, headers);

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  if (pending.length > 0) throw new Error(`never asked: ${pending.join(", ")}`);
});

describe("GET /user", () => {
  test("sends the token, what GitHub asks callers to send, and nothing else of ours", async () => {
    nock(API, {
      reqheaders: {
        authorization: `Bearer ${token}`,
        accept: "application/vnd.github+json",
        "user-agent": "packgate",
        "x-github-api-version": "2022-11-28",
      },
    })
      .get("/user")
      .reply(200, { ...octocat, email: "octocat@github.com" });
    expect(await create()(token, "personal")).toEqual(active);
  });

  test("asks under the path of a GitHub Enterprise Server", async () => {
    nock("https://github.example.com").get("/api/v3/user").reply(200, octocat);
    const ask = create({ apiUrl: "https://github.example.com/api/v3" });
    expect(await ask(fineGrainedToken(1), "fine-grained")).toEqual(active);
  });

  test.each([
    ["2026-12-01 10:00:00 UTC", Date.parse("2026-12-01T10:00:00Z")],
    ["2026-12-01 10:00:00 -0500", Date.parse("2026-12-01T15:00:00Z")],
    ["never", undefined],
    ["", undefined],
  ])("a token that ends at %j", async (header, tokenExpiresAt) => {
    reply(200, octocat, { "github-authentication-token-expiration": header });
    expect(await create()(token, "personal")).toEqual({ ...active, tokenExpiresAt });
  });

  test.each(["Bot", "Organization", "Mannequin", "user", ""])("an account of type %j is nobody", async (type) => {
    reply(200, { ...octocat, type });
    const unsupported = { status: "inactive", reason: "unsupported", health: WELL };
    expect(await create()(token, "personal")).toEqual(unsupported);
  });

  test.each([
    [401, { message: "Bad credentials" }],
    [404, { message: "Not Found" }],
    [401, ""],
    [403, { message: "Sorry. Your account was suspended." }],
    [403, { message: "Sorry. Your account was suspended. Please contact support." }],
  ])("%i %j refuses the token", async (status, body) => {
    reply(status, body);
    expect(await create()(token, "personal")).toEqual(refused);
  });

  test.each([
    ["403 without a reason", 403, {}, {}, limited()],
    ["403 with words for people", 403, { message: "Maximum number of login attempts exceeded." }, {}, limited()],
    ["429", 429, {}, {}, limited()],
    ["a wait in seconds", 429, {}, { "retry-after": "60" }, limited(60_000)],
    ["a wait that is no number", 429, {}, { "retry-after": "soon" }, limited()],
    ["a wait that is over", 429, {}, { "retry-after": "0" }, limited()],
    [
      "our address' limit, until its reset",
      403,
      {},
      { "x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${NOW / 1000 + 90}` },
      limited(90_000),
    ],
    [
      "a reset that is past",
      403,
      {},
      { "x-ratelimit-limit": "60", "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${NOW / 1000 - 90}` },
      limited(),
    ],
    [
      "a reset that does not matter, for requests are left",
      403,
      {},
      { "x-ratelimit-limit": "60", "x-ratelimit-remaining": "9", "x-ratelimit-reset": `${NOW / 1000 + 90}` },
      limited(),
    ],
    ["a limit that is no number", 403, {}, { "x-ratelimit-limit": "many" }, limited()],
    [
      "the bearer's own limit, which is not our trouble",
      403,
      {},
      { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "x-ratelimit-reset": `${NOW / 1000 + 90}` },
      { status: "unverifiable", health: WELL },
    ],
    [
      "something GitHub holds against this bearer",
      403,
      { message: "Resource not accessible" },
      { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4999" },
      { status: "unverifiable", health: WELL },
    ],
    [
      "the bearer's own limit, with a wait",
      429,
      {},
      { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "0", "retry-after": "90" },
      { status: "unverifiable", health: WELL },
    ],
    [
      "a secondary limit, perhaps ours",
      403,
      {},
      { "x-ratelimit-limit": "5000", "x-ratelimit-remaining": "4999", "retry-after": "60" },
      failed,
    ],
  ])("%s", async (_, status, body, headers, expected) => {
    reply(status, body, headers);
    expect(await create()(token, "personal")).toEqual(expected);
  });

  test.each([201, 204, 400, 410, 422, 451, 500, 502, 503, 504])("%i is no answer", async (status) => {
    reply(status, status === 204 ? undefined : octocat);
    expect(await create()(token, "personal")).toEqual(failed);
  });

  test.each([
    ["no JSON", "<html>Unicorn!</html>"],
    ["nothing", ""],
    ["half of it", '{"id":583231,"login":"octo'],
    ["null", "null"],
    ["a list", "[]"],
    ["no id", JSON.stringify({ ...octocat, id: undefined })],
    ["an id in words", JSON.stringify({ ...octocat, id: "583231" })],
    ["an id of zero", JSON.stringify({ ...octocat, id: 0 })],
    ["a broken id", JSON.stringify({ ...octocat, id: 1.5 })],
    ["an id beyond safe integers", `{"id":9007199254740993,"login":"octocat","type":"User"}`],
    ["no login", JSON.stringify({ ...octocat, login: undefined })],
    ["an empty login", JSON.stringify({ ...octocat, login: "" })],
    ["no type", JSON.stringify({ ...octocat, type: undefined })],
  ])("a 200 with %s is no answer", async (_, body) => {
    reply(200, body);
    expect(await create()(token, "personal")).toEqual(failed);
  });

  test.each([301, 302, 307, 308])("does not follow a %i, least of all to another host", async (status) => {
    const elsewhere = nock("https://evil.example").get("/user").reply(200, octocat);
    reply(status, "", { location: "https://evil.example/user" });
    expect(await create()(token, "personal")).toEqual(failed);
    expect(elsewhere.isDone()).toBe(false);
    nock.removeInterceptor({ hostname: "evil.example", proto: "https", path: "/user" });
  });

  test("gives up on a GitHub that does not answer in time", async () => {
    nock(API).get("/user").delay(1000).reply(200, octocat);
    expect(await create({ timeoutMs: 20 })(token, "personal")).toEqual(failed);
    nock.abortPendingRequests();
  });

  test("an error of fetch, which may quote the token, goes nowhere", async () => {
    const fetch = () => Promise.reject(new TypeError(`"Bearer ${token}" is an invalid header value`));
    expect(await create({ fetch })(token, "personal")).toEqual(failed);
  });
});

describe("POST /applications/{client_id}/token", () => {
  const path = "/applications/Iv23liTest/token";
  const body = { id: 1, token: ours, app: { client_id: "Iv23liTest" }, user: octocat, expires_at: null };
  const check = (status: number, reply?: nock.Body, headers?: nock.ReplyHeaders) =>
    nock(API).post(path, { access_token: ours }).reply(status, reply, headers);

  test("checks our own App's tokens, as our own App", async () => {
    nock(API, { reqheaders: { "content-type": "application/json" } })
      .post(path, { access_token: ours })
      .basicAuth({ user: "Iv23liTest", pass: "client-secret-canary" })
      .reply(200, body);
    expect(await create({ oauth })(ours, "app-user")).toEqual({ ...active, clientId: "Iv23liTest" });
  });

  test.each([
    ["2026-11-21T21:00:00Z", Date.parse("2026-11-21T21:00:00Z")],
    ["nonsense", undefined],
    [undefined, undefined],
  ])("a token that ends at %j", async (expires_at, tokenExpiresAt) => {
    check(200, { ...body, expires_at });
    const expected = { ...active, clientId: "Iv23liTest", tokenExpiresAt };
    expect(await create({ oauth })(ours, "app-user")).toEqual(expected);
  });

  test("asks as anybody would when the token is another App's", async () => {
    check(404, { message: "Not Found" });
    reply(200, octocat);
    expect(await create({ oauth })(ours, "app-user")).toEqual(active);
  });

  test.each([404, 422])("a token nobody knows is refused: %i", async (status) => {
    check(status, { message: "Validation Failed" });
    reply(401);
    expect(await create({ oauth })(ours, "app-user")).toEqual(refused);
  });

  test("is not asked without a client, nor about tokens of another kind", async () => {
    reply(200, octocat);
    expect(await create()(ours, "app-user")).toEqual(active);
    reply(200, octocat);
    expect(await create({ oauth })(token, "personal")).toEqual(active);
    reply(200, octocat);
    expect(await create({ oauth })(classicToken(1, "gho_"), "oauth-app")).toEqual(active);
  });

  test.each([
    ["401 refuses our secret, not the token", 401, {}, {}, { status: "unverifiable", health: WELL }],
    ["403", 403, {}, { "retry-after": "30" }, limited(30_000)],
    ["429", 429, {}, {}, limited()],
    ["the App's own limit is our trouble", 403, {}, { "x-ratelimit-limit": "5000" }, limited()],
    ["500", 500, {}, {}, failed],
    ["a 200 without a user", 200, { ...body, user: null }, {}, failed],
    ["a 200 about another client", 200, { ...body, app: { client_id: "Iv23liOther" } }, {}, failed],
    ["a 200 without a client", 200, { ...body, app: undefined }, {}, failed],
    ["no JSON", 200, "ok", {}, failed],
    [
      "a bot's token",
      200,
      { ...body, user: { ...octocat, type: "Bot" } },
      {},
      { status: "inactive", reason: "unsupported", health: WELL },
    ],
  ])("%s", async (_, status, answer, headers, expected) => {
    check(status, answer, headers);
    expect(await create({ oauth })(ours, "app-user")).toEqual(expected);
  });

  test("both questions share one time limit", async () => {
    const timeout = vi.spyOn(AbortSignal, "timeout");
    const fetch = vi.fn<typeof globalThis.fetch>(() => Promise.resolve(new Response(null, { status: 404 })));
    await create({ oauth, fetch, timeoutMs: 60 })(ours, "app-user");
    expect(timeout.mock.calls).toEqual([[60]]);
    const limit = timeout.mock.results[0]?.value;
    expect(fetch).toHaveBeenCalledTimes(2);
    for (const [, init] of fetch.mock.calls) expect(init?.signal).toBe(limit);
    timeout.mockRestore();
  });
});
