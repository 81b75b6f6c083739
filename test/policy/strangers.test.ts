import type { Bindings } from "../../src/domain/bindings.ts";
import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { strangeIndexes, strangersInPublishers, strangersInRules } from "../../src/policy/strangers.ts";
import { draw } from "../domain/facts-builder.ts";
import { rules } from "../domain/policies.ts";
import { viewOf } from "../domain/views.ts";

const { facts, user, team } = draw({
  members: ["alice"],
  teams: { release: { members: ["alice"] } },
  repositories: {
    core: { declares: ["acme-core"], collaborators: { dave: "triage" }, teams: { release: "publisher:write" } },
  },
});

describe("rules that name somebody", () => {
  const said = (...texts: string[]): readonly string[] => strangersInRules(viewOf(facts, new Map(), rules(...texts)));

  it("are no problem while there is somebody of that name", () => {
    const who = "team:Release,user:Alice,user:dave,role:maintain,role:publisher,workflow:Core,members,everyone";
    expect(said(`deny ${who} c *`)).toEqual([]);
  });

  it("are one once nobody has the name", () => {
    expect(said("allow members r *", "deny team:relase,user:zoe c *")).toEqual([
      'packgate.toml:2: a rule names "team:relase", which acme does not know, and so denies it nothing; did you mean "team:release"?',
      'packgate.toml:2: a rule names "user:zoe", which acme does not know, and so denies it nothing; correct it, or remove it',
    ]);
    expect(said("allow role:maintian r *")).toEqual([
      'packgate.toml:1: a rule names "role:maintian", which acme does not know, and so allows it nothing; did you mean "role:maintain"?',
    ]);
    expect(said("allow workflow:cor r *")).toHaveLength(1);
  });

  it("are told who was perhaps meant as long as they are few", () => {
    const sentences = said(...Array.from({ length: 22 }, () => "deny team:relase c *"));
    expect(sentences.filter((sentence) => sentence.endsWith("; correct it, or remove it"))).toEqual(
      sentences.slice(20),
    );
    expect(sentences).toHaveLength(22);
  });

  it("are one when who is meant has another name by now, or the name another owner", () => {
    const view = (rule: string, bindings: Bindings) => viewOf(facts, new Map(), rules(rule), bindings);
    const renamed = view(
      "deny team:old,user:dan,workflow:corr c *",
      new Map([
        ["team:old", team("release")],
        ["user:dan", user("dave")],
      ]),
    );
    expect(strangersInRules(renamed)).toEqual([
      'packgate.toml:1: a rule names "team:old", which is called release now and is still meant: update the rule.',
      'packgate.toml:1: a rule names "user:dan", which is called dave now and is still meant: update the rule.',
      'packgate.toml:1: a rule names "workflow:corr", which acme does not know, and so denies it nothing; did you mean "workflow:core"?',
    ]);
    const another = view(
      "deny team:Release,user:alice c *",
      new Map([
        ["team:release", 4711],
        ["user:alice", user("alice")],
      ]),
    );
    expect(strangersInRules(another)).toEqual([
      'packgate.toml:1: a rule names "team:Release", which is another one now than the rule was written for, and gets nothing by it: if that one is meant, take the rule out, push, and put it in again.',
    ]);
  });

  it("are one when nobody had the name as the policy came", () => {
    const bindings = new Map([["team:release", undefined]]);
    expect(strangersInRules(viewOf(facts, new Map(), rules("allow team:release c *"), bindings))).toEqual([
      'packgate.toml:1: a rule names "team:release", which nobody had when the policy was pushed, and whoever has it now gets nothing by it: if that one is meant, push the policy with a change.',
    ]);
  });

  it("are looked for once, until something changes that they turn on", () => {
    const view = viewOf(facts, new Map(), rules("deny team:relase c *"));
    const first = strangersInRules(view);
    expect(strangersInRules({ ...view, facts: { ...facts, teamMembers: new Map() } })).toBe(first);
    const teams = { asOf: 1, value: new Map([[1, { nodeId: "T", slug: "relase", parent: undefined }]]) };
    expect(strangersInRules({ ...view, facts: { ...facts, teams } })[0]).toContain("which nobody had");
    expect(strangersInRules({ ...view, organization: { id: 1, login: "renamed" } })).not.toBe(first);
  });

  it("are none while not everything has been read", () => {
    const view = { ...viewOf(facts, new Map(), rules("deny team:relase c *")), ready: false };
    expect(strangersInRules(view)).toEqual([]);
  });
});

describe("rules that name an index client", () => {
  it("are a problem where there is none of that name", () => {
    const policy = rules("allow members r *");
    const holding = { ...policy, rules: policy.rules.map((rule) => ({ ...rule, indexes: ["main", "stagin", "x"] })) };
    expect(strangeIndexes(holding, ["main", "staging"])).toEqual([
      'packgate.toml:1: a rule names the index client "stagin", which PACKGATE_INDEX_CLIENTS does not have, and so holds for none; did you mean "staging"?',
      'packgate.toml:1: a rule names the index client "x", which PACKGATE_INDEX_CLIENTS does not have, and so holds for none; correct it, or remove it',
    ]);
    expect(strangeIndexes(policy, ["main"])).toEqual([]);
  });
});

describe("publishers that name a repository", () => {
  const limiting = (...names: string[]): Policy => ({
    ...DEFAULT_POLICY,
    publishers: names.map((repositories, index) => ({ repositories, when: undefined, line: index + 1 })),
  });
  const view = (...names: string[]) => viewOf(facts, new Map(), limiting(...names));

  it("are no problem while there is one of that name, nor where they name none", () => {
    expect(strangersInPublishers(view("core", "exp-*", "cor?", "[x]", "*"))).toEqual([]);
  });

  it("are one once no repository has the name", () => {
    expect(strangersInPublishers(view("core", "cor", "playground"))).toEqual([
      'packgate.toml:2: publishers names the repository "cor", which acme does not know, and so limits nobody; did you mean "core"?',
      'packgate.toml:3: publishers names the repository "playground", which acme does not know, and so limits nobody; correct it, or remove it',
    ]);
    expect(strangersInPublishers({ ...view("cor"), ready: false })).toEqual([]);
  });

  it("are told which was perhaps meant as long as they are few", () => {
    const sentences = strangersInPublishers(view(...Array.from({ length: 22 }, () => "cor")));
    expect(sentences.filter((sentence) => sentence.endsWith("; correct it, or remove it"))).toEqual(
      sentences.slice(20),
    );
    expect(sentences).toHaveLength(22);
  });
});
