import { describe, expect, it } from "vitest";
import type { RoleChange } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { shownRole } from "../../src/domain/roles.ts";
import { catalogInForce, policyPlace, rolesWith } from "../../src/domain/roles-in-force.ts";
import { draw } from "./facts-builder.ts";
import { mask } from "./policies.ts";
import { sourcesOf } from "./views.ts";

function roles(changes: Readonly<Record<string, Partial<RoleChange>>>) {
  const rows = Object.entries(changes).map(([name, change], index): [string, RoleChange] => [
    name,
    { permissions: undefined, label: undefined, line: index + 3, ...change },
  ]);
  return { ...DEFAULT_POLICY, roles: new Map(rows) };
}

const shown = (...args: Parameters<typeof catalogInForce>): string[] =>
  catalogInForce(...args).map(
    ({ name, label, permissions, source }) => `${name} "${label}" ${permissions.join("+")} ${source}`,
  );

describe("the catalog in force", () => {
  it("is GitHub's roles where nothing was decided", () => {
    expect(shown(DEFAULT_POLICY, new Map())).toEqual([
      'read "Read" read default',
      'triage "Triage" read default',
      'write "Write" read+upload default',
      'maintain "Maintain" read+upload+yank default',
      'admin "Admin" read+upload+yank+delete+manage default',
    ]);
  });

  it("says of each row where it comes from", () => {
    const policy = roles({
      maintain: { label: "Release manager" },
      admin: { permissions: mask("r") },
      deployer: { permissions: mask("cu") },
      auditor: { label: "Auditor" },
      stranger: { label: "Stranger" },
      known: { permissions: mask("m") },
    });
    const custom = new Map([
      ["zeta", "write"],
      ["deployer", "read"],
      ["auditor", "triage"],
    ] as const);
    expect(shown(policy, custom)).toEqual([
      'read "Read" read default',
      'triage "Triage" read default',
      'write "Write" read+upload default',
      'maintain "Release manager" read+upload+yank packgate.toml:3',
      'admin "Admin" read packgate.toml:4',
      'auditor "Auditor" read packgate.toml:6',
      'deployer "deployer" upload+yank packgate.toml:5',
      'known "known" manage packgate.toml:8',
      'stranger "Stranger"  packgate.toml:7',
      'zeta "zeta" read+upload write',
    ]);
  });
});

describe("the roles that hold a permission", () => {
  const { facts } = draw({ customRoles: { deployer: "read", other: "admin" } });
  const names = (policy = DEFAULT_POLICY, given = facts) =>
    rolesWith("upload", sourcesOf(given, new Map(), policy)).map(({ name }) => name);

  it("are GitHub's, and those that the policy makes so", () => {
    expect(names()).toEqual(["write", "maintain", "admin"]);
    expect(names(roles({ write: { permissions: 0 }, deployer: { permissions: mask("c") } }))).toEqual([
      "maintain",
      "admin",
      "deployer",
    ]);
    expect(names(roles({ deployer: { permissions: mask("c") } }), { ...facts, customRoles: undefined })).toEqual([
      "write",
      "maintain",
      "admin",
    ]);
  });
});

describe("a role, to a person", () => {
  it.each([
    ["write", "Write", "write"],
    ["deployer", "deployer", "deployer"],
    ["maintain", "Release manager", "Release manager (maintain)"],
  ])("%s, labelled %s, is %s", (name, label, expected) => {
    expect(shownRole({ name, label })).toBe(expected);
  });

  it("is found where the policy has it", () => {
    expect(policyPlace(12)).toBe("packgate.toml:12");
  });
});
