import { describe, expect, it } from "vitest";
import { decide } from "../../src/domain/decide.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import type { Permission } from "../../src/domain/roles.ts";
import { FAMILY, short } from "./core.ts";
import type { Sketch } from "./facts-builder.ts";
import { NOW, packageName } from "./facts-builder.ts";
import { ALL, rule, rules } from "./policies.ts";
import { asked, viewOf } from "./views.ts";

const ACME: Sketch = {
  owners: ["olga"],
  members: ["alice", "bob", "carol"],
  teams: FAMILY,
  repositories: {
    core: {
      declares: ["acme", "acme-core", "acme-core-extra", "acmes"],
      teams: { backend: "write" },
      collaborators: { dave: "read", carol: "maintain" },
    },
    web: { declares: ["acme-web"], visibility: "internal", collaborators: { erin: "write" } },
    site: { declares: ["acme-site"], visibility: "public", archived: true },
    other: {},
  },
};

/** The answer, and the line of the rule behind it. */
function answer(policy: Policy, question: string, sketch = ACME, index?: string): string {
  const [who = "", permission = "", name = ""] = question.split(" ");
  const decision = asked(sketch, [], policy).ask(who, permission as Permission, name, { index });
  return decision.rule === undefined ? short(decision) : `${short(decision)} :${decision.rule.line}`;
}

