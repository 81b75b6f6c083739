import { describe, expect, it } from "vitest";
import { type Acme, acmeOrganization } from "./acme.ts";
import type { Edits } from "./edits/index.ts";
import { createSimulator, type Simulator } from "./simulator.ts";

type Case = [edit: string, perform: (edit: Edits, acme: Acme, github: Simulator) => unknown, events: string[]];

/** Every edit, and exactly what GitHub sends for it. */
const announced: Case[] = [
  [
    "addMember",
    (edit, { organization, users }) => edit.addMember(organization, users.erin),
    ["organization.member_added"],
  ],
  [
    "inviteMember",
    (edit, { organization, users }) => edit.inviteMember(organization, users.erin),
    ["organization.member_invited"],
  ],
  [
    "removeMember",
    (edit, { organization, users }) => edit.removeMember(organization, users.alice),
    ["organization.member_removed"],
  ],
  [
    "convertToOutsideCollaborator",
    (edit, { organization, users }) => edit.convertToOutsideCollaborator(organization, users.alice),
    ["organization.member_removed"],
  ],
  ["addTeamMember", (edit, { teams, users }) => edit.addTeamMember(teams.docs, users.alice), ["membership.added"]],
  ["addTeamMember again", (edit, { teams, users }) => edit.addTeamMember(teams.docs, users.bob, "maintainer"), []],
  [
    "removeTeamMember",
    (edit, { teams, users }) => edit.removeTeamMember(teams.docs, users.bob),
    ["membership.removed"],
  ],
  ["removeTeamMember of nobody", (edit, { teams, users }) => edit.removeTeamMember(teams.docs, users.erin), []],
  ["blockUser", (edit, { organization, users }) => edit.blockUser(organization, users.dave), ["org_block.blocked"]],
  [
    "unblockUser",
    (edit, { organization, users }) => {
      edit.blockUser(organization, users.erin);
      edit.unblockUser(organization, users.erin);
    },
    ["org_block.blocked", "org_block.unblocked"],
  ],
  [
    "revokeAuthorization",
    (edit, { users }) => edit.revokeAuthorization(users.alice),
    ["github_app_authorization.revoked"],
  ],

  [
    "createTeam",
    (edit, { organization, teams }) => edit.createTeam(organization, { name: "New Team", parent: teams.docs }),
    ["team.created"],
  ],
  ["deleteTeam", (edit, { teams }) => edit.deleteTeam(teams.platform), ["team.deleted", "membership.removed"]],
  [
    "editTeam",
    (edit, { teams }) => edit.editTeam(teams.docs, { name: "Writers", description: "x", privacy: "secret" }),
    ["team.edited"],
  ],
  [
    "setTeamRepository, new",
    (edit, { teams, repositories }) => edit.setTeamRepository(teams.docs, repositories.tools, "write"),
    ["team.added_to_repository", "team_add"],
  ],
  [
    "setTeamRepository, changed",
    (edit, { teams, repositories }) => edit.setTeamRepository(teams.docs, repositories.core, "admin"),
    ["team.edited"],
  ],
  [
    "setTeamRepository, same",
    (edit, { teams, repositories }) => edit.setTeamRepository(teams.docs, repositories.core, "read"),
    [],
  ],
  [
    "removeTeamRepository",
    (edit, { teams, repositories }) => edit.removeTeamRepository(teams.docs, repositories.core),
    ["team.removed_from_repository"],
  ],

  [
    "setCollaborator, new",
    (edit, { repositories, users }) => edit.setCollaborator(repositories.tools, users.dave, "maintain"),
    ["member.added"],
  ],
  [
    "setCollaborator, changed",
    (edit, { repositories, users }) => edit.setCollaborator(repositories.core, users.dave, "read"),
    ["member.edited"],
  ],
  [
    "setCollaborator, same",
    (edit, { repositories, users }) => edit.setCollaborator(repositories.core, users.dave, "write"),
    [],
  ],
  [
    "removeCollaborator",
    (edit, { repositories, users }) => edit.removeCollaborator(repositories.core, users.dave),
    ["member.removed"],
  ],
  [
    "removeOutsideCollaborator",
    (edit, { organization, repositories, users }) => {
      edit.setCollaborator(repositories.tools, users.dave, "read");
      edit.removeOutsideCollaborator(organization, users.dave);
    },
    ["member.added", "member.removed", "member.removed"],
  ],

  [
    "createRepository",
    (edit, { organization, users }) => edit.createRepository(organization, { name: "new", creator: users.alice }),
    ["repository.created"],
  ],
  [
    "forkRepository",
    (edit, { organization, repositories }) => edit.forkRepository(repositories.utils, organization, "utils-fork"),
    ["fork", "repository.created"],
  ],
  [
    "deleteRepository",
    (edit, { repositories }) => edit.deleteRepository(repositories.core),
    ["repository.deleted", "installation_repositories.removed"],
  ],
  [
    "renameRepository",
    (edit, { repositories }) => edit.renameRepository(repositories.core, "kernel"),
    ["repository.renamed"],
  ],
  [
    "transferRepository out",
    (edit, { repositories }) => edit.transferRepository(repositories.core, null),
    ["installation_repositories.removed"],
  ],
  [
    "transferRepository within",
    (edit, { repositories }) => edit.transferRepository(repositories.core, edit.createOrganization({ login: "other" })),
    ["installation_repositories.removed", "repository.transferred", "installation_repositories.added"],
  ],
  [
    "receiveRepository",
    (edit, { organization, users }) => edit.receiveRepository(organization, users.erin, { name: "gift" }),
    ["repository.transferred", "installation_repositories.added"],
  ],
  ["archiveRepository", (edit, { repositories }) => edit.archiveRepository(repositories.core), ["repository.archived"]],
  [
    "unarchiveRepository",
    (edit, { repositories }) => edit.unarchiveRepository(repositories.legacy),
    ["repository.unarchived"],
  ],
  [
    "setVisibility public",
    (edit, { repositories }) => edit.setVisibility(repositories.core, "public"),
    ["repository.publicized", "public"],
  ],
  [
    "setVisibility private",
    (edit, { repositories }) => edit.setVisibility(repositories.site, "private"),
    ["repository.privatized"],
  ],
  [
    "setVisibility from public to internal",
    (edit, { repositories }) => edit.setVisibility(repositories.site, "internal"),
    ["repository.privatized"],
  ],
  [
    "protectBranch",
    (edit, { repositories }) => edit.protectBranch(repositories.core, "main"),
    ["branch_protection_rule.created"],
  ],
  [
    "addRuleset",
    (edit, { repositories }) => edit.addRuleset(repositories.core, "no force pushes"),
    ["repository_ruleset.created"],
  ],

  [
    "push",
    (edit, { repositories }) => edit.push(repositories.core, { write: { "setup.py": "" }, remove: ["README.md"] }),
    ["push"],
  ],
  [
    "push to a new branch",
    (edit, { repositories }) => edit.push(repositories.core, { branch: "topic" }),
    ["push", "create"],
  ],
  [
    "push to an empty repository",
    (edit, { repositories }) => edit.push(repositories.empty, { write: { a: "b" } }),
    ["push", "create"],
  ],
  [
    "push by force",
    (edit, { repositories }) => edit.push(repositories.core, { force: true, write: { a: "b" } }),
    ["push"],
  ],
  [
    "resetBranch",
    (edit, { repositories }) => {
      const [first = ""] = repositories.core.commits.keys();
      edit.push(repositories.core, { write: { a: "b" } });
      edit.resetBranch(repositories.core, first);
    },
    ["push", "push"],
  ],
  [
    "createBranch, setDefaultBranch, deleteBranch",
    (edit, { repositories }) => {
      edit.createBranch(repositories.core, "next");
      edit.setDefaultBranch(repositories.core, "next");
      edit.deleteBranch(repositories.core, "main");
    },
    ["create", "push", "repository.edited", "delete", "push"],
  ],

  [
    "install",
    (edit) => edit.install(edit.createOrganization({ login: "new", installed: false })),
    ["installation.created"],
  ],
  ["uninstall", (edit, { organization }) => edit.uninstall(organization), ["installation.deleted"]],
  [
    "suspendInstallation, unsuspendInstallation",
    (edit, { organization, users }) => {
      edit.suspendInstallation(organization);
      edit.addMember(organization, users.erin);
      edit.unsuspendInstallation(organization);
    },
    ["installation.suspend", "installation.unsuspend"],
  ],
  [
    "acceptNewPermissions",
    (edit, { organization }) => edit.acceptNewPermissions(organization),
    ["installation.new_permissions_accepted"],
  ],
  [
    "selectRepositories",
    (edit, { organization, repositories, users }) => {
      edit.selectRepositories(organization, [repositories.core]);
      edit.setCollaborator(repositories.utils, users.dave, "read");
      edit.selectRepositories(organization, "all");
    },
    ["installation_repositories.removed", "installation_repositories.added"],
  ],
  ["deleteHook", (edit) => edit.deleteHook(), ["meta.deleted"]],
  [
    "renameOrganization",
    (edit, { organization }) => edit.renameOrganization(organization, "acme-inc"),
    ["organization.renamed", "installation_target.renamed"],
  ],
  [
    "deleteOrganization",
    (edit, { organization }) => edit.deleteOrganization(organization),
    ["organization.deleted", "installation.deleted"],
  ],
  [
    "requestPersonalAccessToken",
    (edit, { organization, users }) => edit.requestPersonalAccessToken(organization, users.alice),
    ["personal_access_token_request.created"],
  ],
];

