import { describe, expect, it } from "vitest";
import type { View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import { explain } from "../../src/domain/explain.ts";
import type { Policy, RoleChange } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import type { Permission } from "../../src/domain/roles.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { core, short } from "./core.ts";
import type { Sketch } from "./facts-builder.ts";
import { packageName } from "./facts-builder.ts";
import { mask } from "./policies.ts";
import { asked, viewOf } from "./views.ts";

const ACME: Sketch = {
  base: "none",
  owners: ["olga"],
  members: ["alice"],
  repositories: {
    core: { declares: ["acme-core"], collaborators: { dave: "triage" } },
    web: { declares: ["acme-web"], visibility: "internal" },
    site: { declares: ["acme-site"], visibility: "public" },
    old: { declares: ["acme-old"], visibility: "public", archived: true },
  },
};

/** What somebody may do to a package. */
function rights(policy: Policy, who: string, name: string, sketch = ACME): string[] {
  const { ask } = asked(sketch, [], policy);
  return PERMISSIONS.filter((permission) => ask(who, permission, name).outcome === "allow");
}

function answer(policy: Policy, who: string, permission: Permission, name: string, sketch = ACME): string {
  return short(asked(sketch, [], policy).ask(who, permission, name));
}

const roles = (changes: Readonly<Record<string, string>>): Policy => ({
  ...DEFAULT_POLICY,
  roles: new Map(
    Object.entries(changes).map(([name, letters]): [string, RoleChange] => [
      name,
      { permissions: mask(letters), label: undefined, line: 1 },
    ]),
  ),
});

describe("a role that may do something else", () => {
  it("does so however it is come by", () => {
    const changed = roles({ write: "rcd" });
    const write = ["read", "upload", "delete"];
    expect(rights(changed, "alice", "acme-core", core({ collaborators: { alice: "write" } }))).toEqual(write);
    expect(rights(changed, "alice", "acme-core", core({}, { base: "write" }))).toEqual(write);
    const role = { organizationRoles: { all: { base: "write", users: ["alice"] } } };
    expect(rights(changed, "alice", "acme-core", core({}, role))).toEqual(write);
    const teams = { teams: { release: { members: ["alice"] } } };
    expect(rights(changed, "alice", "acme-core", core({ teams: { release: "write" } }, teams))).toEqual(write);
  });

  it("locks out owners where it is theirs", () => {
    expect(rights(roles({ admin: "" }), "olga", "acme-core")).toEqual([]);
    expect(answer(roles({ admin: "" }), "olga", "read", "acme-core")).toBe("deny no-grant (admin)");
  });

  it("and is stronger hides no weaker one that may do more", () => {
    const changed = roles({ admin: "r", triage: "cu", read: "" });
    const sketch = core({ collaborators: { olga: "triage" } });
    const { ask } = asked(sketch, [], changed);
    expect(short(ask("olga", "read", "acme-core"))).toBe("allow owner (admin)");
    expect(short(ask("olga", "upload", "acme-core"))).toBe("allow collaborator (triage)");
    expect(short(ask("olga", "manage", "acme-core"))).toBe("deny no-grant (admin)");
  });

  it("among organization roles too", () => {
    const changed = roles({ maintain: "", read: "u" });
    const organizationRoles = {
      strong: { base: "maintain", users: ["alice"] },
      weak: { base: "read", users: ["alice"] },
    };
    const { ask } = asked(core({}, { organizationRoles }), [], changed);
    expect(short(ask("alice", "yank", "acme-core"))).toBe("allow organization-role (read)");
    expect(short(ask("alice", "upload", "acme-core"))).toBe("deny no-grant (maintain)");
  });

  it("may be a custom one", () => {
    const sketch = core({ collaborators: { alice: "deployer:read" } }, { customRoles: { deployer: "maintain" } });
    expect(rights(roles({ deployer: "cm" }), "alice", "acme-core", sketch)).toEqual(["upload", "manage"]);
  });

  it("gives no more than reading to those who can merely see the repository", () => {
    expect(rights(roles({ read: "rcudm" }), "alice", "acme-web")).toEqual(["read"]);
    expect(rights(roles({ read: "" }), "alice", "acme-web")).toEqual(["read"]);
    expect(rights(roles({ read: "rcudm" }), "alice", "acme-core", { ...ACME, base: "read" })).toEqual([...PERMISSIONS]);
  });
});

describe("an archived repository", () => {
  const none = { ...DEFAULT_POLICY, repositories: { ...DEFAULT_POLICY.repositories, archived: "none" as const } };

  it.each(PERMISSIONS)("may be closed even to owners: %s", (permission) => {
    expect(answer(none, "olga", permission, "acme-old")).toBe("deny archived (admin)");
    expect(answer(none, "run:old", permission, "acme-old")).toMatch(/^deny archived/);
  });

  it("leaves others open", () => {
    expect(answer(none, "olga", "read", "acme-core")).toBe("allow owner (admin)");
  });
});

const reads = (read: Partial<Policy["read"]>): Policy => ({
  ...DEFAULT_POLICY,
  read: { ...DEFAULT_POLICY.read, ...read },
});

describe("packages of public repositories", () => {
  const open = reads({ publicRepositories: "everyone" });

  it.each(["nobody", "mallory", "dave", "run:99"])("may be read by everyone: %s", (who) => {
    expect(rights(open, who, "acme-site")).toEqual(["read"]);
    expect(answer(open, who, "read", "acme-site")).toBe("allow public (read)");
    expect(answer(open, who, "read", "acme-old")).toBe("allow public (read)");
    expect(rights(open, who, "acme-web")).toEqual([]);
  });

  it("are members' unless the policy says so", () => {
    expect(answer(DEFAULT_POLICY, "alice", "read", "acme-site")).toBe("allow public (read)");
    expect(answer(DEFAULT_POLICY, "dave", "read", "acme-site")).toBe("deny not-a-member");
    expect(answer(DEFAULT_POLICY, "nobody", "read", "acme-site")).toBe("deny missing-credentials");
  });

  it("ask for credentials where those might help", () => {
    expect(answer(open, "nobody", "upload", "acme-site")).toBe("deny missing-credentials");
    expect(answer(open, "nobody", "read", "acme-new")).toBe("deny missing-credentials");
  });

  it("are not known to be public before everything has been read", () => {
    const { view } = asked(ACME, [], open);
    const decision = decide({ ...view, ready: false }, { kind: "everyone" }, "read", packageName("acme-site"));
    expect(short(decision)).toBe("unknown not-synced");
  });
});

describe("a name that nobody claims", () => {
  it.each([
    ["nobody", [false, false, false, false]],
    ["members", [true, true, false, false]],
    ["everyone", [true, true, true, true]],
  ] as const)("may be read by %s", (unclaimed, expected) => {
    const policy = reads({ unclaimed });
    const who = ["alice", "run:core", "dave", "nobody"];
    expect(who.map((each) => answer(policy, each, "read", "requests") === "allow public")).toEqual(expected);
  });

  it("may be read and no more", () => {
    expect(rights(reads({ unclaimed: "everyone" }), "olga", "requests")).toEqual(["read"]);
  });

  it("is not served from elsewhere once it is retired, or while it is reserved", () => {
    const policy: Policy = {
      ...reads({ unclaimed: "everyone" }),
      names: { ...DEFAULT_POLICY.names, reserved: [{ pattern: "acme-*", repositories: ["core"], line: 1 }] },
    };
    expect(answer(policy, "alice", "read", "acme-new")).toBe("deny unclaimed");
    expect(answer(policy, "alice", "read", "acme")).toBe("deny unclaimed");
    expect(answer(policy, "alice", "read", "acmes")).toBe("allow public");
    const { ask } = asked(ACME, [["gone", { status: "retired", repository: 1001, since: 0 }]], policy);
    expect(short(ask("alice", "read", "gone"))).toBe("deny retired");
  });
});

describe("with pins only", () => {
  it("what a repository declares is not served from elsewhere, pinned or not", () => {
    const policy: Policy = {
      ...reads({ unclaimed: "everyone" }),
      names: { ...DEFAULT_POLICY.names, claim: "pinned" },
    };
    const { facts } = asked(ACME);
    const view = viewOf(facts, new Map(), policy);
    const read = (name: string) => short(decide(view, { kind: "everyone" }, "read", packageName(name)));
    expect(read("acme-core")).toBe("deny missing-credentials");
    expect(read("requests")).toBe("allow public");
    expect(sentence(view, "acme-core")).toMatch(/packgate.toml does not pin it/);
    const reserved = [{ pattern: "acme-*", repositories: ["core"], line: 1 }];
    const kept = viewOf(facts, new Map(), { ...policy, names: { ...policy.names, reserved } });
    expect(sentence(kept, "acme-core")).toMatch(/packgate.toml reserves/);
  });

  function sentence(view: View, text: string): string {
    const name = packageName(text);
    const decision = decide(view, { kind: "user", id: 1 }, "upload", name);
    return explain(view, { who: "somebody", user: undefined, permission: "upload", name }, decision);
  }
});

describe("a workflow's run", () => {
  it("may upload and read what its own repository holds", () => {
    expect(rights(DEFAULT_POLICY, "run:core", "acme-core")).toEqual(["read", "upload"]);
    expect(answer(DEFAULT_POLICY, "run:core", "upload", "acme-core")).toBe("allow workflow");
    expect(answer(DEFAULT_POLICY, "run:core", "yank", "acme-core")).toBe("deny no-grant");
  });

  it("may read what every member can see", () => {
    expect(rights(DEFAULT_POLICY, "run:core", "acme-web")).toEqual(["read"]);
    expect(rights(DEFAULT_POLICY, "run:core", "acme-site")).toEqual(["read"]);
    expect(answer(DEFAULT_POLICY, "run:web", "read", "acme-core")).toBe("deny no-grant");
  });

  it("of a repository that is not ours may do nothing", () => {
    for (const name of ["acme-core", "acme-web", "acme-site"]) {
      expect(answer(DEFAULT_POLICY, "run:elsewhere", "read", name)).toBe("deny not-a-member");
    }
  });

  it("is no user of the same number", () => {
    const sketch = core({ collaborators: { alice: "admin" } });
    const { view, user } = asked(sketch);
    const run = { kind: "workload", repository: user("alice") } as const;
    expect(short(decide(view, run, "upload", packageName("acme-core")))).toBe("deny not-a-member");
  });

  it("may only read what is contested, and what is archived", () => {
    expect(rights(DEFAULT_POLICY, "run:old", "acme-old")).toEqual(["read"]);
    const contested = { status: "contested", repository: 1001, path: "p", since: 0, rivals: [] } as const;
    const { ask } = asked(ACME, [["acme-core", contested]]);
    expect(short(ask("run:core", "upload", "acme-core"))).toBe("deny contested");
    expect(short(ask("run:core", "read", "acme-core"))).toBe("allow workflow");
  });
});
