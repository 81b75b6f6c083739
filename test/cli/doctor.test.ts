import { generateKeyPairSync } from "node:crypto";
import { readFileSync } from "node:fs";

import { describe, expect, it } from "vitest";

import type { Config } from "../../src/config.ts";
import { serve } from "./canned-server.ts";
import { APP, DELIVERY, gitHub, HOOK, INSTALLATION, type Scripted } from "./github-double.ts";
import { CANARY, NOW, plain, run } from "./terminal.ts";

const { privateKey: PRIVATE_KEY } = generateKeyPairSync("rsa", {
  modulusLength: 2048,
  privateKeyEncoding: { type: "pkcs1", format: "pem" },
  publicKeyEncoding: { type: "spki", format: "pem" },
});

const ENV = {
  APP_ID: "4242",
  PRIVATE_KEY,
  WEBHOOK_SECRET: `${CANARY}-webhook`,
  PACKGATE_INDEX_CLIENTS: `devpi:${CANARY}-devpi`,
};

const nobodyThere = () =>
  Promise.reject(new TypeError("fetch failed", { cause: Object.assign(new Error("x"), { code: "ECONNREFUSED" }) }));

interface Situation {
  readonly github?: Readonly<Record<string, Scripted>>;
  readonly env?: Readonly<Record<string, string | undefined>>;
  readonly nodeVersion?: string;
  readonly fetch?: typeof fetch;
}

async function doctor(situation: Situation = {}, argv: string[] = []) {
  const { github = {}, env = {}, nodeVersion = "20.20.2", fetch = nobodyThere } = situation;
  const port = gitHub(github);
  const result = await run(
    ["doctor", ...argv],
    { env: { ...ENV, ...env }, fetch },
    { nodeVersion, connect: () => Promise.resolve(port) },
  );
  expect(result.err).toBe("");
  return { ...result, lines: result.out.replace(/\n$/, "").split("\n") };
}

const failed = (status: number, message = "no", headers: Record<string, string> = {}): Scripted => ({
  status,
  headers,
  data: { message, documentation_url: "https://docs.github.com" },
});
const PAGE = "https://github.com/organizations/acme/settings/installations/7";
const SETTINGS = "https://github.com/organizations/acme/settings/apps/packgate";
const without = <T extends object>(all: T, name: keyof T) =>
  Object.fromEntries(Object.entries(all).filter(([key]) => key !== name));
const installed = (changes: object): Scripted => ({ data: [{ ...INSTALLATION, ...changes }] });
const delivered = (...changes: object[]): Scripted => ({
  data: changes.map((change, index) => ({ ...DELIVERY, guid: `g${index}`, ...change })),
});

const HEALTHY = [
  "ok\tnode\tNode 20.20.2\t",
  "ok\tconfiguration\tcomplete\t",
  "ok\tindex clients\tdevpi\t",
  "ok\tapp\tPackgate (App 4242) of acme\t",
  "ok\tclock\tagrees with GitHub's\t",
  "ok\tregistration\tasks for every permission and event, read-only\t",
  "ok\twebhook\tgoes to https://packgate.acme.example/api/github/webhooks, signed\t",
  "ok\tdeliveries\tthe last 1 webhooks arrived, the latest at 2026-11-21T19:59:00Z\t",
  "ok\tinstallation acme\tall repositories\t",
  "ok\tpermissions acme\tevery permission and event is granted\t",
  "ok\tbase permission acme\tmembers have read\t",
  "ok\trate limit acme\t4990 of 5000 REST, 4990 of 5000 GraphQL left\t",
];
const DOWN =
  "warn\tserver\tcannot reach Packgate at http://127.0.0.1:3000 (ECONNREFUSED); start it with: packgate serve, or set PACKGATE_URL to where it runs\t";

