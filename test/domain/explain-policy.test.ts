import { describe, expect, it } from "vitest";
import type { Decision } from "../../src/domain/decide.ts";
import { ALLOW_REASONS } from "../../src/domain/decide.ts";
import { evidenceOf } from "../../src/domain/evidence.ts";
import { explain } from "../../src/domain/explain.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import type { Permission } from "../../src/domain/roles.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import type { Sketch } from "./facts-builder.ts";
import { packageName } from "./facts-builder.ts";
import { mask, rules } from "./policies.ts";
import { asked } from "./views.ts";

const ACME: Sketch = {
  owners: ["olga"],
  members: ["alice", "bob"],
  teams: { release: { members: ["alice"] } },
  repositories: {
    core: { declares: ["acme-core"], teams: { release: "maintain" } },
    site: { declares: ["acme-site"], visibility: "public" },
    old: { declares: ["acme-old"], archived: true },
  },
};

const labelled: Policy = {
  ...DEFAULT_POLICY,
  roles: new Map([["maintain", { permissions: undefined, label: "Release manager", line: 3 }]]),
};
const open: Policy = { ...DEFAULT_POLICY, read: { publicRepositories: "everyone", unclaimed: "everyone" } };
const closed: Policy = { ...DEFAULT_POLICY, repositories: { ...DEFAULT_POLICY.repositories, archived: "none" } };

/** The sentence and the evidence of one answer. */
function told(
  policy: Policy,
  who: string,
  permission: Permission,
  called: string,
  sketch = ACME,
): { sentence: string; evidence: unknown } {
  const { ask, view, user } = asked(sketch, [], policy);
  const known = who === "nobody" || who.startsWith("run:") ? undefined : user(who);
  const question = { who, user: known, permission, name: packageName(called) };
  const decision = ask(who, permission, called);
  return { sentence: explain(view, question, decision), evidence: evidenceOf(view, question, decision).evidence };
}

describe("a sentence", () => {
  it("names the roles that suffice now, whatever they were before", () => {
    const roles = new Map([["deployer", { permissions: mask("rcu"), label: undefined, line: 3 }]]);
    const written = { ...DEFAULT_POLICY, roles };
    const custom: Sketch = { ...ACME, customRoles: { deployer: "write" } };
    const advice = (policy: Policy, sketch: Sketch) =>
      /yank needs (.*), which/.exec(told(policy, "bob", "yank", "acme-core", sketch).sentence)?.[1];
    expect(advice(written, ACME)).toBe("maintain or admin");
    expect(advice(written, custom)).toBe("maintain, admin or deployer");
    expect(advice(DEFAULT_POLICY, custom)).toBe("maintain or admin");
    expect(advice(written, ACME)).toBe("maintain or admin");
  });

  const rows: readonly (readonly [Policy, string, Permission, string, string])[] = [
    [
      rules("allow user:bob c *"),
      "bob",
      "upload",
      "acme-core",
      "bob may upload acme-core: the rule at packgate.toml:1 allows it",
    ],
    [
      rules("allow user:bob r *", "deny members c acme-*"),
      "olga",
      "upload",
      "acme-core",
      "olga may not upload acme-core: the rule at packgate.toml:2 denies it, whatever the role",
    ],
    [
      labelled,
      "alice",
      "yank",
      "acme-core",
      "alice may yank acme-core: team release has Release manager (maintain) on acme/core",
    ],
    [
      labelled,
      "alice",
      "delete",
      "acme-core",
      "alice may not delete acme-core: the strongest role on acme/core is Release manager (maintain) (team release); delete needs admin, which an admin of the repository can give to a team or a person",
    ],
    [
      { ...labelled, roles: new Map([["admin", { permissions: mask("r"), label: undefined, line: 1 }]]) },
      "olga",
      "manage",
      "acme-core",
      "olga may not manage acme-core: the strongest role on acme/core is admin (owner); packgate.toml gives no role manage, which an owner can change there",
    ],
    [open, "nobody", "read", "acme-site", "nobody may read acme-site: everybody can see acme/site"],
    [open, "mallory", "read", "acme-site", "mallory may read acme-site: everybody can see acme/site"],
    [open, "alice", "read", "acme-site", "alice may read acme-site: every member of acme can see acme/site"],
    [
      open,
      "nobody",
      "read",
      "requests",
      "nobody may read requests: no repository of acme declares this name, and everybody may read such names",
    ],
    [
      { ...open, read: { ...open.read, unclaimed: "members" } },
      "alice",
      "read",
      "requests",
      "alice may read requests: no repository of acme declares this name, and every member of acme may read such names",
    ],
    [
      closed,
      "olga",
      "read",
      "acme-old",
      "olga may not read acme-old: acme/old is archived, so nothing can be done with its packages; an admin of the repository can unarchive it",
    ],
    [
      DEFAULT_POLICY,
      "run:core",
      "upload",
      "acme-core",
      "run:core may upload acme-core: a workflow's run may upload and read what its own repository holds, and read what every member of acme can see",
    ],
  ];

  it.each(rows.map(([policy, who, permission, name, expected]) => ({ policy, who, permission, name, expected })))(
    "$expected",
    ({ policy, who, permission, name, expected }) => {
      expect(told(policy, who, permission, name).sentence).toBe(expected);
    },
  );

  it.each(ALLOW_REASONS)("can be made of %s even if nothing else is known", (reason) => {
    const { view } = asked(ACME);
    const decision: Decision = {
      outcome: "allow",
      reason,
      grant: undefined,
      rule: undefined,
      repository: undefined,
      asOf: 0,
    };
    const question = { who: "alice", user: undefined, permission: "read", name: packageName("acme-core") } as const;
    expect(explain(view, question, decision)).toMatch(/^alice may read acme-core: .{10}/);
  });
});

