import { describe, expect, it } from "vitest";
import type { Permission } from "../../src/domain/roles.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { core, FAMILY, short } from "./core.ts";
import type { Sketch } from "./facts-builder.ts";
import { asked } from "./views.ts";

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