describe("all is well", () => {
  it("prints a line for each check, tab separated", async () => {
    const { lines, code } = await doctor();
    expect(lines).toEqual([...HEALTHY, DOWN]);
    expect(code).toBe(0);
  });

  it("aligns and colours them on a terminal, with the fix after the finding", async () => {
    const port = gitHub({ "GET /app/hook/deliveries": { data: [] } });
    const { out } = await run(["doctor"], { env: ENV, isTTY: true }, { connect: () => Promise.resolve(port) });
    const lines = plain(out).split("\n");
    expect(out).toContain("\u001b[32mok\u001b[0m    node");
    expect(lines).toContain("ok    app                   Packgate (App 4242) of acme");
    expect(lines).toContain(
      "warn  deliveries            GitHub has not sent a webhook in the last days; install the App, or change something small in GitHub, and look again",
    );
  });

  it("prints the findings for machines", async () => {
    const { out, code } = await doctor({ github: { "GET /orgs/{org}": { data: {} } } }, ["--json"]);
    expect(code).toBe(1);
    const { ok, checks } = JSON.parse(out);
    expect(ok).toBe(false);
    expect(checks).toHaveLength(HEALTHY.length + 1);
    expect(checks[10]).toEqual({
      status: "fail",
      check: "base permission",
      org: "acme",
      message: "GitHub does not tell what every member may do",
      fix: `accept the permission organization_administration on ${PAGE}`,
    });
    expect(JSON.parse((await doctor({}, ["--json"])).out).ok).toBe(true);
  });

  it("asks the running server, where the configuration puts it", async () => {
    const org = { login: "acme", synced: true, asOf: "2026-11-21T20:00:00Z", revision: 1 };
    const reply = { ready: true, orgs: [{ ...org, packages: 1, repositories: 1, members: 1, lag: 0 }], problems: [] };
    const { url, asked } = await serve({ body: reply });
    const { port } = new URL(url);
    for (const host of ["127.0.0.1", "0.0.0.0", "::"]) {
      const { lines } = await doctor({ fetch, env: { HOST: host, PORT: port } });
      expect(lines.at(-1)).toBe("ok\tserver\tready: acme as of 12 s ago\t");
    }
    expect(asked).toHaveLength(3);
    const v6 = await doctor({ env: { HOST: "::1", PORT: "1" } });
    expect(v6.lines.at(-1)).toContain("cannot reach Packgate at http://[::1]:1 ");
  });

  it.each([
    { problems: ["acme: the first reading is under way"], why: "acme: the first reading is under way" },
    { problems: [], why: "it has not read everything from GitHub yet" },
  ])("says when the server is not ready: $why", async ({ problems, why }) => {
    const { url } = await serve({ status: 503, body: { ready: false, orgs: [], problems } });
    const { lines, code } = await doctor({ fetch, env: { PACKGATE_URL: url } });
    expect(lines.at(-1)).toBe(`fail\tserver\trunning, but not ready: ${why}\tsee: packgate status`);
    expect(code).toBe(1);
  });
});

