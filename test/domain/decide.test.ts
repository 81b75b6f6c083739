import { describe, expect, it } from "vitest";
import { compileAccess } from "../../src/domain/access.ts";
import type { Claim } from "../../src/domain/claims.ts";
import type { Decision } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Facts } from "../../src/domain/facts.ts";
import type { GrantKind } from "../../src/domain/grants.ts";
import { makeGrant } from "../../src/domain/grants.ts";
import type { Permission } from "../../src/domain/roles.ts";
import { githubRole, PERMISSIONS } from "../../src/domain/roles.ts";
import type { RepositorySketch, Sketch } from "./facts-builder.ts";
import { NOW, packageName, repositoryOf } from "./facts-builder.ts";
import { asked } from "./views.ts";

/** One private repository `core` that declares `acme-core`; alice is a member, olga owns, dave is from outside. */
function core(repository: RepositorySketch, more: Sketch = {}): Sketch {
  return {
    owners: ["olga"],
    members: ["alice"],
    ...more,
    repositories: { core: { declares: ["acme-core"], ...repository } },
  };
}

/** The outcome, the reason, and the role of the strongest grant, in a line. */
function short({ outcome, reason, grant }: Decision): string {
  const role = grant === undefined ? "" : ` (${grant.role.name})`;
  return `${outcome} ${reason}${role}`;
}

const FAMILY: Sketch["teams"] = {
  engineering: { members: [] },
  backend: { parent: "engineering", members: [] },
  search: { parent: "backend", members: ["alice"] },
  design: { members: ["bob"] },
};

const HELD_BY_TEAM = core({ teams: { backend: "write" } }, { teams: FAMILY, members: ["alice", "bob"] });

describe("each path to a role", () => {
  const rows: readonly (readonly [string, Sketch, string, Permission, string])[] = [
    ["an owner holds admin everywhere", core({}), "olga", "manage", "allow owner (admin)"],
    ["an ordinary member holds nothing by that", core({}), "alice", "read", "deny no-grant"],
    [
      "a direct grant",
      core({ collaborators: { alice: "maintain" } }),
      "alice",
      "yank",
      "allow collaborator (maintain)",
    ],
    [
      "a direct grant from outside",
      core({ collaborators: { dave: "write" } }),
      "dave",
      "upload",
      "allow collaborator (write)",
    ],
    ["a direct grant to somebody else", core({ collaborators: { dave: "write" } }), "alice", "upload", "deny no-grant"],
    ["a team", core({ teams: { search: "write" } }, { teams: FAMILY }), "alice", "upload", "allow team (write)"],
    ["a team's parent", HELD_BY_TEAM, "alice", "upload", "allow team (write)"],
    [
      "a team's parent's parent",
      core({ teams: { engineering: "admin" } }, { teams: FAMILY }),
      "alice",
      "delete",
      "allow team (admin)",
    ],
    ["somebody else's team", HELD_BY_TEAM, "bob", "upload", "deny no-grant"],
    [
      "a child team, which gives its parent's members nothing",
      core(
        { teams: { search: "write" } },
        { teams: { ...FAMILY, search: { parent: "backend" }, backend: { members: ["alice"] } } },
      ),
      "alice",
      "read",
      "deny no-grant",
    ],
    ["the base permission", core({}, { base: "write" }), "alice", "upload", "allow base (write)"],
    ["the base permission none", core({}, { base: "none" }), "alice", "read", "deny no-grant"],
    ["an internal repository", core({ visibility: "internal" }), "alice", "read", "allow public (read)"],
    ["a public repository", core({ visibility: "public" }), "alice", "read", "allow public (read)"],
    [
      "a public repository gives no more than read",
      core({ visibility: "public" }),
      "alice",
      "upload",
      "deny no-grant (read)",
    ],
    [
      "an organization role of one's own",
      core({}, { organizationRoles: { "All repository write": { base: "write", users: ["alice"] } } }),
      "alice",
      "upload",
      "allow organization-role (write)",
    ],
    [
      "an organization role of a team",
      core({}, { teams: FAMILY, organizationRoles: { sre: { base: "maintain", teams: ["search"] } } }),
      "alice",
      "yank",
      "allow organization-role (maintain)",
    ],
    [
      "an organization role of an ancestor",
      core({}, { teams: FAMILY, organizationRoles: { sre: { base: "read", teams: ["engineering"] } } }),
      "alice",
      "read",
      "allow organization-role (read)",
    ],
    [
      "an organization role of somebody else",
      core({}, { teams: FAMILY, organizationRoles: { sre: { base: "admin", users: ["olga"], teams: ["design"] } } }),
      "alice",
      "read",
      "deny no-grant",
    ],
    [
      "an organization role without repository access",
      core({}, { organizationRoles: { "CI/CD admin": { users: ["alice"] } } }),
      "alice",
      "read",
      "deny no-grant",
    ],
  ];

  it.each(rows)("%s", (_, sketch, who, permission, expected) => {
    expect(short(asked(sketch).ask(who, permission, "acme-core"))).toBe(expected);
  });
});

