import { describe, expect, it } from "vitest";
import { GITHUB_ROLES } from "../../src/domain/facts.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import {
  ACTIONS,
  catalogRow,
  githubRole,
  isGitHubRole,
  parseAction,
  PERMISSION_BIT,
  PERMISSIONS,
  permissionsIn,
  rankOf,
} from "../../src/domain/roles.ts";

describe("the role catalog", () => {
  it("says what each of GitHub's roles may do to packages", () => {
    expect(GITHUB_ROLES.map(githubRole)).toEqual([
      { name: "read", label: "Read", rank: 1, mask: 0b00001 },
      { name: "triage", label: "Triage", rank: 2, mask: 0b00001 },
      { name: "write", label: "Write", rank: 3, mask: 0b00011 },
      { name: "maintain", label: "Maintain", rank: 4, mask: 0b00111 },
      { name: "admin", label: "Admin", rank: 5, mask: 0b11111 },
    ]);
  });

  it("only adds permissions as roles grow stronger", () => {
    const masks = GITHUB_ROLES.map((name) => githubRole(name).mask);
    for (const [index, mask] of masks.entries()) expect(mask & (masks[index - 1] ?? 0)).toBe(masks[index - 1] ?? 0);
  });

  it.each([
    [0, []],
    [0b00001, ["read"]],
    [0b00111, ["read", "upload", "yank"]],
    [0b11000, ["delete", "manage"]],
    [0b11111, PERMISSIONS],
  ])("reads the mask %i as %j", (mask, permissions) => {
    expect(permissionsIn(mask)).toEqual(permissions);
  });

  it("gives each permission its own bit", () => {
    expect(PERMISSION_BIT).toEqual({ read: 1, upload: 2, yank: 4, delete: 8, manage: 16 });
  });
});

const NONE = DEFAULT_POLICY.roles;

describe("custom roles", () => {
  const custom = new Map([["deployer", "maintain" as const]]);

  it("fall back to the role they are built on, whatever GitHub's flags showed when they were given", () => {
    expect(catalogRow({ name: "deployer", level: "read" }, custom, NONE)).toEqual({
      name: "deployer",
      label: "deployer",
      rank: 4,
      mask: 0b00111,
    });
  });

  it("fall back to GitHub's flags where the definition is not known", () => {
    expect(catalogRow({ name: "auditor", level: "triage" }, custom, NONE)).toEqual({
      name: "auditor",
      label: "auditor",
      rank: 2,
      mask: 0b00001,
    });
  });

  it("are as strong as the role they are built on, whatever a policy lets them do", () => {
    expect(rankOf({ name: "deployer", level: "read" }, custom)).toBe(4);
    const changes = new Map([["deployer", { permissions: 0, label: "Deployer", line: 1 }]]);
    expect(catalogRow({ name: "deployer", level: "read" }, custom, changes)).toEqual({
      name: "deployer",
      label: "Deployer",
      rank: 4,
      mask: 0,
    });
  });

  it("cannot take the name of one of GitHub's roles", () => {
    expect(catalogRow({ name: "read", level: "read" }, new Map([["read", "admin" as const]]), NONE)).toEqual(
      githubRole("read"),
    );
  });

  it.each(["constructor", "__proto__", "toString", "Read", ""])("are not confused by the name %j", (name) => {
    expect(isGitHubRole(name)).toBe(false);
    expect(catalogRow({ name, level: "read" }, new Map(), NONE)).toEqual({ name, label: name, rank: 1, mask: 1 });
  });
});

describe("action words", () => {
  const words = {
    read: ["read", "download", "list", "r"],
    upload: ["upload", "write", "publish", "create", "c"],
    yank: ["yank", "update", "u"],
    delete: ["delete", "d"],
    manage: ["manage", "admin", "m"],
  };

  it.each(PERMISSIONS)("for %s", (permission) => {
    expect(words[permission].map(parseAction)).toEqual(words[permission].map(() => permission));
  });

  it("are these and no others", () => {
    expect(ACTIONS).toEqual(Object.values(words).flat());
  });

  it.each(["", "Read", "reads", "x", "constructor", "triage"])("do not include %j", (word) => {
    expect(parseAction(word)).toBeUndefined();
  });
});
