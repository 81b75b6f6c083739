import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/domain/claims.ts";
import { decide } from "../../src/domain/decide.ts";
import { differenceOf } from "../../src/domain/difference.ts";
import { explain } from "../../src/domain/explain.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { isKept } from "../../src/domain/kept-names.ts";
import { compileNames } from "../../src/domain/name-policy.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { candidates } from "../../src/domain/search.ts";
import { strangersInRules } from "../../src/policy/strangers.ts";
import { finish } from "../../src/domain/steps.ts";
import { draw, NOW, packageName } from "./facts-builder.ts";
import { rules } from "./policies.ts";
import { heldClaims, viewOf } from "./views.ts";

const WEB = packageName("acme-web");
const NOBODY = viewOf(NO_FACTS, new Map());
const RULES = rules("allow team:platform r *", "allow user:alice r *", "allow role:write r *");

describe("of what has never been read", () => {
  it("nobody is known, nobody differs, and every name in a rule is a stranger", () => {
    expect(candidates(NOBODY).size).toBe(0);
    expect(finish(differenceOf(NOBODY, viewOf(NO_FACTS, new Map(), RULES), Infinity)).changes).toEqual([]);
    expect(strangersInRules(viewOf(NO_FACTS, new Map(), RULES))).toHaveLength(2);
  });

  it("a pin to a repository that nobody knows says what to do", () => {
    const claim: Claim = { status: "unbound", repository: undefined, former: undefined, since: NOW, pin: "nowhere" };
    const { facts } = draw({ members: ["alice"] });
    const view = viewOf(facts, new Map<PackageName, Claim>([[WEB, claim]]));
    const decision = decide(view, { kind: "user", id: 1 }, "read", WEB);
    const question = { who: "alice", user: 1, permission: "read", name: WEB } as const;
    expect(explain(view, question, decision)).toContain("pins it to acme/nowhere, which does not exist");
    expect(finish(differenceOf(view, viewOf(facts, view.claims, RULES), Infinity)).changes).toEqual([]);
  });

  it("whoever loses something there is known all the same", () => {
    const drawn = draw({
      owners: ["olga"],
      members: ["alice"],
      teams: { platform: { members: ["alice"] }, empty: { members: [] } },
      organizationRoles: { readers: { base: "read", users: ["olga"] } },
      repositories: {
        web: { declares: ["acme-web"], teams: { platform: "write", empty: "read" } },
        bare: { declares: ["acme-bare"], access: "unread" },
      },
    });
    const before = viewOf(drawn.facts, heldClaims(drawn));
    const { changes, unknown } = finish(
      differenceOf(before, viewOf(drawn.facts, before.claims, rules("deny everyone c *")), Infinity),
    );
    expect(changes.map(({ user, name }) => [user?.login, name])).toEqual([
      ["alice", "acme-web"],
      ["olga", "acme-web"],
    ]);
    expect(unknown).toBe(0);
  });
});

describe("names that a policy keeps", () => {
  it("are those that repositories declare, but not those of forks, where only pinned ones are served", () => {
    const { facts } = draw({
      repositories: { web: { declares: ["acme-web"] }, copy: { fork: true, declares: ["acme-copy"] } },
    });
    const policy = { ...DEFAULT_POLICY, names: { ...DEFAULT_POLICY.names, claim: "pinned" as const } };
    const kept = (name: string) => isKept({ facts, policy }, packageName(name));
    expect([kept("acme-web"), kept("acme-copy")]).toEqual([true, false]);
  });

  it("come from no repository by a glob that is none", () => {
    const repositories = { ...DEFAULT_POLICY.repositories, include: ["[", "web"] };
    const { isChosen } = compileNames({ ...DEFAULT_POLICY, repositories });
    expect([isChosen("web"), isChosen("core")]).toEqual([true, false]);
  });

  it("are unknown while the rules that would take them away are too old", () => {
    const { facts } = draw({ members: ["alice"], teams: { platform: { members: ["alice"] } } });
    const policy = {
      ...rules("deny team:platform r *"),
      read: { ...DEFAULT_POLICY.read, unclaimed: "members" as const },
    };
    const view = viewOf(facts, new Map(), policy);
    const stale = { ...view, freshSince: 1, access: { ...view.access, rules: { ...view.access.rules, asOf: 0 } } };
    expect(decide(stale, { kind: "user", id: 1 }, "read", WEB)).toMatchObject({ outcome: "unknown", reason: "stale" });
  });
});
