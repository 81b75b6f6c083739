import { readdirSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Subject } from "../src/domain/decide.ts";
import { decide } from "../src/domain/decide.ts";
import { parseAction } from "../src/domain/roles.ts";
import { readStory, tell } from "./cases/story.ts";
import { run } from "./cli/terminal.ts";
import { packageName } from "./domain/facts-builder.ts";
import { askAuthorize, listen, SECRET } from "./http/helpers.ts";

const CASES = new URL("cases/", import.meta.url);
const stories = readdirSync(CASES)
  .filter((file) => file.endsWith(".toml"))
  .map((file) => ({ file, story: readStory(readFileSync(new URL(file, CASES), "utf8")) }));

const EXIT = { allow: 0, deny: 3, unknown: 4 } as const;

function statusOf(expected: keyof typeof EXIT, reason: string): number {
  if (expected === "deny") return reason === "missing-credentials" ? 401 : 403;
  return expected === "allow" ? 200 : 503;
}

describe.each(stories)("$file: $story.title", ({ story }) => {
  const { view, user } = tell(story);
  let server: Server;
  let port: number;
  beforeAll(async () => {
    const organization = {
      id: view.organization.id,
      login: view.organization.login,
      view: () => view,
      confirm: () => Promise.resolve(),
    };
    ({ server, port } = await listen({ organizations: () => [organization] }));
  });
  afterAll(() => new Promise((resolve) => server.close(resolve)));

  const rows = story.questions.map((question) => ({ ...question, text: question.ask.join(" ") }));

  it.each(rows)("$text → $expect $reason, decided", ({ ask: [who, action, name], expect: outcome, reason, role }) => {
    const permission = parseAction(action);
    if (permission === undefined) throw new Error(`no such action: ${action}`);
    const subject: Subject = who === "nobody" ? { kind: "everyone" } : { kind: "user", id: user(who.toLowerCase()) };
    const strongest = role === undefined ? {} : { grant: { role: { name: role } } };
    expect(decide(view, subject, permission, packageName(name))).toMatchObject({ outcome, reason, ...strongest });
  });

  it.each(rows)("$text → $expect $reason, over HTTP", async (row) => {
    const [who, action, name] = row.ask;
    const subject = who === "nobody" ? {} : { user: who };
    const { status, json } = await askAuthorize(port, { ...subject, action, package: name });
    const role = row.role === undefined ? {} : { role: row.role };
    expect(json).toMatchObject({ decision: row.expect, reason: row.reason, ...role });
    expect(json["message"]).toContain(row.says ?? "");
    expect(status).toBe(statusOf(row.expect, row.reason));
  });

  // The command line always names somebody.
  it.each(rows.filter(({ ask: [who] }) => who !== "nobody"))("$text → $expect $reason, in a shell", async (row) => {
    const env = { PACKGATE_URL: `http://127.0.0.1:${port}`, PACKGATE_KEY: SECRET };
    const { code, out, err } = await run(["check", ...row.ask], { env });
    expect(err).toBe("");
    expect(out.split("\t").slice(0, 2)).toEqual([row.expect, row.reason]);
    expect(code).toBe(EXIT[row.expect]);
  });
});

describe("the cases", () => {
  it("are many, and together give every answer there is", () => {
    const questions = stories.flatMap(({ story }) => story.questions);
    expect(stories.length).toBeGreaterThanOrEqual(12);
    expect(questions.length).toBeGreaterThanOrEqual(60);
    const answers = new Set(questions.map(({ expect, reason }) => `${expect} ${reason}`));
    expect([...answers].toSorted()).toEqual([
      ...["base", "collaborator", "organization-role", "owner", "public", "team"].map((reason) => `allow ${reason}`),
      ...["archived", "contested", "missing-credentials", "no-grant", "not-a-member", "retired", "unclaimed"].map(
        (reason) => `deny ${reason}`,
      ),
      "unknown not-synced",
    ]);
  });

  const head = 'title = "t"\n[organization]\n[repositories.core]\n[[questions]]\nask = "a read b"\nexpect = "deny"\n';

  it.each([
    ["a question without a reason", head, /"reason"/],
    ["an empty reason", `${head}reason = ""`, /"reason"/],
    ["an answer that does not exist", `${head.replace("deny", "maybe")}reason = "no-grant"`, /"expect"/],
    ["a misspelt word", `${head}reason = "no-grant"\nsay = "x"`, /"say"/],
    ["a question of two words", `${head.replace("a read b", "a read")}reason = "no-grant"`, /"ask"/],
    ["a file without questions", 'title = "t"\n[organization]\n[repositories.core]\n', /"questions"/],
  ])("are refused with %s", (_, text, fault) => {
    expect(() => readStory(text)).toThrow(fault);
  });

  it("are accepted when they are whole", () => {
    expect(readStory(`${head}reason = "no-grant"`).questions).toHaveLength(1);
  });
});
