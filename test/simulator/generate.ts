import { recordClaims } from "./claims-ledger.ts";
import { addCommit, fileOf } from "./git.ts";
import type { BasePermission, File, Organization, Plan, Repository, Team, User, Visibility } from "./model.ts";
import { createRandom, type Random } from "./random.ts";
import type { Simulator } from "./simulator.ts";
import { addRepository } from "./world.ts";

/** Whole organizations from a seed, as large as the real ones, without a single webhook. */
export type OrganizationShape = {
  seed: number;
  login: string;
  repositories: number;
  /** How many of the repositories declare a package. */
  packages: number;
  members: number;
  teams: number;
  /** How deep teams are nested; each level is larger than the one above. */
  depth: number;
  owners: number;
  outsideCollaborators: number;
  customRoles?: number;
  basePermission?: BasePermission;
  plan?: Plan;
};

const membersPerTeam = 20;
const teamsPerPackage = 5;
const collaboratorsPerPackage = 3;

export function generateOrganization(github: Simulator, shape: OrganizationShape): Organization {
  const random = createRandom(shape.seed);
  const { plan = "enterprise", basePermission = "read" } = shape;
  const organization = github.edit.createOrganization({ login: shape.login, plan, basePermission });
  const people = createPeople(github, organization, shape);
  const members = people.slice(0, shape.members);
  const outside = people.slice(shape.members);
  const teams = createTeams(github, organization, shape, random, members);
  const roles = Array.from({ length: shape.customRoles ?? 0 }, (_, n) =>
    github.edit.defineRepositoryRole(organization, `custom-${n}`, random.pick(["read", "triage", "write", "maintain"])),
  );
  const roleNames = [
    "read",
    "read",
    "triage",
    "write",
    "write",
    "write",
    "maintain",
    "admin",
    ...roles.map((role) => role.name),
  ];

  const readme = fileOf("# Generated\n");
  for (let n = 0; n < shape.repositories; n += 1) {
    const isPackage = n < shape.packages;
    const repository = createRepository(github, organization, random, n, isPackage, readme);
    if (!isPackage) continue;
    for (let grant = 0; grant < teamsPerPackage && teams.length > 0; grant += 1)
      random.pick(teams).repositories.set(repository.id, random.pick(roleNames));
    for (let grant = 0; grant < collaboratorsPerPackage; grant += 1) {
      const pool = outside.length > 0 && random.below(4) === 0 ? outside : members;
      if (pool.length > 0) repository.collaborators.set(random.pick(pool).id, random.pick(roleNames));
    }
  }
  return organization;
}

function createPeople(github: Simulator, organization: Organization, shape: OrganizationShape): User[] {
  return Array.from({ length: shape.members + shape.outsideCollaborators }, (_, n) => {
    const login = n < shape.members ? `${shape.login}-member-${n}` : `${shape.login}-outside-${n - shape.members}`;
    const user: User = { id: github.nextId(), login, name: null, suspended: false, createdAt: organization.createdAt };
    github.world.users.set(user.id, user);
    if (n < shape.members) organization.members.set(user.id, n < shape.owners ? "admin" : "member");
    return user;
  });
}

function createTeams(
  github: Simulator,
  organization: Organization,
  shape: OrganizationShape,
  random: Random,
  members: User[],
): Team[] {
  const teams: Team[] = [];
  let above: Team[] = [];
  for (const [depth, size] of levelSizes(shape.teams, shape.depth).entries()) {
    const level = Array.from({ length: size }, (_, n): Team => {
      const name = `team-${depth}-${n}`;
      const { createdAt, updatedAt } = organization;
      const parentId = above.length > 0 ? random.pick(above).id : null;
      const common = {
        organizationId: organization.id,
        description: null,
        privacy: "closed" as const,
        createdAt,
        updatedAt,
      };
      return {
        ...common,
        id: github.nextId(),
        slug: name,
        name,
        parentId,
        members: new Map(),
        repositories: new Map(),
      };
    });
    for (const team of level) {
      organization.teams.set(team.id, team);
      for (let n = 0; n < membersPerTeam && members.length > 0; n += 1)
        team.members.set(random.pick(members).id, "member");
    }
    teams.push(...level);
    above = level;
  }
  return teams;
}

/** 1,000 teams at depth 3 are 100, 300 and 600: the n-th level has n(n+1)/2 parts. */
function levelSizes(teams: number, depth: number): number[] {
  const parts = Array.from({ length: depth }, (_, n) => ((n + 1) * (n + 2)) / 2);
  const all = parts.reduce((sum, part) => sum + part, 0);
  const sizes = parts.map((part) => Math.floor((teams * part) / all));
  const last = sizes.pop() ?? 0;
  return [...sizes, Math.max(last, teams - sizes.reduce((sum, size) => sum + size, 0))];
}

function createRepository(
  github: Simulator,
  organization: Organization,
  random: Random,
  n: number,
  isPackage: boolean,
  readme: File,
): Repository {
  const at = organization.createdAt - 1_000_000_000 + n * 1000;
  const visibilities: Visibility[] = ["private", "private", "private", "private", "internal", "internal", "public"];
  const repository: Repository = {
    id: github.nextId(),
    organizationId: organization.id,
    name: isPackage ? `package-${n}` : `repository-${n}`,
    description: null,
    visibility: random.pick(visibilities),
    archived: random.below(25) === 0,
    disabled: false,
    parentId: null,
    defaultBranch: random.below(10) === 0 ? "master" : "main",
    branches: new Map(),
    commits: new Map(),
    collaborators: new Map(),
    createdAt: at,
    updatedAt: at,
    pushedAt: at,
  };
  const files = new Map([["README.md", readme]]);
  if (isPackage) files.set(...manifest(random, `${organization.login}-package-${n}`));
  addCommit(repository, { parent: null, message: "Initial commit", at, files }, repository.defaultBranch);
  addRepository(organization, repository);
  if (isPackage) recordClaims(organization, repository, github.clock());
  return repository;
}

function manifest(random: Random, name: string): [path: string, file: File] {
  const kind = random.below(10);
  if (kind === 0) return ["setup.cfg", fileOf(`[metadata]\nname = ${name}\nversion = 1.0\n`)];
  if (kind === 1) return ["pyproject.toml", fileOf(`[tool.poetry]\nname = "${name}"\nversion = "1.0"\n`)];
  return ["pyproject.toml", fileOf(`[project]\nname = "${name}"\nversion = "1.0"\n`)];
}
