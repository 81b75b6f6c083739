import { parse } from "smol-toml";
import { describe, expect, it } from "vitest";

import { serve } from "./canned-server.ts";
import { CANARY, run } from "./terminal.ts";

async function ask(argv: readonly string[], body: unknown, isTTY = false, status = 200) {
  const { url, asked } = await serve({ body, status });
  return {
    ...(await run(argv, { isTTY, env: { PACKGATE_URL: `${url}/`, PACKGATE_KEY: CANARY, NO_COLOR: "1" } })),
    asked,
  };
}

describe("who-can", () => {
  const REPLY = {
    org: "acme",
    package: "acme-core",
    action: "upload",
    users: [
      { id: 1, login: "alice", role: "admin", reason: "owner", member: true },
      { id: 2, login: "contractor", role: null, reason: "collaborator", member: false },
    ],
  };

  it("asks with the words as given", async () => {
    const { asked } = await ask(["who-can", "publish", "Acme_Core", "--org", "acme"], REPLY);
    expect(asked).toEqual([
      {
        line: "GET /who-can?package=Acme_Core&action=publish&org=acme",
        authorization: `Bearer ${CANARY}`,
        body: undefined,
      },
    ]);
  });

  it("prints a row for each, for programs and for people", async () => {
    const piped = await ask(["who-can", "upload", "acme-core"], REPLY);
    expect(piped).toMatchObject({
      code: 0,
      out: "alice\tadmin\towner\tmember\ncontractor\t-\tcollaborator\toutside\n",
      err: "",
    });
    const shown = await ask(["who-can", "upload", "acme-core"], REPLY, true);
    expect(shown.out).toBe(
      [
        "LOGIN       ROLE   REASON        IN ORGANIZATION",
        "alice       admin  owner         member",
        "contractor  -      collaborator  outside",
        "",
      ].join("\n"),
    );
    expect(JSON.parse((await ask(["who-can", "upload", "acme-core", "--json"], REPLY)).out)).toEqual(REPLY);
  });

  it("says when the list may lack some", async () => {
    const { code, out, err } = await ask(["who-can", "upload", "acme-core"], { ...REPLY, users: [], unknown: 3 });
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "",
      err: "of 3 more it is not known yet; see: packgate status\n",
    });
  });

  it("says so when it is nobody, without spoiling the list", async () => {
    const { code, out, err } = await ask(["who-can", "upload", "acme-core"], { ...REPLY, users: [] }, true);
    expect({ code, out, err }).toEqual({ code: 0, out: "", err: "nobody may upload acme-core in acme\n" });
  });
});

describe("what-can", () => {
  const REPLY = {
    org: "acme",
    user: { id: 1, login: "alice" },
    packages: [
      { name: "acme-core", repository: "acme/core", permissions: ["read", "upload"], role: "write", reason: "team" },
      { name: "acme-web", repository: "acme/web", permissions: ["read"], role: null, reason: "public" },
    ],
  };

  it("prints a row for each package", async () => {
    const piped = await ask(["what-can", "alice"], REPLY);
    expect(piped.asked[0]?.line).toBe("GET /what-can?user=alice");
    expect(piped.out).toBe("acme-core\tread,upload\twrite\tteam\tacme/core\nacme-web\tread\t-\tpublic\tacme/web\n");
    const shown = await ask(["what-can", "alice"], REPLY, true);
    expect(shown.out).toBe(
      [
        "PACKAGE    PERMISSIONS  ROLE   REASON  REPOSITORY",
        "acme-core  read,upload  write  team    acme/core",
        "acme-web   read         -      public  acme/web",
        "",
      ].join("\n"),
    );
    expect(JSON.parse((await ask(["what-can", "alice", "--json"], REPLY)).out)).toEqual(REPLY);
  });

  it("says when the list may lack some", async () => {
    const { err } = await ask(["what-can", "alice"], { ...REPLY, unknown: 1 });
    expect(err).toBe("of 1 more it is not known yet; see: packgate status\n");
  });

  it("says so when there is none", async () => {
    const { code, err } = await ask(["what-can", "alice"], { ...REPLY, packages: [] });
    expect({ code, err }).toEqual({ code: 0, err: "alice has no permission on any package in acme\n" });
  });
});