/** What changes access on GitHub without any event. */
const silent: Case[] = [
  ["setOwner", (edit, { organization, users }) => edit.setOwner(organization, users.alice), []],
  ["unsetOwner", (edit, { organization, users }) => edit.unsetOwner(organization, users.carol), []],
  ["setBasePermission", (edit, { organization }) => edit.setBasePermission(organization, "admin"), []],
  [
    "organization roles",
    (edit, { organization, users, teams }) => {
      const role = edit.defineOrganizationRole(organization, "all_repo_admin", "admin");
      edit.assignOrganizationRole(role, { user: users.bob });
      edit.assignOrganizationRole(role, { team: teams.docs });
      edit.unassignOrganizationRole(role, { user: users.bob });
      edit.unassignOrganizationRole(role, { team: teams.docs });
    },
    [],
  ],
  [
    "repository roles",
    (edit, { organization }) =>
      edit.setRepositoryRoleBase(edit.defineRepositoryRole(organization, "releaser", "write"), "maintain"),
    [],
  ],
  ["setTeamParent", (edit, { teams }) => edit.setTeamParent(teams.docs, teams.platform), []],
  ["renameUser", (edit, { users }) => edit.renameUser(users.alice, "alicia"), []],
  [
    "suspendUser, unsuspendUser",
    (edit, { users }) => {
      edit.suspendUser(users.alice);
      edit.unsuspendUser(users.alice);
    },
    [],
  ],
  [
    "setVisibility between private and internal",
    (edit, { repositories }) => edit.setVisibility(repositories.core, "internal"),
    [],
  ],
];

