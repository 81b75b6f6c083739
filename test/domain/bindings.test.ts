import { describe, expect, it } from "vitest";
import type { Bindings } from "../../src/domain/bindings.ts";
import { bind, NO_BINDINGS } from "../../src/domain/bindings.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { Sketch } from "./facts-builder.ts";
import { draw, packageName } from "./facts-builder.ts";
import { rules } from "./policies.ts";
import { heldClaims, subjectOf, viewOf } from "./views.ts";

const SKETCH: Sketch = {
  owners: ["olga"],
  members: ["alice", "bob"],
  teams: { release: { members: ["alice"] }, other: { members: ["bob"] } },
  repositories: { core: { declares: ["acme-core"], collaborators: { dave: "triage" } }, tools: {} },
};
const drawn = draw(SKETCH);
const { facts, user, team, repository } = drawn;
const bound = (text: string, before: Bindings = NO_BINDINGS, known: Facts = facts): Bindings =>
  bind(before, rules(text).rules, known);

describe("a name in a rule", () => {
  it("is bound to who carries it, whatever its case; roles and everybody are nobody", () => {
    const found = bound("allow user:Alice,user:dave,team:Release,workflow:CORE,role:write,members,everyone c *");
    expect(found).toEqual(
      new Map([
        ["user:alice", user("alice")],
        ["user:dave", user("dave")],
        ["team:release", team("release")],
        ["workflow:core", repository("core")],
      ]),
    );
    expect(bound("allow user:alice c *", found)).toEqual(new Map([["user:alice", user("alice")]]));
  });

  it("stays bound while a rule has it, whoever carries it then", () => {
    const before = new Map([["user:alice", user("bob")]]);
    expect(bound("deny user:ALICE c acme-core", before)).toBe(before);
    expect(bound("deny user:bob c acme-core", before)).toEqual(new Map([["user:bob", user("bob")]]));
  });

  it("is not bound while nobody carries it, or more than one, or one of whom two names are known", () => {
    expect(bound("allow user:zoe,team:none,workflow:gone c *")).toBe(NO_BINDINGS);
    const named = (id: number, login: string) =>
      new Map([[id, { login, role: { name: "read", level: "read" } }]]) as never;
    const access = new Map(
      [named(900, "sam"), named(901, "sam"), named(902, "tim"), named(902, "tom")].map((collaborators, index) => [
        index,
        { asOf: 0, value: { collaborators, teams: new Map(), more: false } },
      ]),
    ) as never;
    expect(bound("allow user:sam,user:tim c *", NO_BINDINGS, { ...facts, access })).toBe(NO_BINDINGS);
  });
});

describe("a bound name", () => {
  const claims = heldClaims(drawn);
  const outcome = (rule: string, bindings: Bindings, who: string): string => {
    const view = viewOf(facts, claims, rules(rule), bindings);
    return decide(view, subjectOf(drawn, who), "read", packageName("acme-core")).outcome;
  };
  const BINDINGS = new Map([
    ["user:alice", user("bob")],
    ["team:release", team("other")],
    ["workflow:tools", repository("core")],
  ]);

  it.each(["user:alice", "team:release"])("allows %s to whom it is bound, and not to who has the name now", (who) => {
    expect(outcome(`allow ${who} r *`, BINDINGS, "bob")).toBe("allow");
    expect(outcome(`allow ${who} r *`, BINDINGS, "alice")).toBe("deny");
    expect(outcome(`allow ${who} r *`, NO_BINDINGS, "alice")).toBe("allow");
  });

  it.each(["user:alice", "team:release"])("denies %s to both", (who) => {
    const denied = (bindings: Bindings) =>
      ["alice", "bob"].map((login) => {
        const view = viewOf(facts, claims, rules("allow members r *", `deny ${who} r acme-core`), bindings);
        return decide(view, subjectOf(drawn, login), "read", packageName("acme-core")).outcome;
      });
    expect(denied(BINDINGS)).toEqual(["deny", "deny"]);
    expect(denied(NO_BINDINGS)).toEqual(["deny", "allow"]);
  });

  it("means the runs of the repository that it is bound to", () => {
    const view = viewOf(facts, claims, rules("deny workflow:tools r acme-core"), BINDINGS);
    const run = (name: string) =>
      decide(view, subjectOf(drawn, `run:${name}`), "read", packageName("acme-core")).reason;
    expect(run("core")).toBe("rule");
    const unbound = viewOf(facts, claims, rules("deny workflow:tools r acme-core"));
    expect(decide(unbound, subjectOf(drawn, "run:core"), "read", packageName("acme-core")).outcome).toBe("allow");
  });

  it("means nobody once whom it is bound to is gone", () => {
    const gone = new Map([["team:release", 4711]]);
    expect(outcome("allow team:release r *", gone, "alice")).toBe("deny");
  });
});
