import { describe, expect, it } from "vitest";

import { serve } from "./canned-server.ts";
import { CANARY, run } from "./terminal.ts";

const ALLOW = {
  decision: "allow",
  reason: "team",
  message: "alice may upload acme-core: team platform has write on acme/core",
  user: { id: 583231, login: "alice" },
  package: { ecosystem: "pypi", name: "acme-core" },
  action: "upload",
  repository: "acme/core",
  role: "write",
  asOf: "2026-11-21T20:00:00.000Z",
  revision: 4711,
};
const DENY = {
  ...ALLOW,
  decision: "deny",
  reason: "unclaimed",
  message: "alice may not upload acme-core: no repository of acme declares this name",
  repository: null,
  role: null,
};
const UNKNOWN = {
  ...ALLOW,
  decision: "unknown",
  reason: "not-synced",
  message: "it is not known yet whether alice may upload acme-core",
  repository: null,
  role: null,
  asOf: null,
};

const QUESTION = ["check", "alice", "upload", "acme-core"];

async function ask(argv: readonly string[], status: number, body: unknown, io: { isTTY?: boolean } = {}) {
  const { url, asked } = await serve({ status, body });
  return { ...(await run(argv, { ...io, env: { PACKGATE_URL: url, PACKGATE_KEY: CANARY } })), asked };
}

describe("check", () => {
  it("asks the endpoint that indexes ask, as an index client", async () => {
    const { asked } = await ask([...QUESTION, "--org", "acme"], 200, ALLOW);
    expect(asked).toEqual([
      {
        line: "POST /authorize",
        authorization: `Bearer ${CANARY}`,
        body: { user: "alice", action: "upload", package: "acme-core", org: "acme" },
      },
    ]);
  });

  it.each([
    { name: "allow", status: 200, body: ALLOW, code: 0 },
    { name: "deny", status: 403, body: DENY, code: 3 },
    { name: "deny without an identity", status: 401, body: { ...DENY, reason: "missing-credentials" }, code: 3 },
    { name: "unknown", status: 503, body: UNKNOWN, code: 4 },
  ])("prints $name tab separated and exits $code", async ({ status, body, code }) => {
    const result = await ask(QUESTION, status, body);
    expect(result).toMatchObject({ code, out: `${body.decision}\t${body.reason}\t${body.message}\n`, err: "" });
  });

  it.each([
    { body: ALLOW, status: 200, colour: 32 },
    { body: DENY, status: 403, colour: 31 },
    { body: UNKNOWN, status: 503, colour: 33 },
  ])("colours $body.decision on a terminal", async ({ body, status, colour }) => {
    const { out } = await ask(QUESTION, status, body, { isTTY: true });
    expect(out).toBe(`\u001b[${colour}m${body.decision}\u001b[0m  ${body.message}\n`);
  });

  it("prints the reply for machines, and exits as it does for people", async () => {
    const { code, out } = await ask([...QUESTION, "--json"], 403, DENY);
    expect(code).toBe(3);
    expect(JSON.parse(out)).toEqual(DENY);
  });

  it.each([201, 400, 404, 500, 502])(
    "does not take a status of %i for an answer, whatever the body says",
    async (status) => {
      const { code, out } = await ask(QUESTION, status, ALLOW);
      expect({ code, out }).toEqual({ code: 1, out: "" });
    },
  );

  it("refuses an unknown action before asking", async () => {
    expect(await run(["check", "alice", "uplod", "acme-core"])).toEqual({
      code: 2,
      out: "",
      err: 'packgate: "uplod" is not an action; did you mean upload?\n',
    });
    const { err } = await run(["check", "alice", "frobnicate", "acme-core"]);
    expect(err).toMatch(/^packgate: "frobnicate" is not an action; use one of read, download, .*manage, admin, m\n$/);
  });
});

describe("explain", () => {
  const EVIDENCE = [
    { kind: "organization-role", name: "all_repo_write", team: "sre", via: [], role: "write" },
    { kind: "team", team: "platform", via: ["backend", "frontend"], viaOmitted: 3, role: "write" },
    { kind: "collaborator", role: "write" },
    { kind: "owner", role: "admin" },
    { kind: "base", role: "write" },
    { kind: "public", role: "read" },
    { kind: "something-new" },
  ];
  const EXPLAINED = { ...ALLOW, evidence: EVIDENCE, evidenceOmitted: 2 };

  it("asks for the explanation", async () => {
    const { asked } = await ask(["explain", "alice", "upload", "acme-core"], 200, EXPLAINED);
    expect(asked[0]?.body).toEqual({ user: "alice", action: "upload", package: "acme-core", explain: true });
  });

  it("prints the sentence, every granting path, and the age of the facts", async () => {
    const { out, code } = await ask(["explain", "alice", "upload", "acme-core"], 200, EXPLAINED);
    expect(code).toBe(0);
    expect(out).toBe(
      [
        "allow\talice may upload acme-core: team platform has write on acme/core",
        "reason\tteam",
        "repository\tacme/core",
        "role\twrite",
        "granted by\torganization role all_repo_write, held by team sre: write",
        "granted by\tteam platform (through backend, frontend and 3 more): write",
        "granted by\tbeing a collaborator of the repository: write",
        "granted by\tbeing an owner of the organization: admin",
        "granted by\tthe organization's base permission: write",
        "granted by\tthe repository being visible to every member: read",
        "granted by\tsomething-new",
        "granted by\t2 more paths",
        "facts as of\t2026-11-21T20:00:00.000Z (12 s ago)",
        "revision\t4711",
        "",
      ].join("\n"),
    );
  });

  it("aligns on a terminal, and leaves out what is not known", async () => {
    const { out, code } = await ask(["explain", "alice", "upload", "acme-core"], 503, UNKNOWN, { isTTY: true });
    expect(code).toBe(4);
    expect(out).toBe(
      [
        "\u001b[33munknown\u001b[0m   it is not known yet whether alice may upload acme-core",
        "reason    not-synced",
        "revision  4711",
        "",
      ].join("\n"),
    );
  });

  it("prints the reply for machines", async () => {
    const { out } = await ask(["explain", "alice", "upload", "acme-core", "--json"], 200, EXPLAINED);
    expect(JSON.parse(out)).toEqual(EXPLAINED);
  });
});
