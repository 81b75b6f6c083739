import type { View } from "../../src/domain/decide.ts";
import type { GitHubRole, Role } from "../../src/domain/facts.ts";
import type { Slice, SliceKey } from "../../src/state/slice.ts";
import { levels } from "../simulator/access.ts";
import type { Claim, Organization, Repository, Team } from "../simulator/index.ts";

type Slices = ReadonlyMap<SliceKey, Slice>;

/** An organization as readings show it, in the terms in which the oracle judges. */
export function modelOf(like: Organization, slices: Slices, held: View["claims"]): Organization {
  const model: Organization = {
    ...like,
    basePermission: "none",
    members: new Map(),
    teams: new Map(),
    repositories: new Map(),
    customRoles: new Map(),
    organizationRoles: new Map(),
    blocked: new Set(),
    claims: new Map(),
  };
  const custom = customRoles(slices);
  for (const slice of slices.values()) {
    if (slice.kind === "organization") {
      const base = slice.value.basePermission;
      model.basePermission = base === "triage" || base === "maintain" ? "none" : (base ?? "none");
    } else if (slice.kind === "members") {
      for (const [user, { owner }] of slice.value) model.members.set(user, owner ? "admin" : "member");
    } else if (slice.kind === "teams") {
      for (const [id, { slug, parent = null }] of slice.value) {
        model.teams.set(id, teamOf(like.id, id, slug, parent));
      }
    } else if (slice.kind === "organization-roles") {
      for (const [id, { name, base, users, teams }] of slice.value.entries()) {
        const holders = { users: new Set(users), teams: new Set(teams), createdAt: 0, updatedAt: 0 };
        model.organizationRoles.set(id, {
          id,
          name,
          baseRole: base?.level ?? null,
          source: "Organization",
          ...holders,
        });
      }
    } else if (slice.kind === "repository" && slice.value !== undefined) {
      model.repositories.set(slice.id, repositoryOf(like.id, slice.id, slice.value));
    }
  }
  // What hangs on teams and repositories, now that all of those are there.
  for (const slice of slices.values()) {
    if (slice.kind === "team-members") {
      for (const user of slice.value ?? []) model.teams.get(slice.id)?.members.set(user, "member");
    } else if (slice.kind === "access" && slice.value !== undefined) {
      const { teams, collaborators } = slice.value;
      for (const [team, role] of teams) model.teams.get(team)?.repositories.set(slice.id, levelIn(custom, role));
      for (const [user, { role }] of collaborators) {
        model.repositories.get(slice.id)?.collaborators.set(user, levelIn(custom, role));
      }
    }
  }
  for (const [name, { repository }] of held) {
    if (repository !== undefined && mayHold(slices.get(`repository/${repository}`), name))
      model.claims.set(name, claimOf(repository));
  }
  return model;
}

/** Of two roles the one that gives less, by what custom roles are shown to be. */
export function weakerOf(slices: Slices, one: Role, other: Role): Role {
  const custom = customRoles(slices);
  return levels.indexOf(levelIn(custom, one)) <= levels.indexOf(levelIn(custom, other)) ? one : other;
}

function customRoles(slices: Slices): ReadonlyMap<string, GitHubRole> {
  const slice = slices.get("custom-roles");
  return slice?.kind === "custom-roles" ? slice.value : new Map();
}

function levelIn(custom: ReadonlyMap<string, GitHubRole>, { name, level }: Role): GitHubRole {
  return levels.find((each) => each === name) ?? custom.get(name) ?? level;
}

/** A repository holds a name while it is shown to declare it, or to have a manifest that cannot be read. */
function mayHold(slice: Slice | undefined, name: string): boolean {
  if (slice?.kind !== "repository" || slice.value === undefined || slice.value.fork) return false;
  return slice.value.problems.length > 0 || slice.value.declarations.some((declared) => declared.name === name);
}

function claimOf(holder: number): Claim {
  return { declarers: [holder], holder, retiredAt: null };
}

function teamOf(organizationId: number, id: number, slug: string, parentId: number | null): Team {
  return {
    id,
    organizationId,
    slug,
    name: slug,
    description: null,
    privacy: "closed",
    parentId,
    members: new Map(),
    repositories: new Map(),
    createdAt: 0,
    updatedAt: 0,
  };
}

function repositoryOf(organizationId: number, id: number, { name, visibility, archived }: Shown): Repository {
  return {
    id,
    organizationId,
    name,
    description: null,
    visibility,
    archived,
    disabled: false,
    parentId: null,
    defaultBranch: "main",
    branches: NONE,
    commits: NONE,
    collaborators: new Map(),
    createdAt: 0,
    updatedAt: 0,
    pushedAt: null,
  };
}

type Shown = Pick<Repository, "name" | "visibility" | "archived">;
const NONE = new Map<string, never>();
