import { describe, expect, it } from "vitest";
import type { View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Confirmed, Facts } from "../../src/domain/facts.ts";
import type { Permission } from "../../src/domain/roles.ts";
import { PERMISSIONS } from "../../src/domain/roles.ts";
import { core, FAMILY, short } from "./core.ts";
import type { RepositorySketch, Sketch } from "./facts-builder.ts";
import { packageName } from "./facts-builder.ts";
import { asked, viewOf } from "./views.ts";

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

  describe("of facts that are too old", () => {
    const family = core({ teams: { engineering: "write" } }, { teams: FAMILY });
    const { facts, view, team, user, repository } = asked(family);
    const since = (old: Partial<Facts>, freshSince: number): View => ({
      ...viewOf({ ...facts, ...old }, view.claims),
      freshSince,
    });
    const answer = (
      old: Partial<Facts>,
      freshSince: number,
      who = "alice",
      permission: Permission = "upload",
    ): string =>
      short(decide(since(old, freshSince), { kind: "user", id: user(who) }, permission, packageName("acme-core")));
    const older = <T>(known: Confirmed<T> | undefined): Confirmed<T> | undefined => known && { ...known, asOf: 7 };

    it.each(["organization", "members", "teams", "organizationRoles", "customRoles"] as const)("%s", (slice) => {
      expect(answer({ [slice]: older<unknown>(facts[slice]) }, 8)).toBe("unknown stale");
      expect(answer({ [slice]: older<unknown>(facts[slice]) }, 7)).toMatch(/^allow/);
    });

    it("the list of repositories, where nobody has the name", () => {
      const unclaimed = (list: Facts["repositoryList"], freshSince: number): string => {
        const aged = { ...viewOf({ ...facts, repositoryList: list }, new Map()), freshSince };
        return short(decide(aged, { kind: "user", id: user("alice") }, "read", packageName("acme-core")));
      };
      expect(unclaimed(facts.repositoryList, 8)).toBe("deny unclaimed");
      expect(unclaimed(older(facts.repositoryList), 8)).toBe("unknown stale");
      expect(unclaimed(undefined, 8)).toBe("unknown stale");
    });

    it("the repository, or who was given what on it", () => {
      const id = repository("core");
      const aged = <T>(map: ReadonlyMap<number, Confirmed<T>>): ReadonlyMap<number, Confirmed<T>> =>
        new Map([...map].map(([key, known]) => [key, key === id ? { ...known, asOf: 7 } : known]));
      expect(answer({ repositories: aged(facts.repositories) }, 8)).toBe("unknown stale");
      expect(answer({ access: aged(facts.access) }, 8, "alice", "read")).toBe("unknown stale");
      expect(answer({ access: aged(facts.access) }, 7, "alice", "read")).toMatch(/^allow/);
    });

    it("who is in a team that a role was given to, or in one below it, but no other", () => {
      const aged = (name: string): Partial<Facts> => ({
        teamMembers: new Map(
          [...facts.teamMembers].map(([id, known]) => [id, id === team(name) ? { ...known, asOf: 7 } : known]),
        ),
      });
      expect(answer(aged("engineering"), 8)).toBe("unknown stale");
      expect(answer(aged("backend"), 8)).toBe("unknown stale");
      expect(answer(aged("design"), 8)).toMatch(/^allow/);
      // Whoever is no member is in no team.
      expect(answer(aged("backend"), 8, "eve")).toBe("deny not-a-member");
    });
  });

  it("is given for all but reading while nobody knows what has happened since", () => {
    const { view, user } = asked(core({ collaborators: { dave: "admin" } }));
    const careful = { ...view, readsOnly: true };
    for (const permission of PERMISSIONS) {
      const decision = decide(careful, { kind: "user", id: user("dave") }, permission, packageName("acme-core"));
      expect(decision.outcome).toBe(permission === "read" ? "allow" : "unknown");
    }
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
