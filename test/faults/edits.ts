import type { Step } from "../github/support/random-edits.ts";
import { apply } from "../github/support/random-edits.ts";
import { hasFault } from "../simulator/declared-names.ts";
import { headCommit } from "../simulator/git.ts";
import type { BasePermission, Organization, Repository, Simulator, User } from "../simulator/index.ts";
import { lineage } from "../simulator/world.ts";

/**
 * Any edit of an organization, with and without a webhook. Two things are left out, because they are history that no
 * reading can recover (SECURITY.md, "Name claims"): two repositories that declare one name, of which one was first, and
 * a manifest that breaks, for it keeps names that only those know who read it before.
 */
export function edit(github: Simulator, organization: Organization, step: Step): void {
  const kind = step.edit % 4;
  const rest = { ...step, edit: Math.floor(step.edit / 4) };
  if (kind < 2) apply(github, organization, rest, "acme");
  else if (kind === 2) applyRarer(github, organization, rest);
  else applySilently(github, organization, rest);
}

/** Whether GitHub sends no webhook for it. */
export function isSilent({ edit }: Step): boolean {
  return edit % 4 === 3;
}

/** Announced, and rarer on GitHub than those of `apply`. */
function applyRarer(github: Simulator, organization: Organization, { edit: choice, a, b, c }: Step): void {
  const { edit, world } = github;
  const team = pick(organization.teams.values(), a);
  const repository = pick(organization.repositories.values(), b);
  const open = repository?.archived === false ? repository : undefined;
  const user = pick(world.users.values(), c);
  const outside = user !== undefined && !organization.members.has(user.id) ? user : undefined;
  const blocked = world.users.get(pick(organization.blocked, a) ?? 0);
  const custom = (): string => {
    const known = pick(organization.customRoles.values(), c);
    return (known ?? edit.defineRepositoryRole(organization, "releaser", "maintain")).name;
  };
  choose(choice, [
    () => repository && edit.unarchiveRepository(repository),
    () => blocked && edit.unblockUser(organization, blocked),
    () => outside && edit.removeOutsideCollaborator(organization, outside),
    () => repository && organization.repositories.size > 3 && edit.transferRepository(repository, null),
    () => user && edit.receiveRepository(organization, user, arrival(github.nextId())),
    () => open && edit.push(open, { write: { "pyproject.toml": manifest(open) } }),
    () => open && edit.push(open, { remove: [...(headCommit(open)?.files.keys() ?? [])].filter(isManifest) }),
    () => open && rollBack(github, open),
    () => edit.renameOrganization(organization, c % 2 === 0 ? "acme" : "acme-inc"),
    () => team && edit.editTeam(team, { name: `${team.name}-${c}` }),
    () => team && repository && edit.setTeamRepository(team, repository, custom()),
    () => repository && isFree(organization, user) && edit.setCollaborator(repository, user, custom()),
  ]);
}

/** No webhook tells of these: polls find some, the resync all. */
function applySilently(github: Simulator, organization: Organization, { edit: choice, a, b, c }: Step): void {
  const { edit, world } = github;
  const user = pick(world.users.values(), a);
  const member = pick(
    [...world.users.values()].filter(({ id }) => organization.members.has(id)),
    a,
  );
  const [team, other] = [pick(organization.teams.values(), a), pick(organization.teams.values(), b)];
  const role = pick(organization.organizationRoles.values(), b);
  const custom = pick(organization.customRoles.values(), b);
  const repository = pick(organization.repositories.values(), b);
  const level = pick(["read", "triage", "write", "maintain"] as const, c) ?? "read";
  choose(choice, [
    () => member && edit.setOwner(organization, member),
    () => member && organization.members.get(member.id) === "admin" && edit.unsetOwner(organization, member),
    () => edit.setBasePermission(organization, pick<BasePermission>(["none", "read", "write", "admin"], c) ?? "none"),
    () => team && edit.setTeamParent(team, null),
    () => team && other && !lineage(organization, other).includes(team) && edit.setTeamParent(team, other),
    () => edit.defineOrganizationRole(organization, `role-${github.nextId()}`, level),
    () => role && member && edit.assignOrganizationRole(role, { user: member }),
    () => role && team && edit.assignOrganizationRole(role, { team }),
    () => role && user && edit.unassignOrganizationRole(role, { user }),
    () => role && team && edit.unassignOrganizationRole(role, { team }),
    () => custom && edit.setRepositoryRoleBase(custom, level),
    () => repository?.visibility === "private" && edit.setVisibility(repository, "internal"),
    () => repository?.visibility === "internal" && edit.setVisibility(repository, "private"),
    () => user && edit.renameUser(user, `${user.login.replace(/-\d+$/, "")}-${c}`),
    () => user && (user.suspended ? edit.unsuspendUser(user) : edit.suspendUser(user)),
  ]);
}

function choose(choice: number, choices: readonly (() => unknown)[]): void {
  choices[choice % choices.length]?.();
}

function pick<T>(from: Iterable<T>, n: number): T | undefined {
  const all = [...from];
  return all[n % Math.max(1, all.length)];
}

function isFree(organization: Organization, user: User | undefined): user is User {
  return user !== undefined && !organization.blocked.has(user.id);
}

function manifest({ id }: Pick<Repository, "id">): string {
  return `[project]\nname = "acme-of-${id}"\n`;
}

function arrival(id: number): { name: string; files: Record<string, string> } {
  return { name: `arrived-${id}`, files: { "pyproject.toml": manifest({ id }) } };
}

function isManifest(path: string): boolean {
  return /pyproject\.toml$|setup\.cfg$/.test(path);
}

/** A force push to an earlier commit: a name that was withdrawn may be declared again. */
function rollBack({ edit }: Simulator, repository: Repository): void {
  const parent = repository.commits.get(headCommit(repository)?.parent ?? "");
  if (parent !== undefined && !hasFault(parent.files)) edit.resetBranch(repository, parent.sha);
}