const seen = new Set<string>();

async function perform([, edit]: Case): Promise<{ events: string[]; github: Simulator }> {
  const github = createSimulator({ webhookSecret: "a-secret-of-the-tests", validate: true });
  const acme = acmeOrganization(github);
  const already = github.validated.size;
  expect(already).toBeGreaterThan(0);
  const events: string[] = [];
  github.deliverTo((delivery) => {
    events.push(delivery.action === null ? delivery.event : `${delivery.event}.${delivery.action}`);
    return Promise.resolve(202);
  });
  edit(github.edit, acme, github);
  await github.settle();
  return { events, github };
}

describe("edits announce exactly what GitHub announces, as GitHub describes it", () => {
  it.each(announced)("%s", async (...each) => {
    const { events, github } = await perform(each);
    for (const event of events) seen.add(event);
    expect(events).toEqual(each[2]);
    expect(github.violations).toEqual([]);
  });

  it("covers every event of the reference", () => {
    expect([...seen].toSorted()).toEqual([
      "branch_protection_rule.created",
      "create",
      "delete",
      "fork",
      "github_app_authorization.revoked",
      "installation.created",
      "installation.deleted",
      "installation.new_permissions_accepted",
      "installation.suspend",
      "installation.unsuspend",
      "installation_repositories.added",
      "installation_repositories.removed",
      "installation_target.renamed",
      "member.added",
      "member.edited",
      "member.removed",
      "membership.added",
      "membership.removed",
      "meta.deleted",
      "org_block.blocked",
      "org_block.unblocked",
      "organization.deleted",
      "organization.member_added",
      "organization.member_invited",
      "organization.member_removed",
      "organization.renamed",
      "personal_access_token_request.created",
      "public",
      "push",
      "repository.archived",
      "repository.created",
      "repository.deleted",
      "repository.edited",
      "repository.privatized",
      "repository.publicized",
      "repository.renamed",
      "repository.transferred",
      "repository.unarchived",
      "repository_ruleset.created",
      "team.added_to_repository",
      "team.created",
      "team.deleted",
      "team.edited",
      "team.removed_from_repository",
      "team_add",
    ]);
  });
});

