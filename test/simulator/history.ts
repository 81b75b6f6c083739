import type { Organization, World } from "./model.ts";

/** Replica lag: reads see the model as it was some time ago. Versions are kept only while a lag is set. */
export type History = ReturnType<typeof createHistory>;

export function createHistory(world: World, clock: () => number) {
  const versions: { until: number; world: World }[] = [];
  let lag = 0;

  return {
    setLag(ms: number): void {
      lag = ms;
      if (lag === 0) versions.length = 0;
    },
    /** To be called before each edit. */
    keep(): void {
      if (lag === 0) return;
      versions.push({ until: clock(), world: copyWorld(world) });
      while (versions[0] !== undefined && versions[0].until <= clock() - lag) versions.shift();
    },
    /** The world as a replica shows it now. */
    seen(): World {
      const at = clock() - lag;
      return versions.find((version) => version.until > at)?.world ?? world;
    },
  };
}

/** A world that no edit of the original reaches. */
export function copyWorld(world: World): World {
  return {
    users: copyMap(world.users, (user) => ({ ...user })),
    organizations: copyMap(world.organizations, copyOrganization),
  };
}

function copyOrganization(organization: Organization): Organization {
  return {
    ...organization,
    members: new Map(organization.members),
    teams: copyMap(organization.teams, (team) => ({
      ...team,
      members: new Map(team.members),
      repositories: new Map(team.repositories),
    })),
    repositories: copyMap(organization.repositories, (repository) => ({
      ...repository,
      branches: new Map(repository.branches),
      commits: new Map(repository.commits),
      collaborators: new Map(repository.collaborators),
    })),
    repositoryNames: new Map(organization.repositoryNames),
    formerRepositoryNames: new Map(organization.formerRepositoryNames),
    customRoles: copyMap(organization.customRoles, (role) => ({ ...role })),
    organizationRoles: copyMap(organization.organizationRoles, (role) => ({
      ...role,
      users: new Set(role.users),
      teams: new Set(role.teams),
    })),
    blocked: new Set(organization.blocked),
    claims: new Map(
      [...organization.claims].map(([name, claim]) => [name, { ...claim, declarers: [...claim.declarers] }]),
    ),
    declared: new Map(organization.declared),
    installation: organization.installation && {
      ...organization.installation,
      selected: new Set(organization.installation.selected),
    },
  };
}

function copyMap<T>(map: Map<number, T>, copy: (value: T) => T): Map<number, T> {
  const copied = new Map<number, T>();
  for (const [id, value] of map) copied.set(id, copy(value));
  return copied;
}