describe("a running server that is troubled", () => {
  const FRESH = { lag: 0, staleBound: 900, readsOnly: false, queued: 0, budget: 1, drift: 0 };
  const ORG = { login: "acme", synced: true, asOf: "2026-11-21T20:00:00Z", revision: 1, ...FRESH };
  const COUNTS = { packages: 1, repositories: 1, members: 1 };
  const DELIVERED = {
    lastSweepAt: "2026-11-21T20:00:00Z",
    lastDeliveryAt: "2026-11-20T20:00:12Z",
    failedDeliveries: 0,
  };

  async function examine(org: object = {}, deliveries: object = {}, rest: object = {}, env: Situation["env"] = {}) {
    const orgs = [{ ...ORG, ...COUNTS, ...org }];
    const body = { ready: true, orgs, deliveries: { ...DELIVERED, ...deliveries }, problems: [], ...rest };
    const { url } = await serve({ body });
    const { lines, code } = await doctor({ fetch, env: { PACKGATE_URL: url, ...env } });
    const server = lines.findIndex((line) => line.split("\t")[1] === "server");
    return { code, troubles: lines.slice(server + 1) };
  }

  it.each([
    ["drift", { drift: 3 }, /^warn\tdrift acme\t.*told of: 3 since the start\tsee that every event is subscribed/],
    ["a low budget", { budget: 0.249 }, /^warn\tbudget acme\t24 % .* so the resync waits\tsee whether another/],
    ["a lower budget", { budget: 0.09 }, /^warn\tbudget acme\t9 % .* so polls and the resync wait\t/],
    ["facts that are too old", { staleBound: 901 }, /^warn\tfreshness acme\t.* wants 15 min\traise PACKGATE_RESYNC/],
    ["a queue that stands", { lag: 121, queued: 7 }, /^warn\tfreshness acme\t.* 2 min .*queued: 7\)\tsee the log/],
    ["a queue, it says not how long", { lag: 180, queued: null }, /for 3 min to be read .*queued: 0\)\t/],
    ["no look at GitHub's log", { readsOnly: true }, /^fail\tfreshness acme\tonly reads .*\tlet this server reach/],
  ])("explains %s", async (_, org, line) => {
    const { troubles, code } = await examine(org);
    expect(troubles).toEqual([expect.stringMatching(line)]);
    expect(code).toBe(troubles.some((each) => each.startsWith("fail")) ? 1 : 0);
  });

  it.each([
    ["failed deliveries", { failedDeliveries: 2 }, /^warn\twebhooks\t2 of the latest deliveries failed\tsee that/],
    ["silence", { lastDeliveryAt: "2026-11-20T20:00:11Z" }, /^warn\twebhooks\tthe last one was sent 1 d ago\tnothing/],
    ["an empty log", { lastDeliveryAt: null }, /^warn\twebhooks\tGitHub's log shows none\tnothing if/],
  ])("explains %s", async (_, deliveries, line) => {
    expect((await examine({}, deliveries)).troubles).toEqual([expect.stringMatching(line)]);
  });

  it("repeats each of its sentences, once", async () => {
    const problems = ["One.", "Two."];
    const said = ["warn\tserver\tOne.\t", "warn\tserver\tTwo.\t"];
    expect((await examine({}, {}, { problems })).troubles).toEqual(said);
    expect((await examine({}, {}, { problems, ready: false })).troubles).toEqual([]);
  });

  it("measures by the interval that is configured, and by none where that has faults", async () => {
    const slow = { staleBound: 3600 };
    const hourly = { PACKGATE_RESYNC_INTERVAL: "1h", PACKGATE_MAX_STALENESS: "3h" };
    expect((await examine(slow, {}, {}, hourly)).troubles).toEqual([]);
    expect((await examine(slow, {}, {}, { PACKGATE_RESYNC_INTERVAL: "never" })).troubles).toEqual([]);
    expect((await examine(slow)).troubles).toHaveLength(1);
  });

  it("says nothing of what an older server does not tell, or what is in order", async () => {
    const bare = Object.fromEntries(Object.keys(FRESH).map((name) => [name, null]));
    expect(await examine(bare, {}, { deliveries: null })).toEqual({ troubles: [], code: 0 });
    expect(await examine({}, { lastDeliveryAt: null, lastSweepAt: null })).toEqual({ troubles: [], code: 0 });
    expect(await examine({ lag: 120, budget: 0.25 })).toEqual({ troubles: [], code: 0 });
  });
});

interface Situated extends Situation {
  readonly name: string;
  /** They replace the lines of the same checks. */
  readonly lines: readonly string[];
  /** After which check the examination ends, if it does. */
  readonly ends?: "app" | "installation";
}