describe("somebody outside the organization", () => {
  const everything: Sketch = core(
    { visibility: "public", teams: { design: "admin" } },
    {
      base: "admin",
      // A list read while somebody was leaving can still name them.
      teams: { design: { members: ["dave"] } },
      organizationRoles: { all: { base: "admin", users: ["dave"], teams: ["design"] } },
    },
  );

  it.each(PERMISSIONS)("holds no %s by base permission, team, organization role or visibility", (permission) => {
    expect(short(asked(everything).ask("dave", permission, "acme-core"))).toBe("deny not-a-member");
  });

  it("is told of a role that does not suffice", () => {
    const sketch = core({ collaborators: { dave: "read" } });
    expect(short(asked(sketch).ask("dave", "upload", "acme-core"))).toBe("deny no-grant (read)");
  });
});

describe("the strongest path", () => {
  /** Everything gives alice this role; `paths` are left out in turn. */
  const all = (paths: readonly GrantKind[], role: string): Sketch => {
    const has = (kind: GrantKind): boolean => paths.includes(kind);
    return {
      base: has("base") ? "read" : "none",
      members: has("owner") ? [] : ["alice"],
      owners: has("owner") ? ["alice"] : [],
      teams: { search: { members: ["alice"] } },
      organizationRoles: has("organization-role") ? { all: { base: role, users: ["alice"] } } : {},
      repositories: {
        core: {
          declares: ["acme-core"],
          visibility: has("public") ? "internal" : "private",
          teams: has("team") ? { search: role } : {},
          collaborators: has("collaborator") ? { alice: role } : {},
        },
      },
    };
  };

  it.each([
    [["organization-role", "team", "collaborator", "base", "public"], "organization-role"],
    [["team", "collaborator", "base", "public"], "team"],
    [["collaborator", "base", "public"], "collaborator"],
    [["base", "public"], "base"],
    [["public"], "public"],
  ] as const)("among equals %j is %s", (paths, reason) => {
    expect(asked(all(paths, "read")).ask("alice", "read", "acme-core").reason).toBe(reason);
  });

  it.each(["organization-role", "team", "collaborator"] as const)("is an owner's, before %s with admin", (kind) => {
    expect(asked(all(["owner", kind], "admin")).ask("alice", "read", "acme-core").reason).toBe("owner");
  });

  it.each(["organization-role", "team", "collaborator"] as const)("is the stronger role of %s", (kind) => {
    const weaker = (["organization-role", "team", "collaborator"] as const).filter((other) => other !== kind);
    const sketch = all([...weaker, "base", "public"], "read");
    const stronger = all([kind], "write");
    const core = { ...sketch.repositories?.["core"] };
    const merged: Sketch = {
      ...sketch,
      organizationRoles: { ...sketch.organizationRoles, ...stronger.organizationRoles },
      repositories: {
        core: {
          ...core,
          teams: { ...core.teams, ...stronger.repositories?.["core"]?.teams },
          collaborators: { ...core.collaborators, ...stronger.repositories?.["core"]?.collaborators },
        },
      },
    };
    expect(short(asked(merged).ask("alice", "read", "acme-core"))).toBe(`allow ${kind} (write)`);
  });

  it("prefers triage to read, though both only read", () => {
    const sketch = core({ collaborators: { alice: "triage" } }, { base: "read" });
    expect(short(asked(sketch).ask("alice", "read", "acme-core"))).toBe("allow collaborator (triage)");
  });

  it("shows the strongest grant that does not suffice", () => {
    const sketch = core({ collaborators: { alice: "triage" } }, { base: "write" });
    expect(short(asked(sketch).ask("alice", "yank", "acme-core"))).toBe("deny no-grant (write)");
  });

  it("of two teams with one role is the one GitHub lists first", () => {
    const teams = { design: { members: ["alice"] }, search: { members: ["alice"] } };
    const { ask, team } = asked(core({ teams: { search: "write", design: "write" } }, { teams }));
    expect(ask("alice", "upload", "acme-core").grant?.team).toBe(team("search"));
  });
});

