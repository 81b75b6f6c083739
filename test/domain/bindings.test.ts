import { describe, expect, it } from "vitest";
import type { Bindings } from "../../src/domain/bindings.ts";
import { NO_BINDINGS } from "../../src/domain/bindings.ts";
import { compileAccess } from "../../src/domain/access.ts";
import { decide } from "../../src/domain/decide.ts";
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

  it("allows nothing to who has the name now where it is bound to nobody", () => {
    const nobody = new Map([["team:release", undefined]]);
    expect(outcome("allow team:release r *", nobody, "alice")).toBe("deny");
    const view = viewOf(facts, claims, rules("allow members r *", "deny team:release r acme-core"), nobody);
    const asked = (who: string) => decide(view, subjectOf(drawn, who), "read", packageName("acme-core")).outcome;
    expect([asked("alice"), asked("bob")]).toEqual(["deny", "allow"]);
  });

  it("means the runs of the repository that it is bound to", () => {
    const view = viewOf(facts, claims, rules("deny workflow:tools r acme-core"), BINDINGS);
    const run = (name: string) =>
      decide(view, subjectOf(drawn, `run:${name}`), "read", packageName("acme-core")).reason;
    expect(run("core")).toBe("rule");
    const unbound = viewOf(facts, claims, rules("deny workflow:tools r acme-core"));
    expect(decide(unbound, subjectOf(drawn, "run:core"), "read", packageName("acme-core")).outcome).toBe("allow");
  });

  it("may mean who carries it while it is not bound", () => {
    const open = (who: string, ...texts: string[]): string => {
      const sources = { facts, claims, policy: rules(...texts), bindings: NO_BINDINGS };
      const view = { ...viewOf(facts, claims), ...sources, access: compileAccess(sources) };
      return decide(view, subjectOf(drawn, who), "read", packageName("acme-core")).outcome;
    };
    expect(open("alice", "allow user:alice r *")).toBe("unknown");
    expect(open("bob", "allow user:alice r *")).toBe("deny");
    expect(open("run:core", "allow workflow:core u *")).toBe("allow");
    expect(open("alice", "allow team:release r *")).toBe("unknown");
    expect(open("alice", "allow members r *", "deny team:release r acme-core")).toBe("deny");
    expect(open("bob", "allow members r *", "deny team:release r acme-core")).toBe("allow");
  });

  it("means nobody once whom it is bound to is gone", () => {
    const gone = new Map([["team:release", 4711]]);
    expect(outcome("allow team:release r *", gone, "alice")).toBe("deny");
  });
});