describe("a rule", () => {
  const rows: readonly (readonly [string, readonly string[], string, string])[] = [
    ["allows what no role does", ["allow user:bob c acme-core"], "bob upload acme-core", "allow rule :1"],
    ["denies what a role allows", ["deny user:alice c acme-core"], "alice upload acme-core", "deny rule (write) :1"],
    ["denies owners too", ["deny everyone d *"], "olga delete acme-core", "deny rule (admin) :1"],
    ["leaves alone what it does not mention", ["deny user:alice d *"], "alice upload acme-core", "allow team (write)"],
    [
      "is evidence beside a role that suffices",
      ["allow everyone c *"],
      "alice upload acme-core",
      "allow team (write) :1",
    ],
    ["counts before what every member can see", ["allow members r *"], "bob read acme-web", "allow rule (read) :1"],
    [
      "shows the strongest role that did not suffice",
      ["allow members u *"],
      "alice yank acme-core",
      "allow rule (write) :1",
    ],
    // Patterns, the most specific first.
    [
      "of an exact name counts before a prefix",
      ["deny members c acme-*", "allow members c acme-core"],
      "bob upload acme-core",
      "allow rule :2",
    ],
    [
      "of a longer prefix counts before a shorter",
      ["allow members c acme-*", "deny members c acme-core-*"],
      "alice upload acme-core-extra",
      "deny rule (write) :2",
    ],
    [
      "of any prefix counts before all names",
      ["deny members c *", "allow members c acme-*"],
      "bob upload acme-core",
      "allow rule :2",
    ],
    ["with a prefix covers the bare name", ["allow members c acme-*"], "bob upload acme", "allow rule :1"],
    [
      "with a name counts before its own prefix",
      ["deny members c acme-*", "allow members c acme"],
      "bob upload acme",
      "allow rule :2",
    ],
    [
      "with a prefix covers nothing that only begins alike",
      ["allow members c acme-*"],
      "bob upload acmes",
      "deny no-grant",
    ],
    [
      "that denies wins among equals, whichever is first",
      ["allow members c acme-*", "deny user:alice c acme-*"],
      "alice upload acme-core",
      "deny rule (write) :2",
    ],
    [
      "is the first of equals",
      ["allow members c acme-*", "allow user:bob c acme-*"],
      "bob upload acme-core",
      "allow rule :1",
    ],
    [
      "that is more specific but names others does not count",
      ["deny user:bob c acme-core", "allow members c *"],
      "alice upload acme-core",
      "allow team (write) :2",
    ],
    [
      "that is more specific but speaks of others does not count",
      ["deny members d acme-core", "allow members c *"],
      "bob upload acme-core",
      "allow rule :2",
    ],
    [
      "with several patterns counts by the one that fits best",
      ["allow members c *,acme-core", "deny members c acme-*"],
      "bob upload acme-core",
      "allow rule :1",
    ],
    [
      "that names a pattern twice is one",
      ["allow members c acme-core,acme-core"],
      "bob upload acme-core",
      "allow rule :1",
    ],
    // Principals.
    ["for members names owners", ["deny members c *"], "olga upload acme-core", "deny rule (admin) :1"],
    ["for members names nobody from outside", ["allow members c *"], "dave upload acme-core", "deny no-grant (read)"],
    ["for everyone names strangers", ["allow everyone r acme-core"], "mallory read acme-core", "allow rule :1"],
    [
      "for everyone names whoever gives no credentials",
      ["allow everyone r acme-core"],
      "nobody read acme-core",
      "allow rule :1",
    ],
    [
      "for members names nobody without credentials",
      ["allow members r *"],
      "nobody read acme-core",
      "deny missing-credentials",
    ],
    [
      "asks for credentials rather than refusing",
      ["allow everyone r *", "deny everyone r acme-core"],
      "nobody read acme-core",
      "deny missing-credentials",
    ],
    ["for a login, whatever its letters", ["allow user:BOB c *"], "bob upload acme-core", "allow rule :1"],
    [
      "for a login of a collaborator elsewhere",
      ["allow user:erin r acme-core"],
      "erin read acme-core",
      "allow rule :1",
    ],
    ["for a login that nobody has names nobody", ["allow user:zoe c *"], "bob upload acme-core", "deny no-grant"],
    ["for a team names its members", ["allow team:design c *"], "bob upload acme-core", "deny no-grant"],
    [
      "for a team names members of child teams",
      ["deny team:engineering c *"],
      "alice upload acme-core",
      "deny rule (write) :1",
    ],
    ["for a team names nobody above it", ["allow team:search d *"], "bob delete acme-core", "deny no-grant"],
    [
      "for a team that there is not names nobody",
      ["deny team:ghosts c *"],
      "alice upload acme-core",
      "allow team (write)",
    ],
    [
      "for a role names whoever's strongest role it is",
      ["allow role:write u *"],
      "alice yank acme-core",
      "allow rule (write) :1",
    ],
    [
      "for a role names nobody with a stronger one",
      ["deny role:write u *"],
      "carol yank acme-core",
      "allow collaborator (maintain)",
    ],
    [
      "for a role names collaborators from outside",
      ["allow role:read c *"],
      "dave upload acme-core",
      "allow rule (read) :1",
    ],
    [
      "for a role on another repository names nobody",
      ["allow role:write d *"],
      "erin delete acme-core",
      "deny not-a-member",
    ],
    [
      "for a workflow names its runs",
      ["allow workflow:Other c acme-core"],
      "run:other upload acme-core",
      "allow rule :1",
    ],
    ["for a workflow narrows its own right", ["deny workflow:core c *"], "run:core upload acme-core", "deny rule :1"],
    ["for a workflow names no person", ["allow workflow:core c *"], "bob upload acme-core", "deny no-grant"],
    ["for everyone names runs", ["deny everyone c *"], "run:core upload acme-core", "deny rule :1"],
    ["for members names no run", ["deny members c *"], "run:core upload acme-core", "allow workflow"],
    // What rules never change.
    [
      "changes nothing about an archived repository",
      ["allow everyone rc *"],
      "olga upload acme-site",
      "deny archived (admin)",
    ],
    ["changes nothing about a name that nobody has", ["allow everyone rc *"], "olga read acme-new", "deny unclaimed"],
  ];

  it.each(rows)("%s", (_, texts, question, expected) => {
    const sketch = { ...ACME, teams: { ...FAMILY, design: { members: [] } } };
    expect(answer(rules(...texts), question, sketch)).toBe(expected);
  });

  it.each([
    ["contested", "upload", "deny contested (admin)"],
    ["retired", "read", "deny retired"],
  ] as const)("changes nothing about a name that is %s", (status, permission, expected) => {
    const claim = { repository: 1001, path: "p", since: 0, rivals: [{ repository: 1002, path: "p" }] };
    const { ask } = asked(ACME, [["acme-core", { ...claim, status }]], rules("allow everyone rc *"));
    expect(short(ask("olga", permission, "acme-core"))).toBe(expected);
  });

  it("is one of thousands, each of which is found", () => {
    const names = Array.from({ length: 2000 }, (_, index) => `acme-n${index}`);
    const many = rules(...names.map((name) => `allow user:bob c ${name}`), "allow user:bob c *");
    const sketch = { ...ACME, repositories: { core: { declares: names } } };
    const { ask } = asked(sketch, [], many);
    for (const [index, name] of names.entries()) expect(ask("bob", "upload", name).rule?.line).toBe(index + 1);
    expect(short(ask("alice", "upload", "acme-n7"))).toBe("deny no-grant");
  });
});

