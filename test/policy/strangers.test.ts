import { describe, expect, it } from "vitest";
import { strangersInRules } from "../../src/policy/strangers.ts";
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
