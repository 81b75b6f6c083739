import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { ACME, ALICE, confirmed, role, granted, viewOf } from "../acme.ts";
import type { Listening } from "../helpers.ts";
import {
  ask,
  BASIC,
  BOBS_TOKEN,
  DEAD_TOKEN,
  during,
  listen,
  LOST_TOKEN,
  serving,
  STRANGERS_TOKEN,
  TOKEN,
  identityOf,
} from "../helpers.ts";

let served: Listening;
beforeAll(async () => {
  served = await listen();
});
afterAll(() => {
  served.server.close();
});

/** As `requests.get(server + uri, params=…, auth=…)` sends it. */
const get = (port: number, call: string, headers: Readonly<Record<string, string>> = BASIC) =>
  ask(port, `/pypicloud/${call}`, { headers: { accept: "*/*", ...headers } });

const closed = { _claimed: [] };
const rw = ["read", "write"];
const r = ["read"];

/** What pypicloud asks, and the JSON that it gets. */
const TABLE: readonly (readonly [call: string, reply: unknown])[] = [
  [`verify?username=alice&password=${TOKEN}`, true],
  [`verify?username=Alice&password=${TOKEN}`, true],
  [`verify?username=bob&password=${TOKEN}`, false],
  [`verify?username=bob&password=${BOBS_TOKEN}`, true],
  [`verify?username=alice&password=${DEAD_TOKEN}`, false],
  [`verify?username=alice&password=`, false],
  [`verify?username=&password=${TOKEN}`, false],
  // Nobody to the organization, though GitHub knows them.
  [`verify?username=mallory&password=${STRANGERS_TOKEN}`, false],
  // Whose name would pypicloud ask with from then on?
  [`verify?username=__token__&password=${TOKEN}`, false],
  [`verify?username=x-access-token&password=${TOKEN}`, false],
  [`verify?username=${TOKEN}&password=`, false],
  [`verify?username=${ALICE}&password=${TOKEN}`, false],
  // U+212A, U+0131: letters that only look like ours.
  [`verify?username=al%C4%B1ce&password=${TOKEN}`, false],
  ["groups", ["backend", "platform", "readers"]],
  ["groups?username=alice", ["backend", "platform"]],
  ["groups?username=bob", ["readers"]],
  ["groups?username=dave", []],
  ["groups?username=nobody", []],
  ["groups?username=", []],
  ["group_members?group=platform", ["alice"]],
  ["group_members?group=backend", ["alice"]],
  ["group_members?group=nothing", []],
  ["group_members?group=everyone", []],
  ["admin?username=olga", true],
  ["admin?username=OLGA", true],
  ["admin?username=alice", false],
  ["admin?username=nobody", false],
  ["user_permissions?package=acme-core", { alice: rw, bob: r, olga: rw }],
  ["user_permissions?package=Acme_Core", { alice: rw, bob: r, olga: rw }],
  ["group_permissions?package=acme-core", { platform: rw, readers: r }],
  // Archived and contested: what may be read may be read, nothing is written.
  ["user_permissions?package=acme-old", { alice: r, dave: r, olga: r }],
  ["group_permissions?package=acme-old", { backend: r }],
  ["user_permissions?package=acme-fight", { alice: r, olga: r }],
  ["group_permissions?package=acme-fight", { backend: r }],
  // Retired: nobody's, but not to be opened by default_read either.
  ["user_permissions?package=acme-gone", closed],
  ["group_permissions?package=acme-gone", closed],
  // Nobody claims it: pypicloud's own defaults decide.
  ["user_permissions?package=acme-new", {}],
  ["group_permissions?package=acme-new", {}],
  // No name of ours, but pypicloud's lower case would make "acme-kit" of it: closed.
  ["user_permissions?package=acme-%E2%84%AAit", closed],
  ["group_permissions?package=acme-%E2%84%AAit", closed],
  ["user_permissions?package=", closed],
  [
    "user_package_permissions?username=alice",
    [
      { package: "acme-core", permissions: rw },
      { package: "acme-fight", permissions: r },
      { package: "acme-old", permissions: r },
    ],
  ],
  ["user_package_permissions?username=dave", [{ package: "acme-old", permissions: r }]],
  ["user_package_permissions?username=nobody", []],
  ["group_package_permissions?group=platform", [{ package: "acme-core", permissions: rw }]],
  ["group_package_permissions?group=nothing", []],
  ["user_data?username=alice", { username: "alice", admin: false, groups: ["backend", "platform"] }],
  ["user_data?username=ALICE", { username: "alice", admin: false, groups: ["backend", "platform"] }],
  ["user_data?username=olga", { username: "olga", admin: true, groups: [] }],
  ["user_data?username=nobody", null],
  [
    "user_data",
    [
      { username: "Carol", admin: false },
      { username: "alice", admin: false },
      { username: "bob", admin: false },
      { username: "dave", admin: false },
      { username: "olga", admin: true },
    ],
  ],
];