describe("a rule for some indexes", () => {
  const policy = (effect: string): Policy => ({
    ...DEFAULT_POLICY,
    rules: [rule(`${effect} members c *`, { indexes: ["staging", "test"] })],
  });

  it.each([
    ["staging", "allow rule :1"],
    ["test", "allow rule :1"],
    ["production", "deny no-grant"],
    [undefined, "deny no-grant"],
  ])("holds for %s: %s", (index, expected) => {
    expect(answer(policy("allow"), "bob upload acme-core", ACME, index)).toBe(expected);
  });

  it("leaves what holds for all in force", () => {
    const both = {
      ...policy("allow"),
      rules: [...policy("deny").rules, rule("allow user:bob c acme-core", { line: 2 })],
    };
    expect(answer(both, "bob upload acme-core", ACME, "staging")).toBe("allow rule :2");
    expect(answer(both, "alice upload acme-core", ACME, "staging")).toBe("deny rule (write) :1");
    expect(answer(both, "alice upload acme-core", ACME, "elsewhere")).toBe("allow team (write)");
  });
});

describe("a rule with conditions", () => {
  const policy = (when: Parameters<typeof rule>[1]): Policy => ({
    ...DEFAULT_POLICY,
    rules: [rule("allow everyone u *", when)],
  });

  it("holds where the repository is as visible as it says", () => {
    const internal = policy({ when: { visibility: ["internal", "public"] } });
    expect(answer(internal, "bob yank acme-web")).toBe("allow rule (read) :1");
    expect(answer(internal, "bob yank acme-core")).toBe("deny no-grant");
  });

  it.each([
    ["environment", { environment: "release" }, true],
    ["environment", { environment: "staging" }, false],
    ["environment", {}, false],
    ["ref", { ref: "refs/tags/v1" }, true],
    ["ref", { ref: "refs/heads/main" }, false],
    ["ref", {}, false],
  ] as const)("on the %s holds for a run that presents it: %j", (kind, presented, holds) => {
    const when = kind === "ref" ? { ref: ["refs/tags/*"] } : { environment: ["rel*"] };
    const { ask } = asked(ACME, [], policy({ when }));
    expect(short(ask("run:core", "yank", "acme-core", presented))).toBe(holds ? "allow rule" : "deny no-grant");
    // A person has no environment and no ref, whatever an index says.
    expect(short(ask("bob", "yank", "acme-core", presented))).toBe("deny no-grant");
  });
});

