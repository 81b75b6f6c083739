import nock from "nock";
import { Probot, ProbotOctokit } from "probot";
import { afterEach, describe, expect, it } from "vitest";

import { createGitHubPort } from "../../src/github/doctor/port.ts";

/** Probot's own Octokit, as the process hands it over. */
function probotPort() {
  const still = ProbotOctokit.defaults({ retry: { enabled: false }, throttle: { enabled: false } });
  const probot = new Probot({
    githubToken: "test",
    secret: "not used in this test",
    Octokit: still,
    logLevel: "fatal",
  });
  return createGitHubPort((installation) => probot.auth(installation));
}

describe("the doctor's line to GitHub, on Probot", () => {
  afterEach(() => {
    nock.cleanAll();
    nock.enableNetConnect();
  });

  it("gives every reply, whatever its status", async () => {
    nock("https://api.github.com").get("/app").reply(200, { id: 1 }, { date: "x" });
    nock("https://api.github.com").get("/app").reply(401, { message: "Bad credentials" });
    nock("https://api.github.com").get("/orgs/acme").reply(503, "<html>");
    const port = probotPort();
    expect(await port.appRequest("GET /app")).toMatchObject({ status: 200, data: { id: 1 }, headers: { date: "x" } });
    expect(await port.appRequest("GET /app")).toMatchObject({ status: 401, data: { message: "Bad credentials" } });
    expect(await port.appRequest("GET /orgs/{org}", { org: "acme" })).toMatchObject({ status: 503, data: "<html>" });
    expect(nock.isDone()).toBe(true);
  });

  it("rejects when there was no reply, although Octokit calls that a 500", async () => {
    const refused = Object.assign(new Error("connect ECONNREFUSED"), { code: "ECONNREFUSED" });
    nock("https://api.github.com").get("/app").replyWithError(refused);
    await expect(probotPort().appRequest("GET /app")).rejects.toMatchObject({ status: 500 });
  });

  it("asks as the installation it is told", async () => {
    const asked: (number | undefined)[] = [];
    const port = createGitHubPort((installation) => {
      asked.push(installation);
      return Promise.resolve({ request: (route) => Promise.resolve({ status: 200, headers: {}, data: route }) });
    });
    expect(await port.installationRequest(7, "GET /rate_limit")).toMatchObject({ data: "GET /rate_limit" });
    expect(await port.appRequest("GET /app")).toMatchObject({ data: "GET /app" });
    expect(asked).toEqual([7, undefined]);
  });

  it("takes a token that GitHub refuses to make as GitHub's reply", async () => {
    const suspended = { status: 403, headers: {}, data: { message: "This installation has been suspended" } };
    const port = createGitHubPort(() => Promise.reject(Object.assign(new Error("no"), { response: suspended })));
    expect(await port.installationRequest(7, "GET /rate_limit")).toEqual(suspended);
  });
});