describe("pypicloud's calls", () => {
  it.each(TABLE)("GET /pypicloud/%s", async (call, expected) => {
    const { status, text, headers } = await get(served.port, call);
    expect([status, JSON.parse(text)]).toEqual([200, expected]);
    expect(headers["content-type"]).toBe("application/json");
    expect(headers["cache-control"]).toBe("no-store");
  });

  it("are for index clients only", async () => {
    for (const headers of [{}, { authorization: "Basic aW5kZXgtYTp3cm9uZw==" }]) {
      const { status, json } = await get(served.port, "groups", headers);
      expect([status, json["error"]]).toEqual([401, "invalid_client"]);
    }
  });

  it.each([
    ["verify?username=alice", "password: missing"],
    ["verify", "username: missing"],
    ["admin", "username: missing"],
    ["group_members", "group: missing"],
    ["user_permissions", "package: missing"],
    ["user_package_permissions", "username: missing"],
    // Two readers could pick differently.
    [`verify?username=bob&username=alice&password=${TOKEN}`, "A parameter is given more than once."],
    [`verify?username=alice&password=${DEAD_TOKEN}&password=${TOKEN}`, "A parameter is given more than once."],
    ["user_permissions?package=acme-new&package=acme-core", "A parameter is given more than once."],
  ])("are refused when they are not understood: %s", async (call, message) => {
    const { status, json } = await get(served.port, call);
    expect([status, json]).toEqual([400, { error: "invalid_request", message }]);
  });

  it("are these alone", async () => {
    expect((await get(served.port, "nothing")).status).toBe(404);
  });

  it("leave no token behind, neither in the log nor in the metrics nor in an error", async () => {
    // The log, the reply and its headers are searched for the tokens by the helpers.
    await during({ verifyToken: () => Promise.reject(new Error("it broke")) }, async ({ port, service }) => {
      expect((await get(port, `verify?username=alice&password=${TOKEN}`)).status).toBe(500);
      expect(service.lines).toEqual([expect.stringContaining("it broke")]);
    });
    await during({}, async ({ port, service }) => {
      await get(port, `verify?username=${TOKEN}&password=${BOBS_TOKEN}`);
      await get(port, `verify?username=alice&password=${TOKEN}`);
      expect(service.lines.map((line) => line.replace(/ \{.*/, ""))).toEqual(["debug verified", "debug verified"]);
      await ask(port, "/metrics");
    });
  });
});

describe("what pypicloud is told of what is not known", () => {
  const calls = TABLE.map(([call]) => call).filter(
    (call) => !/password=ghp_canaryTokenThatIsDead|__|password=$/.test(call),
  );
  const identified = calls.filter(
    (call) => !call.startsWith("verify") || call.startsWith("verify?username=alice&password=ghp_canaryTokenOfAlice"),
  );

  it("is 503 while not everything has been read, whatever is asked: it opens nothing, and is asked again", async () => {
    await during(serving(viewOf(ACME, { ready: false })), async ({ port }) => {
      for (const call of identified) {
        const { status, headers } = await get(port, call);
        expect([call, status, headers["retry-after"]]).toEqual([call, 503, "5"]);
      }
    });
    await during({ organizations: () => [] }, async ({ port }) => {
      for (const call of identified) expect([call, (await get(port, call)).status]).toEqual([call, 503]);
    });
  });

  it("is 503 when GitHub has not confirmed for too long who belongs to the organization", async () => {
    await during(serving(viewOf(ACME, { freshSince: Infinity })), async ({ port }) => {
      for (const call of identified) expect([call, (await get(port, call)).status]).toEqual([call, 503]);
    });
  });

  it("is 503 for a token that nobody can check, also one whose owner was known a while ago", async () => {
    expect((await get(served.port, `verify?username=alice&password=${LOST_TOKEN}`)).status).toBe(503);
    const identity = identityOf(ALICE, "alice");
    const verifyToken = () => ({ status: "unverifiable", reason: "github", lastKnown: identity }) as const;
    await during({ verifyToken }, async ({ port }) => {
      expect((await get(port, `verify?username=alice&password=${LOST_TOKEN}`)).status).toBe(503);
    });
  });

  it("is 503 about one package whose rights have not been read, and the others are served", async () => {
    const access = new Map(ACME.access);
    access.delete(100);
    await during(serving(viewOf({ ...ACME, access })), async ({ port }) => {
      expect((await get(port, "user_permissions?package=acme-core")).status).toBe(503);
      expect((await get(port, "group_permissions?package=acme-core")).status).toBe(503);
      expect((await get(port, "user_permissions?package=acme-old")).status).toBe(200);
    });
  });

  it("is 503 where nobody can say of one person whether they may read", async () => {
    const organization = confirmed({ id: 1, login: "acme", basePermission: undefined });
    await during(serving(viewOf({ ...ACME, organization })), async ({ port }) => {
      expect((await get(port, "user_permissions?package=acme-core")).status).toBe(503);
    });
  });

  it("is nothing but reads while only reads are known, and then nobody is an admin", async () => {
    await during(serving(viewOf(ACME, { readsOnly: true })), async ({ port }) => {
      expect((await get(port, "user_permissions?package=acme-core")).json).toEqual({ alice: r, bob: r, olga: r });
      expect((await get(port, "group_permissions?package=acme-core")).json).toEqual({ platform: r, readers: r });
      expect((await get(port, "admin?username=olga")).text).toBe("false");
      expect((await get(port, "user_data?username=olga")).json).toMatchObject({ admin: false });
    });
  });
});

describe("names that change hands", () => {
  it("lead to nobody while two people carry one login", async () => {
    const access = new Map(ACME.access);
    access.set(101, confirmed(granted({ collaborators: { 77: { login: "alice", role: role("write") } } })));
    await during(serving(viewOf({ ...ACME, access })), async ({ port }) => {
      expect((await get(port, `verify?username=alice&password=${TOKEN}`)).text).toBe("false");
      expect((await get(port, "user_permissions?package=acme-core")).json).toEqual({ bob: r, olga: rw });
      for (const call of ["groups", "admin", "user_data", "user_package_permissions"]) {
        expect((await get(port, `${call}?username=alice`)).status).toBe(503);
      }
    });
  });

  it("do not make a group of a team whose slug means everybody, or of two with one slug", async () => {
    const named = (platform: string, readers: string) =>
      viewOf({
        ...ACME,
        teams: confirmed(
          new Map([
            [10, { nodeId: "T_10", slug: platform, parent: undefined }],
            [11, { nodeId: "T_11", slug: "backend", parent: 10 }],
            [12, { nodeId: "T_12", slug: readers, parent: undefined }],
          ]),
        ),
      });
    for (const [platform, readers] of [
      ["everyone", "authenticated"],
      ["admin", "everyone"],
      ["same", "same"],
    ] as const) {
      await during(serving(named(platform, readers)), async ({ port }) => {
        expect((await get(port, "groups")).json).toEqual(["backend"]);
        expect((await get(port, "groups?username=alice")).json).toEqual(["backend"]);
        expect((await get(port, "groups?username=bob")).json).toEqual([]);
        expect((await get(port, "group_members?group=same")).json).toEqual([]);
        expect((await get(port, "group_permissions?package=acme-core")).json).toEqual(closed);
        expect((await get(port, "user_permissions?package=acme-core")).json).toEqual({ alice: rw, bob: r, olga: rw });
        for (const group of ["everyone", "authenticated", "admin", "same"]) {
          expect((await get(port, `group_package_permissions?group=${group}`)).json).toEqual([]);
        }
      });
    }
  });
});

describe("what a group may do", () => {
  it("is the same asked by group and by package", async () => {
    for (const group of ["backend", "platform", "readers", "everyone", "authenticated", "admin", "nothing"]) {
      const byPackage: object[] = [];
      for (const name of ["acme-core", "acme-fight", "acme-gone", "acme-old"]) {
        const { json } = await get(served.port, `group_permissions?package=${name}`);
        if (json[group] !== undefined) byPackage.push({ package: name, permissions: json[group] });
      }
      expect((await get(served.port, `group_package_permissions?group=${group}`)).json).toEqual(byPackage);
    }
  });
});
