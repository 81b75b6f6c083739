import type { Organization, Repository, Team, User, World } from "./model.ts";

/** Finding things in the model, and the few writes that must keep an index in step. */

const same = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

function find<T>(items: Iterable<T>, wanted: (item: T) => boolean): T | undefined {
  for (const item of items) if (wanted(item)) return item;
  return undefined;
}

export function userByLogin(world: World, login: string): User | undefined {
  return find(world.users.values(), (user) => same(user.login, login));
}

export function organizationByLogin(world: World, login: string): Organization | undefined {
  return find(world.organizations.values(), (organization) => same(organization.login, login));
}

export function teamBySlug(organization: Organization, slug: string): Team | undefined {
  return find(organization.teams.values(), (team) => same(team.slug, slug));
}

export function repositoryByName(organization: Organization, name: string): Repository | undefined {
  return organization.repositories.get(organization.repositoryNames.get(name.toLowerCase()) ?? 0);
}

export function repositoryById(world: World, id: number): Repository | undefined {
  for (const organization of world.organizations.values()) {
    const repository = organization.repositories.get(id);
    if (repository !== undefined) return repository;
  }
  return undefined;
}

/** The organization of a team or repository that is (still) there. */
export function organizationOf(world: World, owned: Team | Repository): Organization {
  const organization = world.organizations.get(owned.organizationId);
  const found = organization?.teams.get(owned.id) ?? organization?.repositories.get(owned.id);
  if (organization === undefined || found !== owned) throw new Error(`${owned.name} is gone`);
  return organization;
}

export function userOf(world: World, id: number): User {
  const user = world.users.get(id);
  if (user === undefined) throw new Error(`no user ${id}`);
  return user;
}

export function addRepository(organization: Organization, repository: Repository): void {
  const name = repository.name.toLowerCase();
  if (organization.repositoryNames.has(name)) throw new Error(`${organization.login}/${repository.name} exists`);
  organization.repositories.set(repository.id, repository);
  organization.repositoryNames.set(name, repository.id);
  organization.formerRepositoryNames.delete(name);
}

/** Takes the repository and every grant on it out of the organization. */
export function dropRepository(organization: Organization, repository: Repository): void {
  organization.repositories.delete(repository.id);
  organization.repositoryNames.delete(repository.name.toLowerCase());
  for (const team of organization.teams.values()) team.repositories.delete(repository.id);
  organization.installation?.selected.delete(repository.id);
}

export function renameRepositoryIn(organization: Organization, repository: Repository, name: string): void {
  if (organization.repositoryNames.has(name.toLowerCase())) throw new Error(`${organization.login}/${name} exists`);
  organization.repositoryNames.delete(repository.name.toLowerCase());
  organization.formerRepositoryNames.set(repository.name.toLowerCase(), repository.id);
  organization.formerRepositoryNames.delete(name.toLowerCase());
  organization.repositoryNames.set(name.toLowerCase(), repository.id);
  repository.name = name;
}

/** The team itself, then its parent, and so on up. */
export function lineage(organization: Organization, team: Team): Team[] {
  const line = [team];
  for (let id = team.parentId; id !== null;) {
    const parent = organization.teams.get(id);
    if (parent === undefined || line.includes(parent)) break;
    line.push(parent);
    id = parent.parentId;
  }
  return line;
}

/** Every team below this one, nearest first. */
export function descendants(organization: Organization, team: Team): Team[] {
  const below: Team[] = [];
  for (const child of organization.teams.values()) {
    if (child !== team && lineage(organization, child).includes(team)) below.push(child);
  }
  return below;
}

export function teamsOf(organization: Organization, userId: number): Team[] {
  return [...organization.teams.values()].filter((team) => team.members.has(userId));
}

export function isOutsideCollaborator(organization: Organization, userId: number): boolean {
  if (organization.members.has(userId)) return false;
  return find(organization.repositories.values(), ({ collaborators }) => collaborators.has(userId)) !== undefined;
}
