import { describe, expect, it } from "vitest";
import type { GrantKind } from "../../src/domain/grants.ts";
import { core, FAMILY, short } from "./core.ts";
import type { Sketch } from "./facts-builder.ts";
import { asked } from "./views.ts";

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