const SITUATIONS: readonly Situated[] = [
  {
    name: "old Node",
    nodeVersion: "20.18.3",
    lines: ["fail\tnode\tNode 20.18.3 is too old\tinstall Node 20.19 or newer"],
  },
  {
    name: "older Node",
    nodeVersion: "18.20.0",
    lines: ["fail\tnode\tNode 18.20.0 is too old\tinstall Node 20.19 or newer"],
  },
  { name: "newer Node", nodeVersion: "24.0.0", lines: ["ok\tnode\tNode 24.0.0\t"] },
  {
    name: "no index clients",
    env: { PACKGATE_INDEX_CLIENTS: "" },
    lines: [
      "warn\tindex clients\tnone, so nobody may ask for decisions\tadd one to PACKGATE_INDEX_CLIENTS, as name:secret",
    ],
  },
  {
    name: "a variable that does nothing",
    env: { PACKGATE_TOKN_TTL: "60" },
    lines: [
      "ok\tconfiguration\tcomplete\t",
      "warn\tconfiguration\tPACKGATE_TOKN_TTL is not a variable of this version and has no effect; did you mean PACKGATE_TOKEN_TTL?\t",
    ],
  },
  {
    name: "wrong key",
    github: { "GET /app": failed(401, "A JSON web token could not be decoded") },
    lines: [
      "fail\tapp\tGitHub does not accept the private key for App 4242 (401)\tuse a private key of that App, or correct APP_ID",
    ],
    ends: "app",
  },
  {
    name: "wrong App id",
    github: { "GET /app": failed(404, "Integration not found") },
    lines: [
      "fail\tapp\tGitHub knows no App 4242 (404)\tcorrect APP_ID, or GHE_HOST if the App is registered on another GitHub",
    ],
    ends: "app",
  },
  {
    name: "a clock that is off",
    github: {
      "GET /app": failed(401, "'Issued at' claim ('iat') must be an Integer representing the time", {
        date: new Date(NOW + 300_000).toUTCString(),
      }),
    },
    lines: ["fail\tapp\tGitHub rejects the time in our credentials: this clock is off by 300 s\tset the clock (NTP)"],
    ends: "app",
  },
  {
    name: "a clock that is off, nobody knows by how much",
    github: { "GET /app": failed(401, "'Expiration time' claim ('exp') is too far in the future") },
    lines: ["fail\tapp\tGitHub rejects the time in our credentials: this clock is off\tset the clock (NTP)"],
    ends: "app",
  },
  {
    name: "a clock that goes wrong",
    github: { "GET /app": { data: APP, headers: { date: new Date(NOW - 45_000).toUTCString() } } },
    lines: ["warn\tclock\t45 s ahead of GitHub's\tset the clock (NTP)"],
  },
  {
    name: "a clock that lags",
    github: { "GET /app": { data: APP, headers: { date: new Date(NOW + 45_000).toUTCString() } } },
    lines: ["warn\tclock\t45 s behind GitHub's\tset the clock (NTP)"],
  },
  {
    name: "no network",
    github: { "GET /app": new Error("x", { cause: Object.assign(new Error(CANARY), { code: "ENOTFOUND" }) }) },
    lines: [
      "fail\tapp\tGitHub cannot be reached (ENOTFOUND)\tcheck the network, the proxy, and GHE_HOST or GITHUB_API_URL",
    ],
    ends: "app",
  },
  {
    name: "no network, no code",
    github: { "GET /app": new Error(CANARY) },
    lines: [
      "fail\tapp\tGitHub cannot be reached (no connection)\tcheck the network, the proxy, and GHE_HOST or GITHUB_API_URL",
    ],
    ends: "app",
  },
  {
    name: "GitHub in trouble",
    github: { "GET /app": { status: 503, data: "<html>" } },
    lines: ["fail\tapp\tthe App: GitHub answers 503\ttry again; see https://www.githubstatus.com"],
    ends: "app",
  },
  {
    name: "not GitHub",
    github: { "GET /app": { data: "<html>" } },
    lines: [
      "fail\tapp\tthe App: GitHub's answer has an unexpected form (at the top)\tcheck that GHE_HOST or GITHUB_API_URL is GitHub's API",
    ],
    ends: "app",
  },
  {
    name: "an App that asks for too little",
    github: {
      "GET /app": {
        data: {
          ...APP,
          permissions: without(APP.permissions, "members"),
          events: APP.events.filter((event) => event !== "push"),
        },
      },
    },
    lines: [
      `fail\tregistration\tthe App does not ask for permission members\tadd it on ${SETTINGS}/permissions, then accept it`,
      `fail\tregistration\tthe App does not ask for event push\tadd it on ${SETTINGS}/permissions, then accept it`,
    ],
  },
  {
    name: "an App that asks for too much",
    github: {
      "GET /app": { data: { ...APP, permissions: { ...APP.permissions, contents: "write", issues: "write" } } },
    },
    lines: [
      `warn\tregistration\tthe App asks for more than it uses: contents (write), issues (write)\tlower it on ${SETTINGS}/permissions`,
    ],
  },
  {
    name: "no webhook",
    github: { "GET /app/hook/config": failed(404) },
    lines: [`fail\twebhook\tthe App has no webhook, so no change arrives\tactivate it on ${SETTINGS}`],
  },
  {
    name: "no webhook URL",
    github: { "GET /app/hook/config": { data: { ...HOOK, url: "" } } },
    lines: [`fail\twebhook\tthe App has no webhook URL, so no change arrives\tenter it on ${SETTINGS}`],
  },
  {
    name: "Probot's default webhook path",
    github: { "GET /app/hook/config": { data: { ...HOOK, url: "https://packgate.acme.example/" } } },
    lines: [
      `fail\twebhook\tgoes to https://packgate.acme.example/, where Packgate takes no webhooks\tset the webhook URL to YOUR-HOST/api/github/webhooks on ${SETTINGS}`,
    ],
  },
  {
    name: "no URL at all",
    github: { "GET /app/hook/config": { data: { ...HOOK, url: "packgate" } } },
    lines: [
      `fail\twebhook\tgoes to packgate, where Packgate takes no webhooks\tset the webhook URL to YOUR-HOST/api/github/webhooks on ${SETTINGS}`,
      `warn\twebhook\tpayloads travel unencrypted\tuse an https URL on ${SETTINGS}`,
    ],
  },
  {
    name: "another public URL",
    env: { PACKGATE_PUBLIC_URL: "https://pypi.acme.example/gate" },
    lines: [
      `fail\twebhook\tgoes to ${HOOK.url}, not to PACKGATE_PUBLIC_URL\tset the webhook URL to https://pypi.acme.example/gate/api/github/webhooks on ${SETTINGS}`,
    ],
  },
  { name: "the public URL", env: { PACKGATE_PUBLIC_URL: "https://packgate.acme.example" }, lines: [] },
  {
    name: "everything wrong with a webhook",
    github: { "GET /app/hook/config": { data: { url: HOOK.url, content_type: "form", insecure_ssl: 1 } } },
    lines: [
      `fail\twebhook\tpayloads come as form\tchoose application/json on ${SETTINGS}`,
      `fail\twebhook\tthe webhook has no secret\tenter WEBHOOK_SECRET on ${SETTINGS}`,
      `fail\twebhook\tGitHub does not verify our certificate\tenable SSL verification on ${SETTINGS}`,
    ],
  },
  {
    name: "a webhook with GitHub's defaults",
    github: { "GET /app/hook/config": { data: { url: HOOK.url.replace("https", "http"), secret: "********" } } },
    lines: [
      `fail\twebhook\tpayloads come as form\tchoose application/json on ${SETTINGS}`,
      `warn\twebhook\tpayloads travel unencrypted\tuse an https URL on ${SETTINGS}`,
    ],
  },
  {
    name: "a rate limit",
    github: {
      "GET /app/hook/config": failed(403, "API rate limit exceeded", {
        "x-ratelimit-remaining": "0",
        "x-ratelimit-reset": String(NOW / 1000 + 60),
      }),
    },
    lines: ["fail\twebhook\tthe webhook: GitHub limits our requests until 2026-11-21T20:01:12.000Z\twait until then"],
  },
  {
    name: "nothing delivered",
    github: { "GET /app/hook/deliveries": { data: [] } },
    lines: [
      "warn\tdeliveries\tGitHub has not sent a webhook in the last days\tinstall the App, or change something small in GitHub, and look again",
    ],
  },
  {
    name: "deliveries that cannot be listed",
    github: { "GET /app/hook/deliveries": failed(401) },
    lines: [
      "fail\tdeliveries\tthe webhook's deliveries: GitHub refuses our credentials (401)\tmake a new private key on the App's page",
    ],
  },
  {
    name: "another webhook secret",
    github: { "GET /app/hook/deliveries": delivered({ status_code: 401, status: "Unauthorized" }, {}) },
    lines: [
      `fail\tdeliveries\t1 of the last 2 webhooks failed, the latest at 2026-11-21T19:59:00Z (push: 401 Unauthorized)\tmake WEBHOOK_SECRET the same here and on the App's page; see ${SETTINGS}/advanced`,
    ],
  },
  ...(
    [
      [403, "let GitHub's requests through the proxy or firewall"],
      [404, "correct the webhook URL's path"],
      [413, "let the proxy pass bodies of up to 25 MiB"],
      [500, "look at Packgate's log"],
      [502, "check that Packgate runs behind its proxy"],
      [504, "check that GitHub can reach the webhook URL from the internet"],
    ] as const
  ).map(([status_code, fix]) => ({
    name: `deliveries answered ${status_code}`,
    github: { "GET /app/hook/deliveries": delivered({ status_code, status: "Bad" }) },
    lines: [
      `fail\tdeliveries\t1 of the last 1 webhooks failed, the latest at 2026-11-21T19:59:00Z (push: ${status_code} Bad)\t${fix}; see ${SETTINGS}/advanced`,
    ],
  })),
  {
    name: "no connection to us",
    github: { "GET /app/hook/deliveries": delivered({ status_code: 0, status: "failed to connect to host" }) },
    lines: [
      `fail\tdeliveries\t1 of the last 1 webhooks failed, the latest at 2026-11-21T19:59:00Z (push: failed to connect to host)\tcheck that GitHub can reach the webhook URL from the internet; see ${SETTINGS}/advanced`,
    ],
  },
  {
    name: "trouble that is over",
    github: {
      "GET /app/hook/deliveries": delivered({}, { status_code: 502 }, { guid: "r" }, { guid: "r", status_code: 500 }),
    },
    lines: [
      "warn\tdeliveries\t1 of the last 3 webhooks failed, the latest arrived at 2026-11-21T19:59:00Z\tnothing if Packgate was down then: it catches up by itself",
    ],
  },
  {
    name: "not installed",
    ends: "installation",
    github: { "GET /app/installations": { data: [] } },
    lines: [
      "fail\tinstallation\tthe App is not installed on any organization\tinstall it: https://github.com/apps/packgate/installations/new",
    ],
  },
  {
    name: "installed on a person",
    ends: "installation",
    github: { "GET /app/installations": installed({ account: { login: "alice", type: "User" } }) },
    lines: [
      "fail\tinstallation\tthe App is not installed on any organization\tinstall it: https://github.com/apps/packgate/installations/new",
    ],
  },
  {
    name: "installed on several",
    ends: "installation",
    github: {
      "GET /app/installations": { data: [INSTALLATION, { ...INSTALLATION, id: 101, account: { login: "Beta" } }] },
    },
    lines: ["fail\tinstallation\tthe App is installed on acme, Beta\tname those to serve in PACKGATE_ORGS"],
  },
  {
    name: "installed elsewhere",
    env: { PACKGATE_ORGS: "acme,gamma" },
    lines: [
      "fail\tinstallation gamma\tthe App is not installed here\tinstall it: https://github.com/apps/packgate/installations/new, or correct PACKGATE_ORGS",
      "ok\tinstallation acme\tall repositories\t",
    ],
  },
  {
    name: "an installation without an account",
    ends: "installation",
    github: { "GET /app/installations": installed({ account: null, suspended_at: "2026-11-01T00:00:00Z" }) },
    lines: [
      "fail\tinstallation ?\tsuspended since 2026-11-01T00:00:00Z: GitHub sends nothing and answers nothing\tunsuspend it on https://github.com/organizations/?/settings/installations/7",
    ],
  },
  {
    name: "installations that cannot be listed",
    ends: "installation",
    github: { "GET /app/installations": failed(403, "no", { "x-accepted-github-permissions": "metadata=read" }) },
    lines: [
      "fail\tinstallation\tthe installations: GitHub forbids it (403), which needs metadata=read\taccept the App's permissions on the organization's installation page",
    ],
  },
  {
    name: "suspended",
    ends: "installation",
    github: { "GET /app/installations": installed({ suspended_at: "2026-11-01T00:00:00Z" }) },
    lines: [
      `fail\tinstallation acme\tsuspended since 2026-11-01T00:00:00Z: GitHub sends nothing and answers nothing\tunsuspend it on ${PAGE}`,
    ],
  },
  {
    name: "selected repositories",
    github: { "GET /app/installations": installed({ repository_selection: "selected" }) },
    lines: [`fail\tinstallation acme\tonly selected repositories, so packages are missing\tchoose all on ${PAGE}`],
  },
  {
    name: "permissions not accepted",
    github: {
      "GET /app/installations": installed({
        permissions: without(INSTALLATION.permissions, "organization_administration"),
        events: INSTALLATION.events.filter((event) => !["org_block", "team"].includes(event)),
      }),
    },
    lines: [
      `fail\tpermissions acme\tpermission organization_administration is not granted\taccept it on ${PAGE}`,
      `fail\tpermissions acme\tevent team is not granted\taccept it on ${PAGE}`,
    ],
  },
  {
    name: "permissions neither asked for nor accepted",
    github: {
      "GET /app": {
        data: {
          ...APP,
          permissions: without(APP.permissions, "administration"),
          events: APP.events.filter((event) => event !== "team"),
        },
      },
      "GET /app/installations": installed({
        permissions: without(INSTALLATION.permissions, "administration"),
        events: INSTALLATION.events.filter((event) => event !== "team"),
      }),
    },
    lines: [
      `fail\tregistration\tthe App does not ask for permission administration\tadd it on ${SETTINGS}/permissions, then accept it`,
      `fail\tregistration\tthe App does not ask for event team\tadd it on ${SETTINGS}/permissions, then accept it`,
      `fail\tpermissions acme\tpermission administration is not granted\tfirst let the App ask for it, then accept it on ${PAGE}`,
      `fail\tpermissions acme\tevent team is not granted\tfirst let the App ask for it, then accept it on ${PAGE}`,
    ],
  },
  {
    name: "hidden base permission",
    github: { "GET /orgs/{org}": { data: { default_repository_permission: null } } },
    lines: [
      `fail\tbase permission acme\tGitHub does not tell what every member may do\taccept the permission organization_administration on ${PAGE}`,
    ],
  },
  {
    name: "an organization we may not see",
    github: { "GET /orgs/{org}": failed(404, "Not Found") },
    lines: [
      "fail\tbase permission acme\tthe organization: GitHub knows nothing of it (404)\tcheck that the App is still installed, and that GHE_HOST or GITHUB_API_URL is its GitHub",
    ],
  },
  {
    name: "an organization that is forbidden",
    github: { "GET /orgs/{org}": failed(403, "Resource not accessible by integration") },
    lines: [
      "fail\tbase permission acme\tthe organization: GitHub forbids it (403)\taccept the App's permissions on the organization's installation page",
    ],
  },
  {
    name: "little left of the rate limit",
    github: {
      "GET /rate_limit": { data: { resources: { core: { limit: 5000, remaining: 499, reset: NOW / 1000 + 60 } } } },
    },
    lines: [
      "warn\trate limit acme\t499 of 5000 REST requests left until 2026-11-21T20:01:12.000Z\tsee whether another process uses this App",
    ],
  },
  {
    name: "no rate limit",
    github: { "GET /rate_limit": failed(404, "Rate limiting is not enabled.") },
    lines: ["ok\trate limit acme\tnone on this GitHub\t"],
  },
  {
    name: "no answer about the rate limit",
    github: { "GET /rate_limit": failed(500) },
    lines: ["fail\trate limit acme\tthe rate limit: GitHub answers 500\ttry again; see https://www.githubstatus.com"],
  },
];

