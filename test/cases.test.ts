import { readdirSync, readFileSync } from "node:fs";
import type { Server } from "node:http";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Subject } from "../src/domain/decide.ts";
import { decide } from "../src/domain/decide.ts";
import { parseAction } from "../src/domain/roles.ts";
import type { Told } from "./cases/story.ts";
import { readStory, tell } from "./cases/story.ts";
import { run } from "./cli/terminal.ts";
import { packageName } from "./domain/facts-builder.ts";
import { ask, askAuthorize, listen, OTHER_SECRET, SECRET } from "./http/helpers.ts";

const CASES = new URL("cases/", import.meta.url);
const stories = readdirSync(CASES, { recursive: true, encoding: "utf8" })
  .filter((file) => file.endsWith(".toml"))
  .map((file) => ({ file, story: readStory(readFileSync(new URL(file, CASES), "utf8")) }));

const KEYS = { "index-a": SECRET, "index-b": OTHER_SECRET } as const;
const EXIT = { allow: 0, deny: 3, unknown: 4 } as const;

function placeOf(number: number | undefined, statements: readonly { readonly line: number }[]): string | undefined {
  return number === undefined ? undefined : `packgate.toml:${statements[number - 1]?.line}`;
}

function statusOf(expected: keyof typeof EXIT, reason: string): number {
  if (expected === "deny") return reason === "missing-credentials" ? 401 : 403;
  return expected === "allow" ? 200 : 503;
}

describe.each(stories)("$file: $story.title", ({ story }) => {
  const told = tell(story);
  const { view } = told;
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

  const { rules, publishers } = view.policy;
  const rows = story.questions.map((question) => ({
    ...question,
    text: [...question.ask, ...(question.index === "index-a" ? [] : [`at ${question.index}`])].join(" "),
    /** Where the rule stands that decides, or the entry of publishers, as answers name it. */
    place: placeOf(question.rule, rules) ?? placeOf(question.publisher, publishers),
  }));

  it.each(rows)("$text → $expect $reason, decided", (row) => {
    const [who, action, name] = row.ask;
    const permission = parseAction(action);
    if (permission === undefined) throw new Error(`no such action: ${action}`);
    const { index, workflow, event, environment, ref } = row;
    const circumstances = { index, workflow, event, environment, ref };
    const decision = decide(view, subjectOf(told, who), permission, packageName(name), circumstances);
    const strongest = row.role === undefined ? {} : { grant: { role: { name: row.role } } };
    expect(decision).toMatchObject({ outcome: row.expect, reason: row.reason, ...strongest });
    // A rule that is not the reason may be there, too.
    const decides = decision.reason === "rule" || row.rule !== undefined ? decision.rule : undefined;
    const [limit, rule] = decides !== undefined && "unmet" in decides ? [decides, undefined] : [undefined, decides];
    expect(rule).toBe(row.rule === undefined ? undefined : rules[row.rule - 1]);
    expect(limit?.line).toBe(row.publisher === undefined ? undefined : publishers[row.publisher - 1]?.line);
  });

  // Whoever vouches for a run says where it comes from; to /authorize its own token does.
  const runs = rows.filter(({ ask: [who] }) => who.startsWith("workflow:"));

  it.each(runs)("$text → $expect $reason, by AuthZEN", async (row) => {
    const [who, action, name] = row.ask;
    const { workflow, event, environment, ref } = row;
    const id = String(told.repository(who.slice("workflow:".length)));
    const { status, json } = await ask(port, "/access/v1/evaluation", {
      method: "POST",
      headers: { "x-packgate-key": KEYS[row.index], "content-type": "application/json" },
      body: JSON.stringify({
        subject: { type: "workload", id, properties: { workflow, event, environment, ref } },
        action: { name: action },
        resource: { type: "pypi_package", id: name },
      }),
    });
    expect(status).toBe(200);
    expect(json).toMatchObject({ decision: row.expect === "allow", context: { reason: row.reason } });
    const { message } = Object(json["context"]);
    expect(message).toContain(row.says ?? "");
    expect(message).toContain(row.reason === "rule" ? row.place : "");
  });

  const people = rows.filter(({ ask: [who] }) => !who.startsWith("workflow:"));

  it.each(people)("$text → $expect $reason, over HTTP", async (row) => {
    const [who, action, name] = row.ask;
    const subject = who === "nobody" ? {} : { user: who };
    const body = { ...subject, action, package: name, explain: true };
    const { status, json } = await askAuthorize(port, body, { "x-packgate-key": KEYS[row.index] });
    const role = row.role === undefined ? {} : { role: row.role };
    expect(json).toMatchObject({ decision: row.expect, reason: row.reason, ...role });
    expect(json["message"]).toContain(row.says ?? "");
    expect(status).toBe(statusOf(row.expect, row.reason));
    if (row.place === undefined) return;
    expect(json["evidence"]).toContainEqual(expect.objectContaining({ kind: "rule", rule: row.place }));
    expect(json["message"]).toContain(row.reason === "rule" ? row.place : "");
  });

  // The command line always names somebody.
  it.each(people.filter(({ ask: [who] }) => who !== "nobody"))("$text → $expect $reason, in a shell", async (row) => {
    const env = { PACKGATE_URL: `http://127.0.0.1:${port}`, PACKGATE_KEY: KEYS[row.index] };
    const { code, out, err } = await run(["check", ...row.ask], { env });
    expect(err).toBe("");
    expect(out.split("\t").slice(0, 2)).toEqual([row.expect, row.reason]);
    expect(out).toContain(row.reason === "rule" ? row.place : "");
    expect(code).toBe(EXIT[row.expect]);
  });
});

function subjectOf({ user, repository }: Told, who: string): Subject {
  if (who === "nobody") return { kind: "everyone" };
  const [kind, name = ""] = who.split(":");
  return kind === "workflow"
    ? { kind: "workload", repository: repository(name) }
    : { kind: "user", id: user(who.toLowerCase()) };
}

describe("the cases", () => {
  it("are many, and together give every answer there is", () => {
    const questions = stories.flatMap(({ story }) => story.questions);
    expect(stories.length).toBeGreaterThanOrEqual(12);
    expect(questions.length).toBeGreaterThanOrEqual(60);
    const answers = new Set(questions.map(({ expect, reason }) => `${expect} ${reason}`));
    expect([...answers].toSorted()).toEqual([
      ...["base", "collaborator", "organization-role", "owner", "public", "rule", "team", "workflow"].map(
        (reason) => `allow ${reason}`,
      ),
      ...[
        "archived",
        "contested",
        "missing-credentials",
        "no-grant",
        "not-a-member",
        "retired",
        "rule",
        "unclaimed",
      ].map((reason) => `deny ${reason}`),
      "unknown not-synced",
    ]);
  });

  it("are many with a policy, too, and name the rule where one decides", () => {
    const questions = stories.flatMap(({ story }) => (story.policy === undefined ? [] : story.questions));
    expect(questions.length).toBeGreaterThanOrEqual(60);
    const byRules = questions.filter(({ reason }) => reason === "rule");
    expect(byRules.length).toBeGreaterThanOrEqual(60);
    expect(byRules.filter(({ rule, publisher }) => rule === undefined && publisher === undefined)).toEqual([]);
    expect(byRules.filter(({ publisher }) => publisher !== undefined).length).toBeGreaterThanOrEqual(20);
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