describe("a rule whose subject is in doubt", () => {
  const unread: Sketch = {
    ...ACME,
    teams: { ...FAMILY, backend: { parent: "engineering", members: ["bob"] }, design: { members: "unread" } },
  };
  const hidden: Sketch = { ...ACME, base: "hidden" };
  const rows: readonly (readonly [string, Sketch, readonly string[], string, string])[] = [
    ["may deny what a role allows", unread, ["deny team:design c *"], "bob upload acme-core", "unknown not-synced"],
    [
      "denies nobody who is no member",
      unread,
      ["deny team:design r *"],
      "dave read acme-core",
      "allow collaborator (read)",
    ],
    ["may allow what no role does", unread, ["allow team:design u *"], "bob yank acme-core", "unknown not-synced"],
    [
      "changes nothing where the role agrees",
      unread,
      ["allow team:design c *"],
      "bob upload acme-core",
      "allow team (write)",
    ],
    [
      "changes nothing where a later rule agrees",
      unread,
      ["deny team:design c acme-core", "deny members c *"],
      "bob upload acme-core",
      "deny rule (write) :2",
    ],
    [
      "counts where a later rule says otherwise",
      unread,
      ["allow team:design c acme-core", "deny members c *"],
      "bob upload acme-core",
      "unknown not-synced",
    ],
    [
      "does not count after a rule that is sure",
      unread,
      ["deny team:design c *", "allow members c acme-core"],
      "bob upload acme-core",
      "allow team (write) :2",
    ],
    [
      "counts for a denial after another",
      unread,
      ["deny team:design u *"],
      "bob yank acme-core",
      "deny no-grant (write)",
    ],
    [
      "may name another role than we see",
      hidden,
      ["deny role:admin c *"],
      "alice upload acme-core",
      "unknown not-synced",
    ],
    [
      "does not, for somebody from outside",
      hidden,
      ["deny role:admin r *"],
      "dave read acme-core",
      "allow collaborator (read)",
    ],
  ];

  it.each(rows)("%s", (_, sketch, texts, question, expected) => {
    expect(answer(rules(...texts), question, sketch)).toBe(expected);
  });

  it("because two people carry the login may mean either", () => {
    const { facts, view, user } = asked(ACME, [], rules("deny user:dave r *", "allow user:dave c *"));
    const members = new Map([...(facts.members?.value ?? []), [99, { login: "Dave", owner: false }] as const]);
    const twins = viewOf({ ...facts, members: { asOf: NOW, value: members } }, view.claims, view.policy);
    const ask = (id: number, permission: Permission) =>
      short(decide(twins, { kind: "user", id }, permission, packageName("acme-core")));
    expect([ask(user("dave"), "read"), ask(user("dave"), "upload")]).toEqual([
      "unknown not-synced",
      "unknown not-synced",
    ]);
    // Whom no role lets read, a denial in doubt takes nothing.
    expect([ask(99, "read"), ask(99, "upload")]).toEqual(["deny no-grant", "unknown not-synced"]);
  });

  it("because a collaborator has had two logins may mean neither", () => {
    const { facts, view, user, repository } = asked(ACME, [], rules("allow user:dave c *"));
    const old = { login: "dave-old", role: { name: "read", level: "read" } } as const;
    const granted = { teams: new Map(), collaborators: new Map([[user("dave"), old]]) };
    const access = new Map(facts.access).set(repository("other"), { asOf: NOW, value: granted });
    const renamed = viewOf({ ...facts, access }, view.claims, view.policy);
    const subject = { kind: "user", id: user("dave") } as const;
    expect(short(decide(renamed, subject, "upload", packageName("acme-core")))).toBe("unknown not-synced");
  });

  it("because two repositories have the name may mean either's runs", () => {
    const { facts, view, repository } = asked(ACME, [], rules("allow workflow:other c *"));
    const web = facts.repositories.get(repository("web"));
    if (web === undefined) throw new Error("no such repository");
    const repositories = new Map(facts.repositories).set(repository("web"), {
      ...web,
      value: { ...web.value, name: "Other" },
    });
    const twins = viewOf({ ...facts, repositories }, view.claims, view.policy);
    for (const run of ["other", "web"]) {
      const subject = { kind: "workload", repository: repository(run) } as const;
      expect(short(decide(twins, subject, "upload", packageName("acme-core")))).toBe("unknown not-synced");
    }
  });

  it("is as old as who is in the team", () => {
    const { facts, view, team, user } = asked(ACME, [], rules("deny team:design c *", "allow team:ghosts c *"));
    const teamMembers = new Map(facts.teamMembers).set(team("design"), { asOf: 7, value: new Set() });
    const old = viewOf({ ...facts, teamMembers }, view.claims, view.policy);
    const ask = (freshSince: number, permission: Permission, name: string) =>
      decide({ ...old, freshSince }, { kind: "user", id: user("alice") }, permission, packageName(name));
    expect(ask(0, "upload", "acme-core").asOf).toBe(7);
    expect(short(ask(8, "upload", "acme-core"))).toBe("unknown stale");
  });
});

it("every letter asked for must be in the rule", () => {
  const policy = rules("allow user:bob rcu acme-core");
  const granted = ALL & 0b00111;
  for (const [permission, bit] of [
    ["read", 1],
    ["upload", 2],
    ["yank", 4],
    ["delete", 8],
    ["manage", 16],
  ] as const) {
    const expected = (granted & bit) === 0 ? "deny no-grant" : "allow rule :1";
    expect(answer(policy, `bob ${permission} acme-core`)).toBe(expected);
  }
});
