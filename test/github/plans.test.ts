import { describe, expect, it } from "vitest";
import { organizationOf } from "../../src/github/plans/payload.ts";
import { githubRoleNamed, levelOf, roleNamed } from "../../src/github/rest-role.ts";
import { isKnownEvent, PLANNERS } from "../../src/github/webhooks.ts";

const nobody = {
  revoke: [],
  reread: [],
  repositories: [],
  discover: [],
  installation: "unchanged",
  forget: undefined,
  endLogins: undefined,
};
const bob = { id: 2, login: "bob" };

describe("a webhook that tells half the truth", () => {
  it.each([
    {
      title: "a membership of nobody is read back",
      plan: PLANNERS.membership({ action: "removed", member: null, team: { id: 5 } }),
      means: { reread: ["team-members/5"] },
    },
    {
      title: "a collaborator who is nobody is read back",
      plan: PLANNERS.member({ action: "removed", member: null, repository: { id: 7, name: "web" } }),
      means: { reread: ["access/7"] },
    },
    {
      title: "a change to a role that nobody can rank leaves nothing until it is read back",
      plan: PLANNERS.member({
        action: "edited",
        member: bob,
        repository: { id: 7, name: "web" },
        changes: { permission: { from: "admin", to: "release-manager" } },
      }),
      means: { revoke: [{ kind: "collaborator", user: 2, repository: 7 }], reread: ["access/7"] },
    },
    {
      title: "a change that does not say to what is read back",
      plan: PLANNERS.member({ action: "edited", member: bob, repository: { id: 7, name: "web" }, changes: {} }),
      means: { reread: ["access/7"] },
    },
    {
      title: "a team's grant without flags is read back",
      plan: PLANNERS.team({ action: "edited", team: { id: 5 }, repository: { id: 7, name: "web" } }),
      means: { reread: ["teams", "access/7"] },
    },
    {
      title: "a member who is nobody makes everybody be read",
      plan: PLANNERS.organization({ action: "member_removed", membership: { user: null } }),
      means: { reread: ["members", "organization-roles"] },
    },
    {
      title: "a blocked nobody means nothing",
      plan: PLANNERS.org_block({ action: "blocked", blocked_user: null }),
      means: {},
    },
    {
      title: "an action of tomorrow means that the repository is read",
      plan: PLANNERS.repository({ action: "sharded", repository: { id: 7, name: "web" } }),
      means: { reread: ["repository/7"], repositories: ["web"] },
    },
  ])("$title", ({ plan, means }) => {
    expect(plan).toEqual({ ...nobody, ...means });
  });
});

describe("the organization that an event is about", () => {
  it.each([
    { payload: { organization: { id: 1 }, installation: { account: { id: 2 } } }, id: 1 },
    { payload: { installation: { id: 9, account: { id: 2 } }, repository: { owner: { id: 3 } } }, id: 2 },
    { payload: { installation: { id: 9 }, repository: { owner: { id: 3 } } }, id: 3 },
    { payload: { account: { id: 4 } }, id: 4 },
    { payload: { sender: { id: 5 } }, id: undefined },
    { payload: "no object", id: undefined },
  ])("$payload: $id", ({ payload, id }) => {
    expect(organizationOf(payload)).toBe(id);
  });
});

it("knows its events, and not what every object has", () => {
  expect(isKnownEvent("push")).toBe(true);
  expect(isKnownEvent("constructor")).toBe(false);
});

describe("GitHub's words for roles", () => {
  it.each([
    { name: "push", role: "write" },
    { name: "PULL", role: "read" },
    { name: "Maintain", role: "maintain" },
    { name: "none", role: undefined },
    { name: "releaser", role: undefined },
  ])("$name is $role", ({ name, role }) => {
    expect(githubRoleNamed(name)).toBe(role);
  });

  it("the strongest flag counts; a custom role without flags gives the least", () => {
    expect(levelOf({ pull: true, triage: true, push: true, maintain: false, admin: false })).toBe("write");
    expect(levelOf({ pull: false })).toBeUndefined();
    expect(levelOf(undefined)).toBeUndefined();
    expect(roleNamed("releaser", "maintain")).toEqual({ name: "releaser", level: "maintain" });
    expect(roleNamed("releaser", undefined)).toEqual({ name: "releaser", level: "read" });
  });
});
