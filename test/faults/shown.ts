import { NO_POLICY } from "../domain/facts-builder.ts";
import type { Collaborator, GitHubRole, Repository, Role } from "../../src/domain/facts.ts";
import { parsePackageName } from "../../src/domain/package-name.ts";
import type { Slice, SliceKey } from "../../src/state/slice.ts";
import { sliceId, sliceKind } from "../../src/state/slice.ts";
import { isListed, levelOf, teamRole } from "../simulator/access.ts";
import { declaredNames, hasFault } from "../simulator/declared-names.ts";
import { headCommit } from "../simulator/git.ts";
import type { Files, Organization, Repository as Model, World } from "../simulator/index.ts";

/** What GitHub shows of an organization in a world, slice by slice: as a reader of its API would put it together. */
export function shown(world: World, organization: Organization, key: SliceKey, asOf: number): Slice {
  const kind = sliceKind(key);
  const id = sliceId(key) ?? 0;
  const { login, basePermission, members, teams, repositories } = organization;
  const listed = (ids: Iterable<number>): number[] => [...ids].filter((each) => isShown(world, organization, each));
  switch (kind) {
    case "organization":
      return { kind, asOf, value: { id: organization.id, login, basePermission } };
    case "policy":
      return { kind, asOf, value: NO_POLICY };
    case "members":
      return {
        kind,
        asOf,
        value: new Map(
          listed(members.keys()).map((user) => [
            user,
            { login: loginOf(world, user), owner: members.get(user) === "admin" },
          ]),
        ),
      };
    case "teams":
      return {
        kind,
        asOf,
        value: new Map(
          [...teams].map(([team, { slug, parentId }]) => [
            team,
            { nodeId: `T_${team}`, slug, parent: parentId ?? undefined },
          ]),
        ),
      };
    case "organization-roles":
      return {
        kind,
        asOf,
        value: [...organization.organizationRoles.values()].map(({ name, baseRole, users, teams: holders }) => ({
          name,
          base: baseRole === null ? undefined : { name: baseRole, level: baseRole },
          users: new Set(baseRole === null ? [] : listed(users).filter((user) => members.has(user))),
          teams: new Set(baseRole === null ? [] : [...holders].filter((team) => teams.has(team))),
        })),
      };
    case "custom-roles":
      return {
        kind,
        asOf,
        value: new Map<string, GitHubRole>(
          [...organization.customRoles.values()].map(({ name, baseRole }) => [name, baseRole]),
        ),
      };
    case "repositories":
      return { kind, asOf, value: new Set(repositories.keys()) };
    case "team-members": {
      const team = teams.get(id);
      return { kind, id, asOf, value: team && new Set(listed(team.members.keys())) };
    }
    case "repository": {
      const found = repositories.get(id);
      return { kind, id, asOf, value: found && repositoryShown(found) };
    }
    case "access": {
      const found = repositories.get(id);
      return {
        kind,
        id,
        asOf,
        value: found && { ...directGrants(world, organization, found), teams: teamGrants(organization, found) },
      };
    }
  }
}

function directGrants(world: World, organization: Organization, repository: Model) {
  const collaborators = new Map<number, Collaborator>();
  for (const [user, role] of repository.collaborators) {
    if (!isShown(world, organization, user)) continue;
    collaborators.set(user, { login: loginOf(world, user), role: roleShown(organization, role) });
  }
  return { collaborators };
}

/** Teams with a grant of their own, each with the role that it has in effect. */
function teamGrants(organization: Organization, repository: Model): Map<number, Role> {
  const granted = [...organization.teams.values()].filter(({ repositories }) => repositories.has(repository.id));
  return new Map(
    granted.map((team) => [team.id, roleShown(organization, teamRole(organization, team, repository) ?? "read")]),
  );
}

function roleShown(organization: Organization, name: string): Role {
  return { name, level: levelOf(organization, name) };
}

function repositoryShown(repository: Model): Repository {
  const { id, name, visibility, archived, createdAt, parentId } = repository;
  const head = headCommit(repository);
  const declared = head === undefined ? NOTHING : declaredIn(head.files);
  return { nodeId: `R_${id}`, name, visibility, archived, fork: parentId !== null, createdAt, ...declared };
}

const NOTHING = { declarations: [], problems: [] };
const known = new WeakMap<Files, Pick<Repository, "declarations" | "problems">>();

function declaredIn(files: Files): Pick<Repository, "declarations" | "problems"> {
  let declared = known.get(files);
  if (declared === undefined) {
    const path = "pyproject.toml";
    const names = [...declaredNames(files)].flatMap((text) => parsePackageName(text) ?? []);
    declared = {
      declarations: names.map((name) => ({ name, path })),
      problems: hasFault(files) ? [{ path, message: "Mend it." }] : [],
    };
    known.set(files, declared);
  }
  return declared;
}

function isShown({ users }: World, organization: Organization, id: number): boolean {
  const user = users.get(id);
  return user !== undefined && isListed(organization, user);
}

function loginOf({ users }: World, id: number): string {
  return users.get(id)?.login ?? "";
}