describe("custom repository roles", () => {
  const customRoles = { deployer: "maintain" } as const;

  it.each([
    ["deployer:read", customRoles, "yank", "allow team (deployer)"],
    ["deployer:read", customRoles, "delete", "deny no-grant (deployer)"],
    ["deployer:write", {}, "upload", "allow team (deployer)"],
    ["deployer:write", {}, "yank", "deny no-grant (deployer)"],
  ] as const)("%s with the definitions %j, asked to %s", (role, customRoles, permission, expected) => {
    const sketch = core({ teams: { backend: role } }, { teams: FAMILY, customRoles });
    expect(short(asked(sketch).ask("alice", permission, "acme-core"))).toBe(expected);
  });
});

describe("an archived repository", () => {
  it.each(PERMISSIONS)("is read-only even to an owner: %s", (permission) => {
    const decision = asked(core({ archived: true })).ask("olga", permission, "acme-core");
    expect(short(decision)).toBe(permission === "read" ? "allow owner (admin)" : "deny archived (admin)");
  });

  it("is not read by everybody", () => {
    expect(short(asked(core({ archived: true })).ask("alice", "read", "acme-core"))).toBe("deny no-grant");
  });
});

describe("the claim", () => {
  const held: Claim = { status: "held", repository: 1001, path: "pyproject.toml", since: 0 };
  const contested: Claim = { ...held, status: "contested", rivals: [{ repository: 1002, path: "setup.cfg" }] };

  it.each([
    ["held", held, "upload", "allow owner (admin)"],
    ["contested", contested, "read", "allow owner (admin)"],
    ["contested", contested, "upload", "deny contested (admin)"],
    ["contested", contested, "manage", "deny contested (admin)"],
    ["retired", { status: "retired", repository: 1001, since: 0 }, "read", "deny retired"],
  ] as const)("%s: %#", (_, claim, permission, expected) => {
    expect(short(asked(core({}), [["acme-other", claim]]).ask("olga", permission, "acme-other"))).toBe(expected);
  });

  it("contested in an archived repository says contested", () => {
    const { ask } = asked(core({ archived: true }), [["acme-core", contested]]);
    expect(short(ask("olga", "upload", "acme-core"))).toBe("deny contested (admin)");
  });

  it("of nobody is nobody's, not even an owner's", () => {
    expect(short(asked(core({})).ask("olga", "read", "acme-new"))).toBe("deny unclaimed");
  });

  it("gives a role on its own repository only", () => {
    const sketch: Sketch = {
      members: ["alice"],
      repositories: {
        core: { declares: ["acme-core"], collaborators: { alice: "admin" } },
        web: { declares: ["acme-web"] },
      },
    };
    expect(short(asked(sketch).ask("alice", "read", "acme-web"))).toBe("deny no-grant");
  });
});

