import { describe, expect, it } from "vitest";
import { grantsFor, viaTeams } from "../../src/domain/held.ts";
import type { Permission } from "../../src/domain/roles.ts";
import type { Sketch } from "./facts-builder.ts";
import { asked } from "./views.ts";

const SKETCH: Sketch = {
  base: "read",
  owners: ["olga"],
  members: ["alice"],
  teams: {
    platform: { members: ["alice"] },
    backend: { parent: "platform", members: ["alice"] },
    search: { parent: "backend" },
    design: {},
  },
  organizationRoles: { sre: { base: "maintain", users: ["alice"], teams: ["platform", "design"] } },
  repositories: {
    core: {
      declares: ["acme-core"],
      visibility: "internal",
      teams: { platform: "triage", backend: "write", design: "admin" },
      collaborators: { alice: "write", dave: "admin" },
    },
  },
};

describe("the evidence", () => {
  const { view, user, team, repository } = asked(SKETCH);
  const row = view.access.repositories.get(repository("core"));
  if (row === undefined) throw new Error("no such repository");
  const paths = (who: string, permission: Permission) =>
    grantsFor(view, user(who), permission, row).map((grant) => [grant.kind, grant.team, grant.role.name]);

  it("of a repository that we do not know is none", () => {
    const { view, user } = asked({ owners: ["olga"] });
    const gone = { id: 99, name: "gone", visibility: "private", archived: false, asOf: 0 } as const;
    expect(grantsFor(view, user("olga"), "read", gone)).toEqual([]);
  });

  it("is every path that gives the permission, strongest first", () => {
    expect(paths("alice", "read")).toEqual([
      ["organization-role", undefined, "maintain"],
      ["organization-role", team("platform"), "maintain"],
      ["team", team("backend"), "write"],
      ["collaborator", undefined, "write"],
      ["team", team("platform"), "triage"],
      ["base", undefined, "read"],
      ["public", undefined, "read"],
    ]);
  });

  it("leaves out paths that give something else", () => {
    expect(paths("alice", "upload").map(([kind]) => kind)).toEqual([
      "organization-role",
      "organization-role",
      "team",
      "collaborator",
    ]);
    expect(paths("alice", "delete")).toEqual([]);
  });

  it("of an owner holds the ownership as well as what every member has", () => {
    expect(paths("olga", "read")).toEqual([
      ["owner", undefined, "admin"],
      ["base", undefined, "read"],
      ["public", undefined, "read"],
    ]);
  });

  it("from outside is the direct grant alone", () => {
    expect(paths("dave", "read")).toEqual([["collaborator", undefined, "admin"]]);
  });

  it.each([
    ["alice", "platform", ["platform", "backend"]],
    ["alice", "backend", ["backend"]],
    ["alice", "search", []],
    ["alice", "design", []],
    ["alice", "unheard-of", []],
    ["olga", "platform", []],
    ["dave", "platform", []],
  ])("%s is in %s through %j", (who, slug, via) => {
    expect(viaTeams(view, user(who), team(slug))).toEqual(via.map(team));
  });

  it("passes through no team that has not been read", () => {
    const unread = asked({ ...SKETCH, teams: { ...SKETCH.teams, backend: { parent: "platform", members: "unread" } } });
    expect(viaTeams(unread.view, unread.user("alice"), unread.team("platform"))).toEqual([unread.team("platform")]);
  });
});
