import type { GitHubRole, Role } from "../../src/domain/facts.ts";
import { parsePackageName } from "../../src/domain/package-name.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { isGitHubRole } from "../../src/domain/roles.ts";
import type { Slice } from "../../src/state/slice.ts";
import type { Store } from "../../src/state/store.ts";
import { createStore } from "../../src/state/store.ts";
import type { Organization, Repository, World } from "../../test/simulator/index.ts";
import { nodeId } from "../../test/simulator/node-id.ts";

/**
 * A store that holds what is so, without the reading: the reference organization takes a second this way
 * instead of many. That reading arrives at the same decisions is what `bench/sync` shows.
 */
export function storeOf(world: World, organization: Organization, now: number): Store {
  const store = createStore(organization, () => now);
  store.apply([
    ...sharedSlices(world, organization, now),
    ...[...organization.repositories.values()].flatMap((repository) =>
      repositorySlices(world, organization, repository, now),
    ),
  ]);
  if (!store.view().ready) throw new Error("the facts are not complete");
  return store;
}

function sharedSlices(world: World, organization: Organization, asOf: number): Slice[] {
  const { id, login, basePermission, members, teams, organizationRoles, repositories } = organization;
  return [
    { kind: "organization", asOf, value: { id, login, basePermission } },
    {
      kind: "members",
      asOf,
      value: mapped(members, (role, user) => ({ login: loginOf(world, user), owner: role === "admin" })),
    },
    {
      kind: "teams",
      asOf,
      value: mapped(teams, ({ slug, parentId }, team) => ({
        nodeId: nodeId("Team", team),
        slug,
        parent: parentId ?? undefined,
      })),
    },
    {
      kind: "organization-roles",
      asOf,
      value: [...organizationRoles.values()].map(({ name, baseRole, users, teams: holders }) => ({
        name,
        base: baseRole === null ? undefined : roleOf(organization, baseRole),
        users,
        teams: holders,
      })),
    },
    { kind: "custom-roles", asOf, value: customRoles(organization) },
    { kind: "repositories", asOf, value: new Set(repositories.keys()) },
    { kind: "policy", asOf, value: { text: undefined, policy: DEFAULT_POLICY, faults: [] } },
    ...[...teams.values()].map((team): Slice => ({
      kind: "team-members",
      id: team.id,
      asOf,
      value: new Set(team.members.keys()),
    })),
  ];
}

function repositorySlices(world: World, organization: Organization, repository: Repository, asOf: number): Slice[] {
  const { id, name, visibility, archived, createdAt, parentId } = repository;
  const declarations = [...(organization.declared.get(id) ?? [])].flatMap((text) => {
    const declared = parsePackageName(text);
    return declared === undefined ? [] : [{ name: declared, path: "pyproject.toml" }];
  });
  const fork = parentId !== null;
  const value = {
    nodeId: nodeId("Repository", id),
    name,
    visibility,
    archived,
    fork,
    createdAt,
    declarations,
    problems: [],
  };
  const read: Slice = { kind: "repository", id, asOf, value };
  if (declarations.length === 0) return [read];

  const teams = new Map<number, Role>();
  for (const team of organization.teams.values()) {
    const role = team.repositories.get(id);
    if (role !== undefined) teams.set(team.id, roleOf(organization, role));
  }
  const collaborators = mapped(repository.collaborators, (role, user) => ({
    login: loginOf(world, user),
    role: roleOf(organization, role),
  }));
  return [read, { kind: "access", id, asOf, value: { teams, collaborators } }];
}

function roleOf(organization: Organization, name: string): Role {
  return { name, level: isGitHubRole(name) ? name : (customRoles(organization).get(name) ?? "read") };
}

function customRoles({ customRoles: roles }: Organization): Map<string, GitHubRole> {
  return new Map([...roles.values()].map(({ name, baseRole }) => [name, baseRole]));
}

function loginOf({ users }: World, user: number): string {
  return users.get(user)?.login ?? "";
}

function mapped<K, V, W>(map: ReadonlyMap<K, V>, change: (value: V, key: K) => W): Map<K, W> {
  return new Map([...map].map(([key, value]) => [key, change(value, key)]));
}