describe("claims", () => {
  const since = "2026-11-18T20:00:00.000Z";
  const REPLY = {
    org: "acme",
    claims: [
      { name: "acme-core", status: "held", repository: "acme/core", path: "pyproject.toml", since, rivals: [] },
      {
        name: "acme-web",
        status: "contested",
        repository: "acme/web",
        path: "pyproject.toml",
        since,
        rivals: [{ repository: "acme/web-next", path: "py/pyproject.toml" }],
      },
      { name: "old", status: "retired", repository: "acme/attic", since },
      { name: "acme-vveb", status: "pinned", repository: "acme/web", path: null, since, pin: "web" },
      { name: "acme-lost", status: "unbound", repository: "acme/nowhere", since, pin: "nowhere" },
    ],
    lookAlikes: [["acme-lib", "acme1ib"]],
    problems: [
      {
        repository: "acme/core",
        path: "libs/pyproject.toml",
        names: ["acme-lib", "acme-libs"],
        message: "this is not TOML; add the closing quote",
        line: 2,
        column: 9,
        codeblock: '1:  [project]\n2:  name = "x\u001b[2J\n           \t^\n',
      },
      { repository: "acme/web", path: "setup.cfg", message: "the file is larger than 1 MiB; split it" },
    ],
  };

  it("prints claims and problems for programs", async () => {
    const { out, code } = await ask(["claims"], REPLY);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        `acme-core\theld\tacme/core:pyproject.toml\t${since}\t`,
        `acme-web\tcontested\tacme/web:pyproject.toml\t${since}\tacme/web-next:py/pyproject.toml`,
        `old\tretired\tacme/attic\t${since}\t`,
        `acme-vveb\tpinned\tacme/web\t${since}\t`,
        `acme-lost\tunbound\tacme/nowhere\t${since}\t`,
        "look alike\tacme-lib acme1ib",
        "problem\tacme/core:libs/pyproject.toml:2:9\tthis is not TOML; add the closing quote\tacme-lib acme-libs",
        "problem\tacme/web:setup.cfg\tthe file is larger than 1 MiB; split it",
        "",
      ].join("\n"),
    );
  });

  it("prints them for people, with the faulty lines made harmless", async () => {
    const { out } = await ask(["claims"], REPLY, true);
    expect(out).toBe(
      [
        "PACKAGE    STATUS     CLAIMED BY                SINCE    RIVALS",
        "acme-core  held       acme/core:pyproject.toml  3 d ago",
        "acme-web   contested  acme/web:pyproject.toml   3 d ago  acme/web-next:py/pyproject.toml",
        "old        retired    acme/attic                3 d ago",
        "acme-vveb  pinned     acme/web                  3 d ago",
        "acme-lost  unbound    acme/nowhere              3 d ago",
        "look alike  acme-lib acme1ib",
        "",
        "acme/core:libs/pyproject.toml:2:9  this is not TOML; add the closing quote",
        "1:  [project]",
        String.raw`2:  name = "x\u001b[2J`,
        "            ^",
        "until it is mended, this repository keeps: acme-lib acme-libs",
        "",
        "acme/web:setup.cfg  the file is larger than 1 MiB; split it",
        "",
      ].join("\n"),
    );
  });

  it("prints pins for packgate.toml", async () => {
    const { out } = await ask(["claims", "--toml"], REPLY);
    expect(out).toBe(
      [
        "[packages.acme-core]",
        'repository = "core"',
        "",
        '# contested by "acme/web-next" ("py/pyproject.toml")',
        "[packages.acme-web]",
        'repository = "web"',
        "",
        "[packages.acme-vveb]",
        'repository = "web"',
        "",
        "# there is no such repository",
        "[packages.acme-lost]",
        'repository = "nowhere"',
        "",
      ].join("\n"),
    );
  });

  it("prints pins that are TOML whatever the names are", async () => {
    const repository = 'a"b\\c\u007f\u0001\nd = 1';
    const claim = {
      name: "x.y",
      status: "contested",
      repository,
      path: "p",
      since,
      rivals: [{ repository: "r\n[roles]", path: "p" }],
    };
    const { out } = await ask(["claims", "--toml"], { org: "acme", claims: [claim], problems: [] });
    expect(parse(out)).toEqual({ packages: { "x.y": { repository } } });
  });

  it("prints the reply for machines, and not both forms at once", async () => {
    expect(JSON.parse((await ask(["claims", "--json"], REPLY)).out)).toEqual(REPLY);
    expect(await run(["claims", "--json", "--toml"])).toEqual({
      code: 2,
      out: "",
      err: 'packgate: claims prints either --toml or --json; see "packgate claims --help"\n',
    });
  });

  it("says so when there are none", async () => {
    const { err, code } = await ask(["claims"], { org: "acme", claims: [], problems: [] });
    expect({ err, code }).toEqual({ err: "no repository claims a package\n", code: 0 });
  });
});

