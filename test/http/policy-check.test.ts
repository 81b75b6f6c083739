import { EventEmitter, once } from "node:events";
import type { IncomingMessage, Server } from "node:http";
import { connect } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { plain, run } from "../cli/terminal.ts";
import { draw } from "../domain/facts-builder.ts";
import { heldClaims, viewOf } from "../domain/views.ts";
import type { Listening } from "./helpers.ts";
import { ask, askAuthorize, BASIC, during, listen, SECRET, serving } from "./helpers.ts";

const DRAWN = draw({
  owners: ["olga"],
  members: ["alice", "bob"],
  teams: { release: { members: ["alice"] } },
  repositories: { core: { declares: ["acme-core"], collaborators: { bob: "write" } } },
});
const VIEW = viewOf(DRAWN.facts, heldClaims(DRAWN));

const rule = (who: string, permissions: string, effect: string) =>
  `[[rules]]\nwho = ["${who}"]\npackages = ["*"]\npermissions = "${permissions}"\neffect = "${effect}"\n`;
const POLICY = `version = 1\n${rule("team:release", "rc", "allow")}${rule("user:bob", "c", "deny")}`;

describe("POST /policy/check", () => {
  let server: Server;
  let port: number;
  beforeAll(async () => {
    ({ server, port } = await listen(serving(VIEW)));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const check = (body: unknown, headers: Readonly<Record<string, string>> = BASIC) =>
    ask(port, "/policy/check", {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body: JSON.stringify(body),
    });
  const alice = { id: DRAWN.user("alice"), login: "alice" };
  const bob = { id: DRAWN.user("bob"), login: "bob" };

  it("lists who would gain and who would lose, and changes nothing", async () => {
    const { status, json } = await check({ policy: POLICY, org: "acme" });
    expect(status).toBe(200);
    expect(json).toEqual({
      org: "acme",
      valid: true,
      index: "index-a",
      gained: 2,
      lost: 1,
      unknown: 0,
      changes: [
        { user: alice, package: "acme-core", action: "read", effect: "gains" },
        { user: alice, package: "acme-core", action: "upload", effect: "gains" },
        { user: bob, package: "acme-core", action: "upload", effect: "loses" },
      ],
      omitted: 0,
      publishers: [],
      publishersOmitted: 0,
      unforeseen: [],
      strangers: [],
    });
    expect((await check({ policy: POLICY })).json).toEqual(json);
  });

  it("names everybody, and what it cannot foresee", async () => {
    const policy = `version = 1\n[tokens]\nproof = { read = "repository" }\n${rule("everyone", "r", "allow")}${rule("workflow:core", "d", "allow")}`;
    const { json } = await check({ policy });
    expect(json).toMatchObject({ gained: 2, lost: 0, unforeseen: ["tokens", "rules for workflows"] });
    expect(json["changes"]).toContainEqual({ user: null, package: "acme-core", action: "read", effect: "gains" });
  });

  it.each([
    ['[read]\nunclaimed = "everyone"', ["read.unclaimed"]],
    [rule("everyone", "d", "allow"), ["rules for workflows"]],
    ['[names]\nreserved = { "acme-*" = ["core"] }', []],
  ])("lists nobody who gains by what it cannot foresee: %s", async (text, unforeseen) => {
    expect((await check({ policy: `version = 1\n${text}` })).json).toMatchObject({ unforeseen });
  });

  it("says who in it is nobody", async () => {
    const policy = `version = 1\n${rule("team:relaese", "c", "allow").replace("effect", 'indexes = ["index-x"]\neffect')}[publishers]\n"cor" = { workflow = ["release.yml"] }\n`;
    const strangers = [
      'packgate.toml:2: a rule names "team:relaese", which acme does not know, and so allows it nothing; did you mean "team:release"?',
      'packgate.toml:9: publishers names the repository "cor", which acme does not know, and so limits nobody; did you mean "core"?',
      'packgate.toml:2: a rule names the index client "index-x", which PACKGATE_INDEX_CLIENTS does not have, and so holds for none; did you mean "index-a"?',
    ];
    expect((await check({ policy })).json).toMatchObject({ gained: 0, strangers });
    const { code, err } = await run(
      ["policy", "check", "packgate.toml", "--against", `http://127.0.0.1:${port}`],
      { env: { PACKGATE_KEY: SECRET } },
      { readFile: () => policy },
    );
    expect({ code, err }).toEqual({ code: 0, err: strangers.map((sentence) => `${sentence}\n`).join("") });
  });

  const PUBLISHERS = 'version = 1\n[publishers]\n"*" = { workflow = ["release.yml"], ref = ["refs/tags/*"] }\n';

  it("lists whose runs would be limited, which concerns nobody else", async () => {
    const { json } = await check({ policy: PUBLISHERS });
    expect(json).toMatchObject({
      gained: 0,
      lost: 0,
      changes: [],
      publishers: [{ repository: "acme/core", before: "as by default", after: "release.yml on refs/tags/*" }],
      publishersOmitted: 0,
      unforeseen: [],
    });
    const faulty = await check({ policy: PUBLISHERS.replace("release.yml", "release") });
    expect(faulty.json).toMatchObject({ valid: false, faults: [{ line: 3, column: 21 }] });
  });

  it("counts whose runs would be limited, and lists a thousand", async () => {
    const names = Array.from({ length: 1002 }, (_, index) => `r${index}`);
    const many = draw({ repositories: Object.fromEntries(names.map((name) => [name, { declares: [name] }])) });
    const wide = await listen(serving(viewOf(many.facts, heldClaims(many))));
    const options = { env: { PACKGATE_KEY: SECRET } };
    const url = `http://127.0.0.1:${wide.port}`;
    const { out, err } = await run(["policy", "check", "packgate.toml", "--against", url], options, {
      readFile: () => PUBLISHERS,
    });
    wide.server.close();
    expect(out).toContain("of 1002 repositories other runs may publish\n");
    expect(out.split("\n").filter((line) => line.startsWith("acme/r"))).toHaveLength(1000);
    expect(err).toBe("and 2 more repositories\n");
  });

  it("says what is wrong with a policy", async () => {
    const { status, json } = await check({ policy: "version = 2" });
    expect(status).toBe(200);
    expect(json).toMatchObject({ valid: false, faults: [{ path: "packgate.toml", line: 1, column: 11 }] });
  });

  it.each<[about: string, body: unknown, headers: Readonly<Record<string, string>>, status: number]>([
    ["a stranger", { policy: POLICY }, {}, 401],
    ["another organization", { policy: POLICY, org: "other" }, BASIC, 400],
    ["no policy", {}, BASIC, 400],
  ])("refuses %s", async (_, body, headers, status) => {
    expect((await check(body, headers)).status).toBe(status);
  });

  it("takes no body beyond the limit", async () => {
    expect((await check({ policy: "#".repeat(70_000) })).status).toBe(413);
  });

  it("is not answered before everything has been read", async () => {
    const unready = await listen(serving({ ...VIEW, ready: false }));
    const { status } = await ask(unready.port, "/policy/check", {
      method: "POST",
      headers: BASIC,
      body: JSON.stringify({ policy: POLICY }),
    });
    unready.server.close();
    expect(status).toBe(503);
  });

  const shell = (text: string, options: readonly string[] = [], isTTY = false) =>
    run(
      ["policy", "check", "packgate.toml", "--against", `http://127.0.0.1:${port}`, ...options],
      { isTTY, env: { PACKGATE_KEY: SECRET } },
      { readFile: () => text },
    );

  it("is what packgate policy check --against shows", async () => {
    const { code, out, err } = await shell(POLICY, [], true);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    expect(plain(out)).toBe(
      [
        "packgate.toml is valid: 0 roles, 0 reservations, 0 pins, 0 publishers, 2 rules",
        "in acme, asked through index-a, it gives 2 and takes away 1 permissions",
        "EFFECT  USER   PERMISSION  PACKAGE",
        "gains   alice  read        acme-core",
        "gains   alice  upload      acme-core",
        "loses   bob    upload      acme-core",
        "",
      ].join("\n"),
    );
    expect(plain((await shell(PUBLISHERS, [], true)).out)).toBe(
      [
        "packgate.toml is valid: 0 roles, 0 reservations, 0 pins, 1 publisher, 0 rules",
        "in acme, asked through index-a, it gives 0 and takes away 0 permissions",
        "of 1 repository other runs may publish",
        "REPOSITORY  BEFORE         AFTER",
        "acme/core   as by default  release.yml on refs/tags/*",
        "",
      ].join("\n"),
    );
    const piped = await shell(`${POLICY}[tokens]\nproof = { read = "repository" }\n`);
    expect(piped.err).toBe("what it changes in tokens shows only when it is in force\n");
    const { against } = JSON.parse((await shell(POLICY, ["--json", "--org", "acme"])).out);
    expect(against).toMatchObject({ gained: 2, lost: 1, changes: [{}, {}, { effect: "loses" }] });
  });

  it("is not asked about a policy with faults", async () => {
    const { code, out } = await shell("version = 2");
    expect(code).toBe(1);
    expect(out).not.toContain("in acme");
  });
});

describe("POST /policy/check on a large organization", () => {
  const names = Array.from({ length: 1000 }, (_, index) => `r${index}`);
  const drawn = draw({
    members: ["alice"],
    repositories: Object.fromEntries(
      names.map((name) => [name, { declares: [name], collaborators: { alice: "write" } }]),
    ),
  });
  const view = viewOf(drawn.facts, heldClaims(drawn));

  /** As if each step took longer than a slice. */
  function slow() {
    const heard = new EventEmitter();
    const seen: number[] = [];
    let steps = 0;
    const organization = {
      id: 1,
      login: "acme",
      view: () => {
        seen.push(steps);
        return view;
      },
      confirm: () => Promise.resolve(),
    };
    const organizations = () => {
      heard.emit("question");
      return [organization];
    };
    return { heard, seen, steps: () => steps, more: { organizations, stopwatch: () => (steps += 1) * 1000 } };
  }
  const check = (port: number) =>
    ask(port, "/policy/check", { method: "POST", headers: BASIC, body: JSON.stringify({ policy: POLICY }) });

  it("lets decisions go first", async () => {
    const { more } = slow();
    await during(more, async ({ port }) => {
      const answered: string[] = [];
      const checked = check(port).then(({ json }) => answered.push(`compared ${String(json["lost"])}`));
      for (let time = 0; time < 5; time += 1) {
        const { json } = await askAuthorize(port, { package: "r7", action: "upload", user: "alice" });
        answered.push(String(json["decision"]));
      }
      await checked;
      expect(answered).toEqual(["allow", "allow", "allow", "allow", "allow", "compared 0"]);
    });
  });

  /** Asks for comparisons in one breath, is heard, and can go away before they are answered. */
  async function impatient({ port, server }: Listening, heard: EventEmitter, times = 1): Promise<() => Promise<void>> {
    const gone = new Promise<void>((resolve) => {
      server.once("request", ({ socket: theirs }: IncomingMessage) => theirs.once("close", resolve));
    });
    const socket = connect(port, "127.0.0.1");
    const body = JSON.stringify({ policy: POLICY });
    const question =
      `POST /policy/check HTTP/1.1\r\nhost: a\r\nauthorization: ${BASIC.authorization}\r\n` +
      `content-length: ${body.length}\r\n\r\n${body}`;
    const heardAll = new Promise<void>((resolve) => {
      let left = times;
      const count = (): void => {
        left -= 1;
        if (left > 0) return;
        heard.off("question", count);
        resolve();
      };
      heard.on("question", count);
    });
    socket.write(question.repeat(times));
    await heardAll;
    return async () => {
      socket.destroy();
      await gone;
    };
  }

  it("is done one at a time, each on what is known when its turn comes, and for nobody who has gone", async () => {
    const { more, heard, seen, steps } = slow();
    await during(more, async (listening) => {
      const { port } = listening;
      const hearing = once(heard, "question");
      const first = check(port);
      await hearing;
      const leave = await impatient(listening, heard);
      await leave();
      const second = check(port);
      expect((await first).json).toEqual((await second).json);
      const [began = -1, next = -1, ...others] = seen;
      expect(others).toEqual([]);
      expect(next - began).toBeGreaterThan(1000);
      expect(steps() - next).toBe(next - began);
    });
  });

  it("ends when whoever asked has gone, and the next one begins", async () => {
    const { more, heard, seen, steps } = slow();
    await during(more, async (listening) => {
      const leave = await impatient(listening, heard);
      const hearing = once(heard, "question");
      const next = check(listening.port);
      await hearing;
      await leave();
      expect((await next).status).toBe(200);
      const [first, began = -1, ...others] = seen;
      expect([first, others]).toEqual([0, []]);
      expect(began).toBeLessThan(steps() - began);
    });
  });

  it("is done for nobody who has gone, however much was asked on one connection", async () => {
    const { more, heard, seen, steps } = slow();
    await during(more, async (listening) => {
      const leave = await impatient(listening, heard, 5);
      expect((await check(listening.port)).status).toBe(503);
      await leave();
      expect((await check(listening.port)).status).toBe(200);
      const began = seen.at(-1) ?? 0;
      expect(began).toBeLessThan(steps() - began);
    });
  });

  it("has four wait, of those who are still there, and tells others to try again", async () => {
    const { more, heard } = slow();
    await during(more, async (listening) => {
      const { port } = listening;
      const leaving = [];
      for (let time = 0; time < 5; time += 1) leaving.push(await impatient(listening, heard));
      const { status, headers, json } = await check(port);
      expect([status, headers["retry-after"], json["error"]]).toEqual([503, "5", "unavailable"]);
      expect(json["message"]).toBe("Too many are waiting for this already; try again shortly.");
      await leaving.pop()?.();
      const hearing = once(heard, "question");
      const last = check(port);
      await hearing;
      expect((await check(port)).status).toBe(503);
      for (const leave of leaving) await leave();
      expect((await last).status).toBe(200);
    });
  });
});
