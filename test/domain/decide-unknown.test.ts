import { describe, expect, it } from "vitest";
import { decide } from "../../src/domain/decide.ts";
import { core, FAMILY, short } from "./core.ts";
import type { RepositorySketch, Sketch } from "./facts-builder.ts";
import { packageName } from "./facts-builder.ts";
import { asked } from "./views.ts";

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
