import nock from "nock";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { createGitHubSight, createGitHubUser } from "../../../src/github/identity/github-user.ts";
import { classicToken } from "./tokens.ts";

const NOW = Date.parse("2026-11-21T20:00:00Z");
const API = "https://api.github.com";
const WELL = { state: "well" };
const token = classicToken("canary");
const CORE = { id: 100, owner: "acme", name: "core" };
const RECOGNISED = { "x-ratelimit-limit": "5000" };

const see = createGitHubSight({ apiUrl: API, fetch, now: () => NOW });
const askInstallation = (text: string) =>
  createGitHubUser({ apiUrl: API, fetch, now: () => NOW, oauth: undefined })(text, "installation");
const reply = (status: number, body?: nock.Body, headers?: nock.ReplyHeaders) =>
  nock(API).get("/repos/acme/core").reply(status, body, headers);

beforeEach(() => nock.disableNetConnect());
afterEach(() => {
  const pending = nock.pendingMocks();
  nock.cleanAll();
  nock.enableNetConnect();
  if (pending.length > 0) throw new Error(`never asked: ${pending.join(", ")}`);
});

describe("GET /repos/{owner}/{repo}, with the caller's token", () => {
  test("is asked with the token, and with nothing of ours", async () => {
    nock(API, { reqheaders: { authorization: `Bearer ${token}`, "user-agent": "packgate" } })
      .get("/repos/acme/core")
      .reply(200, { id: 100, full_name: "acme/core" });
    expect(await see(token, CORE)).toEqual({ sight: "visible", health: WELL });
  });

  test.each<[string, number, nock.Body, nock.ReplyHeaders, string]>([
    ["not there, for this token", 404, { message: "Not Found" }, RECOGNISED, "hidden"],
    ["not authorized for SSO", 403, { message: "Resource protected" }, { "x-github-sso": "required; url=x" }, "hidden"],
    ["an App that is not let in", 403, { message: "OAuth App access restrictions" }, RECOGNISED, "hidden"],
    ["a token that has died since", 401, { message: "Bad credentials" }, {}, "hidden"],
    ["another repository under the name", 200, { id: 101 }, RECOGNISED, "unverifiable"],
    ["no repository at all", 200, "<html>", RECOGNISED, "unverifiable"],
    ["moved", 301, { url: "x" }, { location: `${API}/repositories/100` }, "unverifiable"],
    ["limited", 403, { message: "limit" }, { ...RECOGNISED, "x-ratelimit-remaining": "0" }, "unverifiable"],
    ["limited for being too fast", 429, { message: "slow" }, { ...RECOGNISED, "retry-after": "9" }, "unverifiable"],
    [
      "limited, and no header says so",
      403,
      { message: "You have exceeded a secondary rate limit." },
      {},
      "unverifiable",
    ],
    ["guessed at", 403, { message: "Maximum number of login attempts exceeded." }, {}, "unverifiable"],
    ["away", 502, "", {}, "unverifiable"],
  ])("%s", async (_, status, body, headers, sight) => {
    reply(status, body, headers);
    expect((await see(token, CORE)).sight).toBe(sight);
  });

  test("opens the breaker when GitHub does not recognise anybody any more", async () => {
    reply(403, { message: "limit" }, { "retry-after": "60" });
    expect((await see(token, CORE)).health).toEqual({ state: "limited", retryAfterMs: 60_000 });
  });

  test("opens the breaker when GitHub limits and no header says so", async () => {
    reply(403, { message: "You have exceeded a secondary rate limit." });
    expect((await see(token, CORE)).health).toEqual({ state: "limited", retryAfterMs: undefined });
  });

  test("never rejects, for an error of fetch may quote the token", async () => {
    nock(API).get("/repos/acme/core").replyWithError("no route");
    expect(await see(token, CORE)).toEqual({ sight: "unverifiable", health: { state: "failing" } });
  });
});

describe("GET /installation/repositories", () => {
  const page = (number: number, total: number, ids: number[]) =>
    nock(API)
      .get("/installation/repositories")
      .query({ per_page: 100, page: number })
      .reply(200, { total_count: total, repositories: ids.map((id) => ({ id })) });
  const many = (from: number) => Array.from({ length: 100 }, (_, index) => from + index);

  test("tells what the token can see, page by page", async () => {
    page(1, 101, many(1));
    page(2, 101, [101]);
    expect(await askInstallation("ghs_x")).toEqual({
      status: "installation",
      repositories: new Set([...many(1), 101]),
      complete: true,
      health: WELL,
    });
  });

  test("ends when the pages end, whatever was said of their number", async () => {
    page(1, 3, [1]);
    page(2, 3, []);
    expect(await askInstallation("ghs_x")).toMatchObject({ repositories: new Set([1]), complete: true });
  });

  test("is looked at up to a thousand repositories", async () => {
    for (let number = 1; number <= 10; number += 1) page(number, 5000, many(number * 100));
    expect(await askInstallation("ghs_x")).toMatchObject({ complete: false });
  });

  test.each([
    [401, "inactive"],
    [502, "unverifiable"],
    [200, "unverifiable"],
  ])("is no answer with %i: %s", async (status, expected) => {
    nock(API).get("/installation/repositories").query(true).reply(status, { message: "x" });
    expect(await askInstallation("ghs_x")).toMatchObject({ status: expected });
  });
});