describe("situations", () => {
  it.each(SITUATIONS)("$name", async ({ lines, ends, ...situation }) => {
    const result = await doctor(situation);
    expect(result.lines).toEqual([...expectedLines(lines, ends), DOWN]);
    expect(result.code).toBe(lines.some((line) => line.startsWith("fail")) ? 1 : 0);
  });

  it("are many", () => {
    expect(SITUATIONS.length).toBeGreaterThan(50);
  });
});

/** The lines of a healthy App, with those of the same check replaced, and cut off where the examination ends. */
function expectedLines(lines: readonly string[], ends: Situated["ends"]): string[] {
  const said = new Set<string>();
  const all = HEALTHY.flatMap((healthy) => {
    const check = checkOf(healthy);
    if (ends === "app" && HEALTHY.indexOf(healthy) > 3) return [];
    // Installations are spoken of in one place, whatever organization it is about.
    const same = (line: string) => checkOf(line) === check || (check === "installation acme" && isInstallation(line));
    const instead = lines.filter((line) => same(line) && !said.has(line));
    for (const line of instead) said.add(line);
    if (ends === "installation" && check.endsWith(" acme")) return instead;
    return instead.length > 0 ? instead : [healthy];
  });
  expect(lines.filter((line) => !said.has(line))).toEqual([]);
  return all;
}

