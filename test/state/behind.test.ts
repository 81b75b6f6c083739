import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { confirmedAt, slicesBehind } from "../../src/state/behind.ts";
import { draw } from "../domain/facts-builder.ts";
import { rules } from "../domain/policies.ts";
import { viewOf } from "../domain/views.ts";

const drawn = draw({
  members: ["alice"],
  teams: { platform: { members: ["alice"] }, docs: { members: [] }, other: { members: [] } },
  repositories: { core: { declares: ["acme-core"], teams: { docs: "read", platform: "write" } } },
});
const { facts, user, team, repository } = drawn;
const view = viewOf(facts, new Map());
const SHARED = ["organization", "policy", "members", "teams", "organization-roles", "custom-roles"] as const;

describe("what a permission rests on", () => {
  it("is what is shared, the repository, and the teams of either side, each once", () => {
    const id = repository("core");
    expect(slicesBehind(view, user("alice"), id).toSorted()).toEqual(
      [
        ...SHARED,
        `repository/${id}`,
        `access/${id}`,
        `team-members/${team("docs")}`,
        `team-members/${team("platform")}`,
      ].toSorted(),
    );
    expect(slicesBehind(view, undefined, id)).toHaveLength(10);
    expect(slicesBehind(view, undefined, 999_999)).toEqual([...SHARED, "repository/999999", "access/999999"]);
  });

  it("is also who is below a team that was given a role, there or everywhere", () => {
    const nested = draw({
      members: ["alice"],
      teams: { top: { members: [] }, low: { parent: "top", members: [] }, all: { members: [] }, ci: { members: [] } },
      organizationRoles: { writers: { base: "write", teams: ["all"] }, builders: { teams: ["ci"] } },
      repositories: { core: { declares: ["acme-core"], teams: { top: "read" } } },
    });
    const keys = slicesBehind(viewOf(nested.facts, new Map()), nested.user("alice"), nested.repository("core"));
    const teams = keys.filter((key) => key.startsWith("team-members/"));
    expect(teams.toSorted()).toEqual(
      ["top", "low", "all"].map((name) => `team-members/${nested.team(name)}`).toSorted(),
    );
  });

  it("is also who is in a team that a rule names, and below it", () => {
    const policy = rules("deny team:Other,user:zoe c acme-core");
    const other = `team-members/${team("other")}`;
    expect(slicesBehind(viewOf(facts, new Map(), policy), user("alice"), repository("core"))).toContain(other);
    expect(slicesBehind(viewOf(facts, new Map(), policy), user("alice"), undefined)).toContain(other);
  });

  it("is little where little is known", () => {
    const nothing = viewOf(NO_FACTS, new Map());
    expect(slicesBehind(nothing, 1, 7)).toEqual([...SHARED, "repository/7", "access/7"]);
    for (const key of [...SHARED, "repositories", "team-members/1", "repository/1", "access/1"] as const) {
      expect(confirmedAt(NO_FACTS, key)).toBeUndefined();
    }
    const given = {
      asOf: 1,
      value: { collaborators: new Map(), teams: new Map([[3, { name: "read", level: "read" } as const]]) },
    };
    const unlisted = viewOf({ ...NO_FACTS, access: new Map([[7, given]]) }, new Map());
    expect(slicesBehind(unlisted, undefined, 7)).toContain("team-members/3");
  });

  it("is the list of repositories where none has the package", () => {
    expect(slicesBehind(view, user("alice"), undefined)).toEqual([...SHARED, "repositories"]);
  });

  it("was confirmed when each of its slices was", () => {
    const at = <T>(known: T | undefined, asOf: number): T | undefined => known && { ...known, asOf };
    const aged: Facts = {
      ...facts,
      organization: at(facts.organization, 1),
      policy: at(facts.policy, 1),
      members: at(facts.members, 2),
      teams: at(facts.teams, 3),
      organizationRoles: at(facts.organizationRoles, 4),
      customRoles: at(facts.customRoles, 5),
      repositoryList: at(facts.repositoryList, 6),
    };
    expect([...SHARED, "repositories" as const].map((key) => confirmedAt(aged, key))).toEqual([1, 1, 2, 3, 4, 5, 6]);
    for (const key of [
      `team-members/${team("docs")}`,
      `repository/${repository("core")}`,
      `access/${repository("core")}`,
    ] as const) {
      expect(confirmedAt(facts, key)).toBe(facts.members?.asOf);
    }
    expect(confirmedAt(facts, "access/999999")).toBeUndefined();
  });
});
