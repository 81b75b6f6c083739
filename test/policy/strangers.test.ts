import { describe, expect, it } from "vitest";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { strangersInPublishers, strangersInRules } from "../../src/policy/strangers.ts";
import { draw } from "../domain/facts-builder.ts";
import { rules } from "../domain/policies.ts";
import { viewOf } from "../domain/views.ts";

const { facts } = draw({
  members: ["alice"],
  teams: { release: { members: ["alice"] } },
  repositories: { core: { declares: ["acme-core"], collaborators: { dave: "triage" } } },
});

describe("rules that name somebody", () => {
  const said = (...texts: string[]): string[] => strangersInRules(viewOf(facts, new Map(), rules(...texts)));

  it("are no problem while there is somebody of that name", () => {
    const who = "team:Release,user:Alice,user:dave,role:maintain,workflow:Core,members,everyone";
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

  it("are none while not everything has been read", () => {
    const view = { ...viewOf(facts, new Map(), rules("deny team:relase c *")), ready: false };
    expect(strangersInRules(view)).toEqual([]);
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
});