function isInstallation(line: string): boolean {
  return checkOf(line).startsWith("installation");
}

function checkOf(line: string): string {
  return line.split("\t")[1] ?? "";
}

const brokenConnect = (): never => {
  throw new RangeError(CANARY);
};

describe("a configuration with faults", () => {
  it("names every one, and asks nobody but the server", async () => {
    const env = { APP_ID: undefined, WEBHOOK_SECRET: "development", PACKGATE_KYE: CANARY };
    const { lines, code } = await doctor({ env, github: { "GET /app": new Error("not to be asked") } });
    expect(code).toBe(1);
    expect(lines).toEqual([
      "ok\tnode\tNode 20.20.2\t",
      "fail\tconfiguration\tAPP_ID is not set\tcopy the App ID from the App's settings page",
      "fail\tconfiguration\tWEBHOOK_SECRET is Probot's well-known default\tmake one with: openssl rand -hex 32",
      expect.stringMatching(/^warn\tconfiguration\tPACKGATE_KYE is not a variable of this version/),
      DOWN,
    ]);
  });

  it("reads the key's file through what it was given", async () => {
    const read: string[] = [];
    const readFile = (path: string) => {
      read.push(path);
      return PRIVATE_KEY;
    };
    const env = { ...ENV, PRIVATE_KEY: undefined, PRIVATE_KEY_PATH: "app.pem" };
    let given: Config | undefined;
    const connect = (config: Config) => {
      given = config;
      return Promise.resolve(gitHub());
    };
    const { code } = await run(["doctor"], { env }, { readFile, connect });
    expect({ code, read, appId: given?.appId }).toEqual({ code: 0, read: ["app.pem"], appId: 4242 });
  });

  it("lets nothing else pass as a fault of the configuration", async () => {
    const { err, code } = await run(["doctor"], { env: ENV }, { connect: brokenConnect });
    expect({ err, code }).toMatchObject({ code: 1, err: expect.stringContaining("a fault of its own (RangeError)") });
  });
});

