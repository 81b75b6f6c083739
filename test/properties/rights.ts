import type { Access, Facts, Role } from "../../src/domain/facts.ts";
import type { Grant } from "../../src/domain/grants.ts";
import { rankOf } from "../../src/domain/roles.ts";

/** One more right, for somebody or everybody, wherever there is room for it. */
export type Addition =
  | { readonly kind: "member" | "owner"; readonly user: number }
  | { readonly kind: "team-member"; readonly user: number; readonly team: number }
  | { readonly kind: "collaborator"; readonly user: number; readonly role: Role }
  | { readonly kind: "team"; readonly team: number; readonly role: Role }
  | { readonly kind: "organization-role"; readonly user: number; readonly team: number; readonly role: Role }
  | { readonly kind: "base" | "public" };

export function add(facts: Facts, addition: Addition): Facts {
  const { members, organization, organizationRoles } = facts;
  if (members === undefined || organization === undefined || organizationRoles === undefined) return facts;
  switch (addition.kind) {
    case "member":
    case "owner": {
      const known = members.value.get(addition.user) ?? { login: "new", owner: false };
      const member = { ...known, owner: known.owner || addition.kind === "owner" };
      return { ...facts, members: { ...members, value: new Map([...members.value, [addition.user, member]]) } };
    }
    case "team-member": {
      const team = facts.teamMembers.get(addition.team) ?? { asOf: 0, value: new Set<number>() };
      const value = new Set([...team.value, addition.user]);
      return { ...facts, teamMembers: new Map([...facts.teamMembers, [addition.team, { ...team, value }]]) };
    }
    case "collaborator":
      return everywhere(facts, ({ teams, collaborators }) => {
        const held = collaborators.get(addition.user)?.role;
        const collaborator = { login: "new", role: stronger(facts, held, addition.role) };
        return { teams, collaborators: new Map([...collaborators, [addition.user, collaborator]]) };
      });
    case "team":
      return everywhere(facts, ({ teams, collaborators }) => {
        const role = stronger(facts, teams.get(addition.team), addition.role);
        return { collaborators, teams: new Map([...teams, [addition.team, role]]) };
      });
    case "organization-role": {
      const { user, team, role } = addition;
      const more = { name: "one-more", base: role, users: new Set([user]), teams: new Set([team]) };
      return { ...facts, organizationRoles: { ...organizationRoles, value: [...organizationRoles.value, more] } };
    }
    case "base": {
      const base = organization.value.basePermission ?? "none";
      const basePermission = base === "none" ? "read" : "admin";
      return { ...facts, organization: { ...organization, value: { ...organization.value, basePermission } } };
    }
    case "public":
      return visible(facts, "public");
  }
}

/** Takes away exactly the right that a grant stands for. */
export function remove(facts: Facts, user: number, repository: number, { kind, team, title }: Grant): Facts {
  const { members, organization, organizationRoles } = facts;
  if (members === undefined || organization === undefined || organizationRoles === undefined) return facts;
  switch (kind) {
    case "owner": {
      const value = new Map(
        [...members.value].map(([id, each]) => [id, { ...each, owner: each.owner && id !== user }]),
      );
      return { ...facts, members: { ...members, value } };
    }
    case "organization-role": {
      const value = organizationRoles.value.map((role) => {
        if (role.name !== title) return role;
        return team === undefined
          ? { ...role, users: without(role.users, user) }
          : { ...role, teams: without(role.teams, team) };
      });
      return { ...facts, organizationRoles: { ...organizationRoles, value } };
    }
    case "team":
      return on(facts, repository, (access) => ({ ...access, teams: omit(access.teams, team) }));
    case "collaborator":
      return on(facts, repository, (access) => ({ ...access, collaborators: omit(access.collaborators, user) }));
    case "base": {
      const value = { ...organization.value, basePermission: "none" } as const;
      return { ...facts, organization: { ...organization, value } };
    }
    case "public":
      return visible(facts, "private");
  }
}

function stronger(facts: Facts, held: Role | undefined, role: Role): Role {
  const rank = (each: Role): number => rankOf(each, facts.customRoles?.value ?? new Map());
  return held !== undefined && rank(held) > rank(role) ? held : role;
}

function visible(facts: Facts, visibility: "public" | "private"): Facts {
  const repositories = [...facts.repositories].map(
    ([id, { asOf, value }]) => [id, { asOf, value: { ...value, visibility } }] as const,
  );
  return { ...facts, repositories: new Map(repositories) };
}

function everywhere(facts: Facts, change: (access: Access) => Access): Facts {
  return [...facts.access.keys()].reduce((each, id) => on(each, id, change), facts);
}

function on(facts: Facts, repository: number, change: (access: Access) => Access): Facts {
  const access = [...facts.access].map(
    ([id, { asOf, value }]) => [id, { asOf, value: id === repository ? change(value) : value }] as const,
  );
  return { ...facts, access: new Map(access) };
}

function omit<T>(map: ReadonlyMap<number, T>, gone: number | undefined): ReadonlyMap<number, T> {
  return new Map([...map].filter(([id]) => id !== gone));
}

function without(set: ReadonlySet<number>, gone: number): ReadonlySet<number> {
  return new Set([...set].filter((id) => id !== gone));
}
