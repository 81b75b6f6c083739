import type {
  Access,
  Collaborator,
  Confirmed,
  Facts,
  GitHubRole,
  Member,
  OrganizationRole,
  PolicyReading,
  Repository,
  Role,
  Team,
  Visibility,
} from "../../src/domain/facts.ts";
import { GITHUB_ROLES } from "../../src/domain/facts.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { parsePackageName } from "../../src/domain/package-name.ts";

/** 2026-11-21T20:00:00Z: the moment of every test that does not name another. */
export const NOW = 1_795_291_200_000;

/** There is no policy file. */
export const NO_POLICY: PolicyReading = { text: undefined, policy: DEFAULT_POLICY, faults: [] };

/** One of GitHub's roles, or `NAME:LEVEL` for a custom role of which GitHub's flags show LEVEL. */
export type RoleText = string;

export interface TeamSketch {
  readonly parent?: string;
  /** `"unread"`: the team is listed, but who is in it has not been read. */
  readonly members?: readonly string[] | "unread";
}

export interface RepositorySketch {
  readonly visibility?: Visibility;
  readonly archived?: boolean;
  readonly fork?: boolean;
  readonly createdAt?: number;
  /** Package names; the manifest of each is `NAME/pyproject.toml`. */
  readonly declares?: readonly string[];
  /** Package names whose manifest `NAME/pyproject.toml` has a fault. */
  readonly broken?: readonly string[];
  readonly teams?: Readonly<Record<string, RoleText>>;
  readonly collaborators?: Readonly<Record<string, RoleText>>;
  /** `"unread"`: who was given what has not been read. */
  readonly access?: "unread";
}

export interface OrganizationRoleSketch {
  /** Left out for a role that reaches no repository. */
  readonly base?: RoleText;
  readonly users?: readonly string[];
  readonly teams?: readonly string[];
}

/** An organization in names, as short as it can be told. What is left out is empty, known, and gives nothing. */
export interface Sketch {
  readonly id?: number;
  readonly login?: string;
  /** `"hidden"`: GitHub does not tell. */
  readonly base?: GitHubRole | "none" | "hidden";
  readonly members?: readonly string[];
  readonly owners?: readonly string[];
  readonly teams?: Readonly<Record<string, TeamSketch>>;
  readonly organizationRoles?: Readonly<Record<string, OrganizationRoleSketch>>;
  readonly customRoles?: Readonly<Record<string, GitHubRole>>;
  readonly repositories?: Readonly<Record<string, RepositorySketch>>;
}

export interface Drawn {
  readonly facts: Facts;
  /** Ids by name. A team or person nobody sketched still has an id, as one that GitHub knows and we do not. */
  readonly user: (name: string) => number;
  readonly team: (name: string) => number;
  readonly repository: (name: string) => number;
}

export function draw(sketch: Sketch, asOf = NOW): Drawn {
  const user = numbering(1);
  const team = numbering(101);
  const repository = numbering(1001);
  const confirmed = <T>(value: T): Confirmed<T> => ({ asOf, value });
  const byId = <S, T>(of: Readonly<Record<string, S>> | undefined, id: (name: string) => number, map: (each: S) => T) =>
    new Map(Object.entries(of ?? {}).map(([name, each]) => [id(name), map(each)]));

  const owners = sketch.owners ?? [];
  const members = [...owners, ...(sketch.members ?? [])].map((login): [number, Member] => [
    user(login),
    { login, owner: owners.includes(login) },
  ]);
  const teams = Object.entries(sketch.teams ?? {}).map(([slug, { parent }]): [number, Team] => [
    team(slug),
    { nodeId: `T_${slug}`, slug, parent: parent === undefined ? undefined : team(parent) },
  ]);
  const teamMembers = Object.entries(sketch.teams ?? {}).flatMap(([slug, { members = [] }]) =>
    members === "unread" ? [] : [[team(slug), confirmed(new Set(members.map(user)))] as const],
  );
  const roles = Object.entries(sketch.organizationRoles ?? {}).map(
    ([name, { base, users = [], teams = [] }]): OrganizationRole => ({
      name,
      base: base === undefined ? undefined : role(base),
      users: new Set(users.map(user)),
      teams: new Set(teams.map(team)),
    }),
  );
  const repositories = Object.entries(sketch.repositories ?? {});
  const accessOf = (each: RepositorySketch): Access => ({
    teams: byId(each.teams, team, role),
    collaborators: new Map(
      Object.entries(each.collaborators ?? {}).map(([login, text]): [number, Collaborator] => [
        user(login),
        { login, role: role(text) },
      ]),
    ),
  });

  const facts: Facts = {
    organization: confirmed({
      id: sketch.id ?? 1,
      login: sketch.login ?? "acme",
      basePermission: sketch.base === "hidden" ? undefined : (sketch.base ?? "none"),
    }),
    policy: confirmed(NO_POLICY),
    members: confirmed(new Map(members)),
    teams: confirmed(new Map(teams)),
    organizationRoles: confirmed(roles),
    customRoles: confirmed(new Map(Object.entries(sketch.customRoles ?? {}))),
    repositoryList: confirmed(new Set(repositories.map(([name]) => repository(name)))),
    teamMembers: new Map(teamMembers),
    repositories: new Map(
      repositories.map(([name, each]) => [repository(name), confirmed(repositoryOf(name, each))] as const),
    ),
    access: new Map(
      repositories.flatMap(([name, each]) =>
        each.access === "unread" ? [] : [[repository(name), confirmed(accessOf(each))] as const],
      ),
    ),
  };
  return { facts, user, team, repository };
}

export function repositoryOf(name: string, sketch: RepositorySketch = {}): Repository {
  return {
    nodeId: `R_${name}`,
    name,
    visibility: sketch.visibility ?? "private",
    archived: sketch.archived ?? false,
    fork: sketch.fork ?? false,
    createdAt: sketch.createdAt ?? 0,
    declarations: (sketch.declares ?? []).map((text) => ({ name: packageName(text), path: pathOf(text) })),
    problems: (sketch.broken ?? []).map((text) => ({ path: pathOf(text), message: "Not TOML." })),
  };
}

export function pathOf(text: string): string {
  return `${packageName(text)}/pyproject.toml`;
}

export function packageName(text: string): PackageName {
  const name = parsePackageName(text);
  if (name === undefined) throw new Error(`not a package name: ${text}`);
  return name;
}

export function role(text: RoleText): Role {
  const [name = text, word = name] = text.split(":");
  const level = GITHUB_ROLES.find((each) => each === word);
  if (level === undefined) throw new Error(`not a role, nor a custom role with its level: ${text}`);
  return { name, level };
}

function numbering(first: number): (name: string) => number {
  const ids = new Map<string, number>();
  return (name) => {
    const id = ids.get(name) ?? first + ids.size;
    ids.set(name, id);
    return id;
  };
}
