import type { Acme } from "../simulator/acme.ts";
import type { Simulator } from "../simulator/index.ts";

/** What a row works with. */
export interface Stage extends Acme {
  readonly github: Simulator;
}

export type Outcome = "allow" | "deny" | "unknown";

/**
 * One event as GitHub sends it, alone: every other delivery of the same edit is dropped, so that the row proves what
 * this one event does.
 */
export interface Row {
  readonly event: string;
  readonly says?: string;
  /** Before Packgate starts; nothing is announced. */
  readonly prepare?: (stage: Stage) => void;
  readonly edit: (stage: Stage) => unknown;
  /** `user action package`. */
  readonly ask: string;
  readonly before: Outcome;
  /** The answer when the webhook has been answered, before anything could be read back. */
  readonly atOnce: Outcome;
  readonly settled: Outcome;
  /** The organization is served no longer, so the oracle has nothing to be compared with. */
  readonly lost?: boolean;
  /** Not everything is given back that GitHub gives: what was just taken away waits for an echo. */
  readonly withheld?: boolean;
}

const revoked = { before: "allow", atOnce: "deny", settled: "deny" } as const;
const granted = { before: "deny", atOnce: "deny", settled: "allow" } as const;
/** Taken away, though the event alone does not say what. */
const takenAfterReading = { before: "allow", atOnce: "allow", settled: "deny" } as const;
const unmoved = { before: "allow", atOnce: "allow", settled: "allow" } as const;
const refused = { before: "deny", atOnce: "deny", settled: "deny" } as const;

const project = (name: string): string => `[project]\nname = "${name}"\n`;
const withPackage = (name: string) => ({ name, files: { "pyproject.toml": project(name) } });

