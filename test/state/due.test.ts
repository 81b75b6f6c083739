import { NO_POLICY } from "../domain/facts-builder.ts";
import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { confirmedBefore } from "../../src/state/due.ts";

const at = <T>(asOf: number, value: T): { asOf: number; value: T } => ({ asOf, value });
const repository = {
  nodeId: "R_1",
  name: "core",
  visibility: "private",
  archived: false,
  fork: false,
  createdAt: 0,
  declarations: [],
  problems: [],
} as const;
const team = new Set<number>();
const access = { collaborators: new Map(), teams: new Map() };

const FACTS: Facts = {
  organization: at(10, { id: 1, login: "acme", basePermission: "none" }),
  policy: at(20, NO_POLICY),
  members: at(20, new Map()),
  teams: at(30, new Map()),
  organizationRoles: at(40, []),
  customRoles: at(50, new Map()),
  repositoryList: at(60, new Set([1, 2])),
  teamMembers: new Map([
    [1, at(10, team)],
    [2, at(70, team)],
  ]),
  repositories: new Map([
    [1, at(15, repository)],
    [2, at(65, repository)],
  ]),
  access: new Map([
    [1, at(25, access)],
    [2, at(75, access)],
  ]),
};

describe("what was confirmed before a moment", () => {
  it.each([
    [10, []],
    [11, ["organization", "team-members/1"]],
    [31, ["organization", "policy", "members", "teams", "team-members/1", "repository/1", "access/1"]],
    [
      51,
      [
        "organization",
        "policy",
        "members",
        "teams",
        "organization-roles",
        "custom-roles",
        "team-members/1",
        "repository/1",
        "access/1",
      ],
    ],
  ])("%i", (before, expected) => {
    expect(confirmedBefore(FACTS, before)).toEqual(expected);
  });

  it("is every repository with the list of them", () => {
    expect(confirmedBefore(FACTS, 100)).toEqual([
      "organization",
      "policy",
      "members",
      "teams",
      "organization-roles",
      "custom-roles",
      "repositories",
      "team-members/1",
      "team-members/2",
      "access/1",
      "access/2",
    ]);
  });

  it("is also what was read by a clock that has been set back since", () => {
    expect(confirmedBefore(FACTS, 0, 64)).toEqual(["team-members/2", "repository/2", "access/2"]);
    expect(confirmedBefore(FACTS, 0, 75)).toEqual([]);
  });

  it("is nothing where nothing is known", () => {
    expect(confirmedBefore(NO_FACTS, 100)).toEqual([]);
  });
});