it("looks at every page of installations", async () => {
  const all = Array.from({ length: 150 }, (_, index) => ({
    ...INSTALLATION,
    id: 101 + index,
    account: { login: `org-${index}`, type: "Organization" },
  }));
  const paged = ({ page, per_page }: Record<string, unknown>) => ({
    data: all.slice((Number(page) - 1) * Number(per_page), Number(page) * Number(per_page)),
  });
  const { lines } = await doctor({ github: { "GET /app/installations": paged }, env: { PACKGATE_ORGS: "ORG-149" } });
  expect(lines).toContain("ok\tinstallation org-149\tall repositories\t");
});

it("shows an App of a person at its own page", async () => {
  const app = { ...APP, owner: { login: "alice", type: "User" } };
  const { lines } = await doctor({ github: { "GET /app": { data: app }, "GET /app/hook/config": failed(404) } });
  expect(lines).toContain(
    "fail\twebhook\tthe App has no webhook, so no change arrives\tactivate it on https://github.com/settings/apps/packgate",
  );
});

it("demands the Node that package.json demands", async () => {
  const { LEAST_NODE } = await import("../../src/cli/doctor/node-version.ts");
  const { engines } = JSON.parse(readFileSync(new URL("../../package.json", import.meta.url), "utf8"));
  expect(`>=${LEAST_NODE.major}.${LEAST_NODE.minor}`).toBe(engines.node);
});

describe("whether people can log in", () => {
  const env = { GITHUB_CLIENT_ID: "Iv1.a", GITHUB_CLIENT_SECRET: `${CANARY}-client` };
  const asked: string[] = [];
  const answers =
    (reply: object): typeof fetch =>
    (input) => {
      asked.push(new URL(input instanceof Request ? input.url : input).href);
      return Promise.resolve(Response.json(reply));
    };
  const code = { device_code: CANARY, user_code: "WDJB-MJHT", verification_uri: "https://github.com/login/device" };

  it("is found out with a code that nobody enters", async () => {
    const { lines, code: exit } = await doctor({ env, fetch: answers({ ...code, expires_in: 900, interval: 5 }) });
    expect(lines).toContain("ok\tlogin\tthe App's device flow is enabled\t");
    expect(asked[0]).toBe("https://github.com/login/device/code");
    expect(exit).toBe(0);
  });

  it("is said with what to do about it", async () => {
    const { lines, code: exit } = await doctor({ env, fetch: answers({ error: "device_flow_disabled" }) });
    expect(lines.find((line) => line.startsWith("warn\tlogin"))).toContain('its owner ticks "Enable Device Flow"');
    expect(exit).toBe(0);
  });
});