export const ROWS: readonly Row[] = [
  {
    event: "membership.added",
    edit: ({ github, teams, users }) => github.edit.addTeamMember(teams.platform, users.bob),
    ask: "bob upload acme-core",
    ...granted,
  },
  {
    event: "membership.removed",
    edit: ({ github, teams, users }) => github.edit.removeTeamMember(teams.backend, users.alice),
    ask: "alice upload acme-core",
    ...revoked,
  },
  {
    event: "membership.removed",
    says: "of a team that is deleted: the event names no more than its id",
    edit: ({ github, teams }) => github.edit.deleteTeam(teams.backend),
    ask: "alice upload acme-core",
    ...revoked,
  },
  {
    event: "membership.removed",
    says: "of a team with an organization role",
    prepare: ({ github, organization, teams }) => {
      const writers = github.edit.defineOrganizationRole(organization, "all_repo_write", "write");
      github.edit.assignOrganizationRole(writers, { team: teams.docs });
    },
    edit: ({ github, teams, users }) => github.edit.removeTeamMember(teams.docs, users.bob),
    ask: "bob upload acme-utils",
    ...revoked,
  },
  {
    event: "team.created",
    edit: ({ github, organization, teams }) =>
      github.edit.createTeam(organization, { name: "new", parent: teams.platform }),
    ask: "alice upload acme-core",
    ...unmoved,
  },
  {
    event: "team.deleted",
    says: "with its children, which no event names",
    edit: ({ github, teams }) => github.edit.deleteTeam(teams.platform),
    ask: "alice upload acme-core",
    ...revoked,
  },
  {
    event: "team.edited",
    says: "a new name means nothing",
    edit: ({ github, teams }) => github.edit.editTeam(teams.platform, { name: "Foundations" }),
    ask: "alice upload acme-core",
    ...unmoved,
  },
  {
    event: "team.edited",
    says: "a lower role on a repository, for child teams too",
    edit: ({ github, teams, repositories }) => github.edit.setTeamRepository(teams.platform, repositories.core, "read"),
    ask: "alice upload acme-core",
    ...revoked,
  },
  {
    event: "team.edited",
    says: "a higher role on a repository",
    edit: ({ github, teams, repositories }) => github.edit.setTeamRepository(teams.docs, repositories.core, "maintain"),
    ask: "bob yank acme-core",
    ...granted,
  },
  {
    event: "team.edited",
    says: "a custom role with less",
    prepare: ({ github, organization }) => github.edit.defineRepositoryRole(organization, "viewer-plus", "triage"),
    edit: ({ github, teams, repositories }) =>
      github.edit.setTeamRepository(teams.platform, repositories.core, "viewer-plus"),
    ask: "alice upload acme-core",
    ...revoked,
  },
  {
    event: "team.edited",
    says: "its parent changed, which the event does not say",
    edit: ({ github, teams }) => {
      github.edit.setTeamParent(teams.backend, null);
      github.edit.editTeam(teams.backend, { description: "on its own" });
    },
    ask: "alice upload acme-core",
    ...takenAfterReading,
  },
  {
    event: "team.added_to_repository",
    edit: ({ github, teams, repositories }) => github.edit.setTeamRepository(teams.docs, repositories.utils, "write"),
    ask: "bob upload acme-utils",
    ...granted,
  },
  {
    event: "team.removed_from_repository",
    edit: ({ github, teams, repositories }) => github.edit.removeTeamRepository(teams.platform, repositories.core),
    ask: "alice upload acme-core",
    ...revoked,
  },
  {
    event: "team_add",
    edit: ({ github, teams, repositories }) => github.edit.setTeamRepository(teams.docs, repositories.utils, "write"),
    ask: "bob upload acme-utils",
    ...granted,
  },
  {
    event: "team_add",
    says: "of a team nobody had heard of",
    edit: ({ github, organization, teams, users, repositories }) => {
      const team = github.edit.createTeam(organization, { name: "unheard-of", parent: teams.docs });
      github.edit.addTeamMember(team, users.bob);
      github.edit.setTeamRepository(team, repositories.utils, "write");
    },
    ask: "bob upload acme-utils",
    ...granted,
  },
  {
    event: "member.added",
    edit: ({ github, users, repositories }) => github.edit.setCollaborator(repositories.core, users.erin, "write"),
    ask: "erin upload acme-core",
    ...granted,
  },
  {
    event: "member.edited",
    says: "to less",
    edit: ({ github, users, repositories }) => github.edit.setCollaborator(repositories.core, users.dave, "read"),
    ask: "dave upload acme-core",
    ...revoked,
  },
  {
    event: "member.edited",
    says: "to more",
    edit: ({ github, users, repositories }) => github.edit.setCollaborator(repositories.utils, users.bob, "write"),
    ask: "bob upload acme-utils",
    ...granted,
  },
  {
    event: "member.removed",
    edit: ({ github, users, repositories }) => github.edit.removeCollaborator(repositories.core, users.dave),
    ask: "dave read acme-core",
    ...revoked,
  },
  {
    event: "organization.member_added",
    says: "with the teams and the direct grants of former times",
    prepare: ({ github, organization, users }) => github.edit.removeMember(organization, users.alice),
    edit: ({ github, organization, teams, users }) => {
      teams.backend.members.set(users.alice.id, "member");
      github.edit.addMember(organization, users.alice);
    },
    ask: "alice upload acme-core",
    ...granted,
  },
  {
    event: "organization.member_removed",
    edit: ({ github, organization, users }) => github.edit.removeMember(organization, users.alice),
    ask: "alice upload acme-core",
    ...revoked,
  },
  {
    event: "organization.member_removed",
    says: "an owner",
    edit: ({ github, organization, users }) => github.edit.removeMember(organization, users.carol),
    ask: "carol manage acme-core",
    ...revoked,
  },
  {
    event: "organization.member_removed",
    says: "made an outside collaborator, who keeps what teams gave, once an echo confirms it",
    edit: ({ github, organization, users }) => github.edit.convertToOutsideCollaborator(organization, users.alice),
    ask: "alice upload acme-core",
    ...revoked,
    withheld: true,
  },
  {
    event: "organization.member_invited",
    edit: ({ github, organization, users }) => github.edit.inviteMember(organization, users.erin),
    ask: "erin read acme-core",
    ...refused,
  },
  {
    event: "organization.renamed",
    edit: ({ github, organization }) => github.edit.renameOrganization(organization, "acme-corp"),
    ask: "alice upload acme-core",
    ...unmoved,
  },
  {
    event: "organization.deleted",
    edit: ({ github, organization }) => github.edit.deleteOrganization(organization),
    ask: "alice upload acme-core",
    before: "allow",
    atOnce: "unknown",
    settled: "unknown",
    lost: true,
  },
  {
    event: "repository.created",
    says: "from a template, so no push tells of its package",
    edit: ({ github, organization, users }) =>
      github.edit.createRepository(organization, { ...withPackage("acme-new"), creator: users.bob }),
    ask: "bob manage acme-new",
    ...granted,
  },
  {
    event: "repository.deleted",
    edit: ({ github, repositories }) => github.edit.deleteRepository(repositories.core),
    ask: "alice read acme-core",
    ...revoked,
  },
  {
    event: "repository.renamed",
    edit: ({ github, repositories }) => github.edit.renameRepository(repositories.core, "kernel"),
    ask: "alice upload acme-core",
    ...unmoved,
  },
  {
    event: "repository.transferred",
    edit: ({ github, organization, users }) =>
      github.edit.receiveRepository(organization, users.erin, withPackage("acme-gift")),
    ask: "erin manage acme-gift",
    ...granted,
  },
  {
    event: "repository.archived",
    edit: ({ github, repositories }) => github.edit.archiveRepository(repositories.core),
    ask: "alice upload acme-core",
    ...revoked,
  },
  {
    event: "repository.archived",
    says: "readers stay readers",
    edit: ({ github, repositories }) => github.edit.archiveRepository(repositories.core),
    ask: "alice read acme-core",
    ...unmoved,
  },
  {
    event: "repository.unarchived",
    edit: ({ github, repositories }) => github.edit.unarchiveRepository(repositories.legacy),
    ask: "alice upload acme-legacy",
    ...granted,
  },
  {
    event: "repository.publicized",
    edit: ({ github, repositories }) => github.edit.setVisibility(repositories.mono, "public"),
    ask: "bob read acme-alpha",
    ...granted,
  },
  {
    event: "repository.privatized",
    edit: ({ github, repositories }) => github.edit.setVisibility(repositories.site, "private"),
    ask: "alice read acme-site",
    ...revoked,
  },
  {
    event: "repository.edited",
    says: "another default branch, which declares nothing",
    prepare: ({ github, repositories }) =>
      github.edit.push(repositories.core, { branch: "next", remove: ["pyproject.toml"] }),
    edit: ({ github, repositories }) => github.edit.setDefaultBranch(repositories.core, "next"),
    ask: "alice read acme-core",
    ...takenAfterReading,
  },
  {
    event: "public",
    edit: ({ github, repositories }) => github.edit.setVisibility(repositories.mono, "public"),
    ask: "bob read acme-alpha",
    ...granted,
  },
  {
    event: "installation.created",
    prepare: ({ github, organization }) => github.edit.uninstall(organization),
    edit: ({ github, organization }) => github.edit.install(organization),
    ask: "alice upload acme-core",
    before: "unknown",
    atOnce: "unknown",
    settled: "allow",
  },
  {
    event: "installation.deleted",
    edit: ({ github, organization }) => github.edit.uninstall(organization),
    ask: "alice upload acme-core",
    before: "allow",
    atOnce: "unknown",
    settled: "unknown",
    lost: true,
  },
  {
    event: "installation.suspend",
    edit: ({ github, organization }) => github.edit.suspendInstallation(organization),
    ask: "alice upload acme-core",
    before: "allow",
    atOnce: "unknown",
    settled: "unknown",
    lost: true,
  },
  {
    event: "installation.unsuspend",
    prepare: ({ github, organization }) => github.edit.suspendInstallation(organization),
    edit: ({ github, organization }) => github.edit.unsuspendInstallation(organization),
    ask: "alice upload acme-core",
    before: "unknown",
    atOnce: "unknown",
    settled: "allow",
  },
  {
    event: "installation.new_permissions_accepted",
    says: "the base permission can be seen now",
    prepare: ({ github, organization }) => {
      github.edit.setBasePermission(organization, "read");
      delete organization.installation?.permissions["organization_administration"];
    },
    edit: ({ github, organization }) => github.edit.acceptNewPermissions(organization),
    ask: "bob read acme-alpha",
    before: "unknown",
    atOnce: "unknown",
    settled: "allow",
  },
  {
    event: "installation_repositories.added",
    edit: ({ github, organization, users }) =>
      github.edit.receiveRepository(organization, users.erin, withPackage("acme-gift")),
    ask: "erin manage acme-gift",
    ...granted,
  },
  {
    event: "installation_repositories.removed",
    says: "transferred away: the only event that the former owner sees",
    edit: ({ github, repositories }) => github.edit.transferRepository(repositories.core, null),
    ask: "alice read acme-core",
    ...revoked,
  },
  {
    event: "installation_target.renamed",
    edit: ({ github, organization }) => github.edit.renameOrganization(organization, "acme-corp"),
    ask: "alice upload acme-core",
    ...unmoved,
  },
  {
    event: "org_block.blocked",
    edit: ({ github, organization, users }) => github.edit.blockUser(organization, users.dave),
    ask: "dave read acme-core",
    ...revoked,
  },
  {
    event: "org_block.unblocked",
    says: "gives nothing back",
    prepare: ({ github, organization, users }) => github.edit.blockUser(organization, users.dave),
    edit: ({ github, organization, users }) => github.edit.unblockUser(organization, users.dave),
    ask: "dave read acme-core",
    ...refused,
  },
  {
    event: "push",
    edit: ({ github, repositories }) =>
      github.edit.push(repositories.shared, { write: { "pyproject.toml": project("acme-shared") } }),
    ask: "carol upload acme-shared",
    ...granted,
  },
  {
    event: "push",
    says: "that takes a declaration away",
    edit: ({ github, repositories }) => github.edit.push(repositories.core, { remove: ["pyproject.toml"] }),
    ask: "alice read acme-core",
    ...takenAfterReading,
  },
  {
    event: "push",
    says: "to another branch",
    edit: ({ github, repositories }) =>
      github.edit.push(repositories.shared, { branch: "next", write: { "pyproject.toml": project("acme-shared") } }),
    ask: "carol read acme-shared",
    ...refused,
  },
  {
    event: "create",
    says: "of the default branch, with the first content",
    edit: ({ github, repositories }) =>
      github.edit.push(repositories.empty, { write: { "pyproject.toml": project("acme-first") } }),
    ask: "carol upload acme-first",
    ...granted,
  },
  {
    event: "delete",
    says: "of a branch that does not count",
    prepare: ({ github, repositories }) => github.edit.createBranch(repositories.core, "old"),
    edit: ({ github, repositories }) => github.edit.deleteBranch(repositories.core, "old"),
    ask: "alice upload acme-core",
    ...unmoved,
  },
  {
    event: "personal_access_token_request.created",
    edit: ({ github, organization, users }) => github.edit.requestPersonalAccessToken(organization, users.alice),
    ask: "alice upload acme-core",
    ...unmoved,
  },
  {
    event: "meta.deleted",
    edit: ({ github }) => github.edit.deleteHook(),
    ask: "alice upload acme-core",
    ...unmoved,
  },
  {
    event: "repository_ruleset.created",
    edit: ({ github, repositories }) => github.edit.addRuleset(repositories.core, "no force pushes"),
    ask: "alice upload acme-core",
    ...unmoved,
  },
  {
    event: "branch_protection_rule.created",
    edit: ({ github, repositories }) => github.edit.protectBranch(repositories.core, "main"),
    ask: "alice upload acme-core",
    ...unmoved,
  },
];
