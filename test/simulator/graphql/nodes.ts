import { GraphQLError } from "graphql";
import { effectiveRole, isListed, legacyPermission, levelOf, sourcesOf, teamRole } from "../access.ts";
import { headCommit } from "../git.ts";
import type { Level, Organization, Repository, Team, User } from "../model.ts";
import { nodeId } from "../node-id.ts";
import { isVisible, seesEveryRepository } from "../rest/reach.ts";
import type { Call } from "../rest/route.ts";
import { reached } from "../rest/team-routes.ts";
import { descendants } from "../world.ts";
import { connection, type PageArguments } from "./connection.ts";
import { commitNode, objectNode } from "./content-nodes.ts";

/** Organizations, teams, repositories and people as GraphQL objects: what is not here, the simulator does not model. */

type Node = Record<string, unknown>;
const id = (item: { id: number }): number => item.id;
const time = (ms: number): string => new Date(ms).toISOString();

export function githubError(type: string, message: string): GraphQLError {
  return new GraphQLError(message, { extensions: { type } });
}

export function userNode(user: User): Node {
  return { __typename: "User", databaseId: user.id, id: nodeId("User", user.id), login: user.login, name: user.name };
}

export function organizationNode(call: Call, organization: Organization): Node {
  const inside = (): void => {
    const { caller } = call;
    const member = caller.kind === "user" && organization.members.has(caller.user.id);
    const installed =
      caller.kind === "installation" &&
      caller.organization.id === organization.id &&
      caller.token.permissions["members"] !== undefined;
    if (!member && !installed) throw githubError("FORBIDDEN", "Resource not accessible by integration");
  };
  return {
    __typename: "Organization",
    databaseId: organization.id,
    id: nodeId("Organization", organization.id),
    login: organization.login,
    name: organization.login,
    membersWithRole: (args: PageArguments) => {
      inside();
      const members = [...organization.members.keys()].flatMap((each) => call.world.users.get(each) ?? []);
      const listed = members.filter((user) => isListed(organization, user));
      const role = (user: User): string => (organization.members.get(user.id) === "admin" ? "ADMIN" : "MEMBER");
      return connection(listed, args, id, (user) => ({ role: role(user), node: userNode(user) }));
    },
    teams: (
      args: PageArguments & { userLogins?: string[]; query?: string; rootTeamsOnly?: boolean; orderBy?: Order },
    ) => {
      inside();
      let teams = [...organization.teams.values()];
      const logins = args.userLogins?.map((login) => login.toLowerCase());
      const isAsked = (user: User | undefined): boolean =>
        user !== undefined && (logins?.includes(user.login.toLowerCase()) ?? false);
      if (logins)
        teams = teams.filter((team) => [...team.members.keys()].some((each) => isAsked(call.world.users.get(each))));
      if (args.query) teams = teams.filter((team) => `${team.name} ${team.slug}`.includes(args.query ?? ""));
      if (args.rootTeamsOnly) teams = teams.filter((team) => team.parentId === null);
      return connection(ordered(teams, args.orderBy), args, id, (team) => ({
        node: teamNode(call, organization, team),
      }));
    },
    team: ({ slug }: { slug: string }) => {
      inside();
      const team = [...organization.teams.values()].find((each) => each.slug === slug.toLowerCase());
      return team ? teamNode(call, organization, team) : null;
    },
    repositories: (
      args: PageArguments & { orderBy?: Order; isFork?: boolean; isArchived?: boolean; visibility?: string },
    ) => {
      const all = seesEveryRepository(call, organization);
      const wanted = (repository: Repository): boolean =>
        (all || isVisible(call, repository)) &&
        (args.isFork === undefined || args.isFork === (repository.parentId !== null)) &&
        (args.isArchived === undefined || args.isArchived === repository.archived) &&
        (args.visibility === undefined || args.visibility === repository.visibility.toUpperCase());
      const repositories = [...organization.repositories.values()].filter(wanted);
      return connection(ordered(repositories, args.orderBy), args, id, (each) => ({
        node: repositoryNode(call, organization, each),
      }));
    },
  };
}