describe("evidence", () => {
  it("names the rule that allows, after the roles that do", () => {
    expect(told(rules("allow members u *"), "alice", "yank", "acme-core").evidence).toEqual([
      { kind: "team", team: "release", via: [], role: "maintain" },
      { kind: "rule", rule: "packgate.toml:1", effect: "allow" },
    ]);
  });

  it("names the rule first where it is the reason", () => {
    expect(told(rules("allow members r *"), "bob", "read", "acme-site").evidence).toEqual([
      { kind: "rule", rule: "packgate.toml:1", effect: "allow" },
      { kind: "public", role: "read" },
    ]);
  });

  it("names the rule that denies", () => {
    expect(told(rules("deny members u *"), "alice", "yank", "acme-core").evidence).toEqual([
      { kind: "rule", rule: "packgate.toml:1", effect: "deny" },
    ]);
  });

  it("has the policy's label for a role", () => {
    expect(told(labelled, "alice", "yank", "acme-core").evidence).toEqual([
      { kind: "team", team: "release", via: [], role: "maintain", label: "Release manager" },
    ]);
  });

  it("of somebody without credentials is what everybody holds, and only if it gives the permission", () => {
    expect(told(open, "nobody", "read", "acme-site").evidence).toEqual([{ kind: "public", role: "read" }]);
    const both = { ...rules("allow everyone c *"), read: open.read };
    expect(told(both, "nobody", "upload", "acme-site").evidence).toEqual([
      { kind: "rule", rule: "packgate.toml:1", effect: "allow" },
    ]);
    expect(told(rules("allow everyone c *"), "nobody", "upload", "acme-site").evidence).toHaveLength(1);
  });

  it.each([
    [open, "nobody", "requests", "public"],
    [DEFAULT_POLICY, "run:core", "acme-core", "workflow"],
  ] as const)("may be no role at all: %#", (policy, who, name, kind) => {
    expect(told(policy, who, "read", name).evidence).toEqual([{ kind }]);
  });

  it("is there for each permission of everybody who has it", () => {
    for (const permission of PERMISSIONS) {
      expect(told(labelled, "olga", permission, "acme-core").evidence).toEqual([{ kind: "owner", role: "admin" }]);
    }
  });
});