describe("status", () => {
  const ACME = {
    login: "acme",
    synced: true,
    asOf: "2026-11-21T20:00:00.000Z",
    revision: 4711,
    packages: 3,
    repositories: 50,
    members: 12,
    lag: 0,
    staleBound: 900,
    readsOnly: false,
    queued: 2,
    budget: 0.257,
    drift: 4,
  };
  const BARE = { staleBound: null, readsOnly: null, queued: null, budget: null, drift: null };
  const BETA = { ...ACME, ...BARE, login: "beta-corp", synced: false, asOf: null, revision: 0, lag: null };
  const DELIVERIES = { lastSweepAt: "2026-11-21T20:00:00.000Z", lastDeliveryAt: null, failedDeliveries: 1 };
  const PROBLEM = "acme: the audit found a difference; see the log";

  it("is open: it asks without the key", async () => {
    const { asked, code, out } = await ask(["status"], { ready: true, orgs: [ACME], problems: [] });
    expect(asked).toEqual([{ line: "GET /readyz", authorization: undefined, body: undefined }]);
    expect({ code, out }).toEqual({
      code: 0,
      out: "acme\tsynced\t2026-11-21T20:00:00.000Z\t15 min\t0 s\t2\t25 %\t4\t4711\t3\t50\t12\n",
    });
  });

  it("prints problems, and that nothing is decided until then", async () => {
    const careful = { ...ACME, login: "careful", readsOnly: true };
    const reply = { ready: false, orgs: [ACME, careful, BETA], deliveries: DELIVERIES, problems: [PROBLEM] };
    const { code, out } = await ask(["status"], reply, true, 503);
    expect(code).toBe(4);
    expect(out).toBe(
      [
        "ORGANIZATION  STATE       FACTS AS OF  BOUND   LAG  QUEUE  BUDGET  DRIFT  REVISION  PACKAGES  REPOSITORIES  MEMBERS",
        "acme          synced      12 s ago     15 min  0 s  2      25 %    4      4711      3         50            12",
        "careful       reads only  12 s ago     15 min  0 s  2      25 %    4      4711      3         50            12",
        "beta-corp     syncing     never        -       -    -      -       -      0         3         50            12",
        "webhooks  last delivery never; GitHub's log read 12 s ago; 1 failed (packgate doctor looks)",
        `problem  ${PROBLEM}`,
        "not ready  decisions are unknown until this is mended",
        "",
      ].join("\n"),
    );
    const fine = { ...reply, deliveries: { ...DELIVERIES, failedDeliveries: 0 } };
    expect((await ask(["status"], fine, true, 503)).out).toContain("log read 12 s ago; 0 failed\n");
    const piped = await ask(["status"], { ...reply, problems: undefined }, false, 503);
    expect(piped.out).toContain("beta-corp\tsyncing\tnever\t-\t-\t-\t-\t-\t0");
    expect(JSON.parse((await ask(["status", "--json"], reply, false, 503)).out)).toEqual(reply);
  });
});

describe("roles", () => {
  const REPLY = {
    org: "acme",
    roles: [
      { name: "maintain", label: "Release manager", permissions: ["read", "upload"], source: "packgate.toml:3" },
      { name: "auditor", label: "auditor", permissions: [], source: "default" },
    ],
  };

  it("prints a row for each, for programs and for people", async () => {
    const { code, out, err, asked } = await ask(["roles", "--org", "acme"], REPLY);
    expect(asked[0]?.line).toBe("GET /roles?org=acme");
    expect({ code, out, err }).toEqual({
      code: 0,
      out: "maintain\tRelease manager\tread,upload\tpackgate.toml:3\nauditor\tauditor\t-\tdefault\n",
      err: "",
    });
    expect((await ask(["roles"], REPLY, true)).out).toMatch(/^ROLE +LABEL +PERMISSIONS +FROM\n/);
    expect(JSON.parse((await ask(["roles", "--json"], REPLY)).out)).toEqual(REPLY);
  });
});