export function teamNode(call: Call, organization: Organization, team: Team): Node {
  const node = (other: Team): Node => teamNode(call, organization, other);
  return {
    __typename: "Team",
    databaseId: team.id,
    id: nodeId("Team", team.id),
    slug: team.slug,
    name: team.name,
    description: team.description,
    privacy: team.privacy === "secret" ? "SECRET" : "VISIBLE",
    createdAt: time(team.createdAt),
    updatedAt: time(team.updatedAt),
    organization: () => organizationNode(call, organization),
    parentTeam: () => {
      const parent = team.parentId === null ? undefined : organization.teams.get(team.parentId);
      return parent ? node(parent) : null;
    },
    childTeams: (args: PageArguments & { immediateOnly?: boolean }) => {
      const below = descendants(organization, team);
      const children = args.immediateOnly === false ? below : below.filter((child) => child.parentId === team.id);
      return connection(children, args, id, (child) => ({ node: node(child) }));
    },
    members: (args: PageArguments & { membership?: string }) => {
      const own = [...team.members.keys()];
      const below =
        args.membership === "IMMEDIATE"
          ? []
          : descendants(organization, team).flatMap((child) => [...child.members.keys()]);
      const ids = args.membership === "CHILD_TEAM" ? below : [...own, ...below];
      const people = [...new Set(ids)]
        .flatMap((each) => call.world.users.get(each) ?? [])
        .filter((user) => isListed(organization, user));
      const role = (user: User): string => (team.members.get(user.id) === "maintainer" ? "MAINTAINER" : "MEMBER");
      return connection(people, args, id, (user) => ({ role: role(user), node: userNode(user) }));
    },
    // inherited grants are listed as if they were the team's own
    repositories: (args: PageArguments) =>
      connection(reached(organization, team), args, id, (repository) => ({
        permission: levelOf(organization, teamRole(organization, team, repository) ?? "read").toUpperCase(),
        node: repositoryNode(call, organization, repository),
      })),
  };
}

export function repositoryNode(call: Call, organization: Organization, repository: Repository): Node {
  const head = (): Node | null => {
    const commit = headCommit(repository);
    return commit
      ? { __typename: "Ref", name: repository.defaultBranch, prefix: "refs/heads/", target: commitNode(commit) }
      : null;
  };
  return {
    __typename: "Repository",
    databaseId: repository.id,
    id: nodeId("Repository", repository.id),
    name: repository.name,
    nameWithOwner: `${organization.login}/${repository.name}`,
    description: repository.description,
    owner: () => organizationNode(call, organization),
    visibility: repository.visibility.toUpperCase(),
    isPrivate: repository.visibility !== "public",
    isArchived: repository.archived,
    isDisabled: repository.disabled,
    isFork: repository.parentId !== null,
    isEmpty: repository.branches.size === 0,
    createdAt: time(repository.createdAt),
    updatedAt: time(repository.updatedAt),
    pushedAt: repository.pushedAt === null ? null : time(repository.pushedAt),
    defaultBranchRef: head,
    object: ({ expression }: { expression?: string }) => objectNode(repository, expression ?? "HEAD"),
    collaborators: (args: PageArguments & { affiliation?: string; login?: string }) => {
      const direct = [...repository.collaborators.keys()];
      const ids =
        args.affiliation === "DIRECT" || args.affiliation === "OUTSIDE"
          ? direct
          : [...organization.members.keys(), ...direct];
      const people = [...new Set(ids)]
        .flatMap((each) => call.world.users.get(each) ?? [])
        .filter((user) => {
          if (!isListed(organization, user) || effectiveRole(organization, repository, user) === undefined)
            return false;
          if (args.affiliation === "OUTSIDE" && organization.members.has(user.id)) return false;
          return args.login === undefined || args.login.toLowerCase() === user.login.toLowerCase();
        });
      return connection(people, args, id, (user) => collaboratorEdge(call, organization, repository, user));
    },
  };
}

/** The edge's permission is what the person may do in all; only permissionSources tells where it comes from. */
function collaboratorEdge(
  call: Call,
  organization: Organization,
  repository: Repository,
  user: User,
): Node & { node: unknown } {
  const role = effectiveRole(organization, repository, user) ?? "read";
  return {
    permission: levelOf(organization, role).toUpperCase(),
    permissionSources: () =>
      sourcesOf(organization, repository, user).map((source) => ({
        permission: coarse(levelOf(organization, source.role)),
        roleName: source.role,
        organization: organizationNode(call, organization),
        source: {
          __typename: source.kind,
          databaseId: source.from.id,
          ...("slug" in source.from && { slug: source.from.slug }),
        },
      })),
    node: userNode(user),
  };
}

function coarse(level: Level): string {
  return legacyPermission(level).toUpperCase();
}

type Order = { field: string; direction: "ASC" | "DESC" };

function ordered<T extends { name: string; createdAt: number; updatedAt: number }>(
  items: T[],
  order: Order | undefined,
): T[] {
  if (order === undefined) return items;
  const keys: Record<string, (item: T) => number | string> = {
    NAME: (item) => item.name.toLowerCase(),
    CREATED_AT: (item) => item.createdAt,
    UPDATED_AT: (item) => item.updatedAt,
  };
  const key = keys[order.field];
  if (key === undefined) throw githubError("UNPROCESSABLE", `the simulator does not order by ${order.field}`);
  const sign = order.direction === "DESC" ? -1 : 1;
  return items.toSorted((a, b) => (key(a) < key(b) ? -sign : key(a) > key(b) ? sign : 0));
}