describe("unknown is an answer of its own", () => {
  const hidden = core({ collaborators: { dave: "read" } }, { base: "hidden" });
  const unread = (teams: RepositorySketch["teams"] = {}): Sketch =>
    core({ teams }, { teams: { ...FAMILY, backend: { parent: "engineering", members: "unread" } } });
  const roleOf = (team: string): Sketch => ({
    ...unread(),
    members: ["alice", "bob"],
    organizationRoles: { all: { base: "write", teams: [team] } },
  });

  const rows: readonly (readonly [string, Sketch, string, string])[] = [
    ["base permission hidden", hidden, "alice", "unknown not-synced"],
    ["base permission hidden, but an owner", hidden, "olga", "allow owner (admin)"],
    ["base permission hidden, but from outside", hidden, "dave", "deny no-grant (read)"],
    ["base permission hidden, and a stranger", hidden, "eve", "deny not-a-member"],
    ["a granted team unread", unread({ backend: "read" }), "alice", "unknown not-synced"],
    ["a granted team whose child is unread", unread({ engineering: "read" }), "alice", "unknown not-synced"],
    ["an unread team without a grant", unread({ design: "read" }), "alice", "deny no-grant"],
    ["a granted child of an unread team", unread({ search: "read" }), "olga", "allow owner (admin)"],
    ["a granted child of an unread team, to its member", unread({ search: "read" }), "alice", "deny no-grant (read)"],
    ["a granted team that is not listed", unread({ brandnew: "read" }), "alice", "unknown not-synced"],
    ["an unread team with an organization role", roleOf("backend"), "bob", "unknown not-synced"],
    ["an organization role of an unread team's parent", roleOf("engineering"), "bob", "unknown not-synced"],
    [
      "an unread team with an organization role, to its child's member",
      roleOf("backend"),
      "alice",
      "allow organization-role (write)",
    ],
    ["an organization role of a team that is not listed", roleOf("brandnew"), "alice", "unknown not-synced"],
    ["an organization role of a team that is read", roleOf("design"), "alice", "deny no-grant"],
    [
      "an unread team whose organization role reaches no repository",
      { ...unread(), organizationRoles: { ci: { teams: ["backend"] } } },
      "alice",
      "deny no-grant",
    ],
    ["access unread", core({ access: "unread" }), "olga", "unknown not-synced"],
  ];

  it.each(rows)("%s", (_, sketch, who, expected) => {
    expect(short(asked(sketch).ask(who, "upload", "acme-core"))).toBe(expected);
  });

  it("yields to what is forbidden whatever is missing", () => {
    expect(short(asked(core({ archived: true }, { base: "hidden" })).ask("alice", "upload", "acme-core"))).toBe(
      "deny archived",
    );
  });

  it("is given before everything has been read", () => {
    const { view, user } = asked(core({}));
    const subject = { kind: "user", id: user("olga") } as const;
    expect(decide({ ...view, ready: false }, subject, "read", packageName("acme-core"))).toEqual({
      outcome: "unknown",
      reason: "not-synced",
      grant: undefined,
      repository: undefined,
      asOf: undefined,
    });
  });
});

describe("the whole answer", () => {
  const name = packageName("acme-core");
  const { view, ask, repository } = asked(core({ collaborators: { alice: "triage" } }));
  const row = view.access.repositories.get(repository("core"));

  it("allows with the grant and the repository", () => {
    expect(ask("olga", "manage", "acme-core")).toEqual({
      outcome: "allow",
      reason: "owner",
      grant: makeGrant("owner", githubRole("admin")),
      repository: row,
      asOf: NOW,
    });
  });

  it("denies with the grant that does not suffice", () => {
    expect(ask("alice", "upload", "acme-core")).toEqual({
      outcome: "deny",
      reason: "no-grant",
      grant: makeGrant("collaborator", githubRole("triage")),
      repository: row,
      asOf: NOW,
    });
  });

  it("denies without a repository where none is named", () => {
    expect(ask("olga", "read", "acme-new")).toEqual({
      outcome: "deny",
      reason: "unclaimed",
      grant: undefined,
      repository: undefined,
      asOf: NOW,
    });
  });

  it.each([true, false])("denies somebody without credentials before anything else (ready: %j)", (ready) => {
    expect(decide({ ...view, ready }, { kind: "everyone" }, "read", name)).toEqual({
      outcome: "deny",
      reason: "missing-credentials",
      grant: undefined,
      repository: undefined,
      asOf: undefined,
    });
  });
});

describe("the age of an answer", () => {
  const { facts, user, repository, view } = asked(core({}));
  const id = repository("core");
  const asOf = (change: Partial<Facts>): number | undefined => {
    const access = compileAccess({ ...facts, ...change });
    const subject = { kind: "user", id: user("olga") } as const;
    return decide({ ...view, access }, subject, "read", packageName("acme-core")).asOf;
  };

  it.each([
    ["of every member and team", { members: { asOf: 5, value: facts.members?.value ?? new Map() } }, 5],
    ["of the repository", { repositories: new Map([[id, { asOf: 6, value: repositoryOf("core") }]]) }, 6],
    [
      "of its grants",
      { access: new Map([[id, { asOf: 7, value: { teams: new Map(), collaborators: new Map() } }]]) },
      7,
    ],
    ["of everything, when all are as old", {}, NOW],
  ])("is the age %s", (_, change, expected) => {
    expect(asOf(change)).toBe(expected);
  });
});