describe("what GitHub does not announce is not announced", () => {
  it.each(silent)("%s", async (...each) => {
    const { events } = await perform(each);
    expect(events).toEqual([]);
  });
});

describe("what an edit means", () => {
  const github = createSimulator({ webhookSecret: "a-secret-of-the-tests" });

  it("removing a member takes teams, direct grants and roles", () => {
    const { organization, users, teams, repositories } = acmeOrganization(github);
    const role = github.edit.defineOrganizationRole(organization, "all_repo_read", "read");
    github.edit.assignOrganizationRole(role, { user: users.bob });
    github.edit.removeMember(organization, users.bob);
    expect(teams.docs.members.has(users.bob.id)).toBe(false);
    expect(repositories.utils.collaborators.has(users.bob.id)).toBe(false);
    expect(role.users.size).toBe(0);
  });

  it("a member made outside collaborator keeps what direct and team grants gave, parents' included", () => {
    const { organization, users, repositories } = acmeOrganization(github);
    github.edit.setCollaborator(repositories.core, users.alice, "admin");
    github.edit.convertToOutsideCollaborator(organization, users.alice);
    expect(repositories.core.collaborators.get(users.alice.id)).toBe("admin");
    expect(repositories.mono.collaborators.get(users.alice.id)).toBe("maintain");
    expect(repositories.utils.collaborators.get(users.alice.id)).toBe("maintain");
    expect(repositories.tools.collaborators.has(users.alice.id)).toBe(false);
  });

  it("deleting a team deletes its children", () => {
    const { organization, teams } = acmeOrganization(github);
    github.edit.deleteTeam(teams.platform);
    expect([...organization.teams.values()]).toEqual([teams.docs]);
  });

  it("what GitHub refuses throws", () => {
    const { edit } = github;
    const { organization, users, teams, repositories } = acmeOrganization(github);
    expect(() => edit.addTeamMember(teams.docs, users.dave)).toThrow("no member");
    expect(() => edit.blockUser(organization, users.alice)).toThrow("outside");
    expect(() => edit.push(repositories.legacy, { write: { a: "b" } })).toThrow("archived");
    expect(() => edit.setTeamParent(teams.platform, teams.backend)).toThrow("below itself");
    expect(() => edit.createRepository(organization, { name: "Core" })).toThrow("exists");
    expect(() => edit.deleteBranch(repositories.core, "main")).toThrow("default branch");
    expect(() => edit.removeMember(organization, users.erin)).toThrow("no member");
    edit.deleteRepository(repositories.tools);
    expect(() => edit.push(repositories.tools, {})).toThrow("gone");
    expect(() => edit.createTeam(organization, { name: "x", parent: teams.docs, privacy: "secret" })).toThrow("nested");
  });
});
