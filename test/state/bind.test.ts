import { describe, expect, it } from "vitest";
import type { Bindings } from "../../src/domain/bindings.ts";
import { NO_BINDINGS } from "../../src/domain/bindings.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { bindNames } from "../../src/state/bind.ts";
import { draw, NOW } from "../domain/facts-builder.ts";
import { rules } from "../domain/policies.ts";

const { facts, user, team, repository } = draw({
  members: ["alice", "bob"],
  teams: { release: { members: ["alice"] } },
  repositories: { core: { declares: ["acme-core"], collaborators: { dave: "triage" } }, tools: {} },
});
const bound = (text: string, before: Bindings = NO_BINDINGS, known: Facts = facts, since = NOW) =>
  bindNames(before, rules(text).rules, known, since);

describe("a name in a rule", () => {
  it("is bound to who carries it, whatever its case; roles and everybody are nobody", () => {
    const { bindings, next } = bound(
      "allow user:Alice,user:dave,team:Release,workflow:CORE,role:write,members,everyone c *",
    );
    expect(bindings).toEqual(
      new Map([
        ["user:alice", user("alice")],
        ["user:dave", user("dave")],
        ["team:release", team("release")],
        ["workflow:core", repository("core")],
      ]),
    );
    expect(next).toEqual([]);
    expect(bound("allow user:alice c *", bindings).bindings).toEqual(new Map([["user:alice", user("alice")]]));
  });

  it("is bound to nobody where nobody carries it", () => {
    const { bindings, next } = bound("allow user:zoe,team:none,workflow:gone c *");
    expect([...bindings]).toEqual([
      ["user:zoe", undefined],
      ["team:none", undefined],
      ["workflow:gone", undefined],
    ]);
    expect(next).toEqual([]);
  });

  it("stays bound while a rule has it, whoever carries it then", () => {
    const before = new Map([["user:alice", user("bob")]]);
    expect(bound("deny user:ALICE c acme-core", before).bindings).toBe(before);
    expect(bound("deny user:bob c acme-core", before).bindings).toEqual(new Map([["user:bob", user("bob")]]));
  });

  it("is not bound by facts that are older than the rule: these are read first", () => {
    const { bindings, next } = bound(
      "allow user:alice,user:dave,user:zoe,team:release,team:none,workflow:core c *",
      NO_BINDINGS,
      facts,
      NOW + 1,
    );
    expect(bindings).toBe(NO_BINDINGS);
    const wanted = ["members", `access/${repository("core")}`, "teams", `repository/${repository("core")}`];
    expect(next.toSorted()).toEqual(wanted.toSorted());
  });

  it("goes by the latest that was read of an outside collaborator", () => {
    const [core, tools] = [repository("core"), repository("tools")];
    const old = facts.access.get(core);
    if (old === undefined) throw new Error("core has access");
    const access = new Map([
      [core, old],
      [tools, { ...old, asOf: NOW + 5 }],
    ]);
    const known = { ...facts, access };
    expect(bound("allow user:dave c *", NO_BINDINGS, known, NOW + 5).bindings.get("user:dave")).toBe(user("dave"));
    expect(bound("allow user:dave c *", NO_BINDINGS, known, NOW + 6).next).toEqual([`access/${tools}`]);
  });

  it("is not bound while several carry it, or one of whom two names are known", () => {
    const old = facts.access.get(repository("core"));
    const named = (id: number, login: string, at: number) => {
      const [collaborator] = old?.value.collaborators.values() ?? [];
      if (old === undefined || collaborator === undefined) throw new Error("core has a collaborator");
      return [
        at,
        { ...old, value: { ...old.value, collaborators: new Map([[id, { ...collaborator, login }]]) } },
      ] as const;
    };
    const access = new Map([named(900, "sam", 1), named(901, "sam", 2), named(902, "tim", 3), named(902, "tom", 4)]);
    const { bindings, next } = bound("allow user:sam,user:tim c *", NO_BINDINGS, { ...facts, access });
    expect([bindings, next]).toEqual([NO_BINDINGS, []]);
  });

  it("is bound to nobody of nothing", () => {
    expect(bound("allow user:alice,team:release,workflow:core c *", NO_BINDINGS, NO_FACTS).next).toEqual([]);
  });
});
