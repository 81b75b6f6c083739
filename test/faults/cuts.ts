import * as z from "zod";
import type { Role } from "../../src/domain/facts.ts";
import type { Slice } from "../../src/state/slice.ts";

/** What a webhook takes away, as a change of any one slice. Read from the payload anew: `src` is not asked. */
export type Cut = (slice: Slice) => Slice;

/** What a cut needs to know of the moment at which its webhook is received. */
export interface Moment {
  /** A team and every team below it, as far as is known. */
  readonly family: (team: number) => ReadonlySet<number>;
  /** Of two roles the one that gives less. */
  readonly weaker: (one: Role, other: Role) => Role;
}

const id = z.object({ id: z.number() });
const person = id.nullish();
const flags = z.record(z.string(), z.boolean()).optional();
const payload = z.object({
  membership: z.object({ user: person }).optional(),
  member: person,
  team: id.extend({ deleted: z.boolean().optional() }).optional(),
  repository: id.extend({ permissions: flags, role_name: z.string().nullish() }).optional(),
  blocked_user: person,
  repositories_removed: z.array(id).optional(),
  changes: z.object({ permission: z.object({ to: z.string().nullish() }).optional() }).optional(),
});

export function cutsOf(event: string, action: string | null, body: unknown, moment: Moment): Cut[] {
  const { membership, member, team, repository, blocked_user, repositories_removed, changes } = payload.parse(body);
  const about = repository?.id;
  const user = (membership?.user ?? member ?? blocked_user)?.id ?? 0;
  switch (`${event}.${action}`) {
    case "organization.member_removed":
      return [leaves(user)];
    case "org_block.blocked":
      return [capped(() => true, user)];
    case "membership.removed":
      return team?.deleted === true ? [withoutTeams(moment.family(team.id))] : [leavesTeam(team?.id ?? 0, user)];
    case "team.deleted":
      return [withoutTeams(moment.family(team?.id ?? 0))];
    case "team.removed_from_repository":
      return [teamsCapped(about, moment.family(team?.id ?? 0))];
    case "team.edited": {
      const level = strongest(repository?.permissions);
      if (team === undefined || level === undefined) return [];
      const role = { name: named(repository?.role_name ?? level), level };
      return [teamsCapped(about, moment.family(team.id), (held) => moment.weaker(held, role))];
    }
    case "member.removed":
      return [capped((repository) => repository === about, user)];
    case "member.edited": {
      const level = LEVELS.find((each) => each === changes?.permission?.to);
      const most = level && { name: level, level };
      return [capped((repository) => repository === about, user, most && ((held) => moment.weaker(held, most)))];
    }
    case "repository.deleted":
      return [withoutRepository(about ?? 0)];
    case "installation_repositories.removed":
      return (repositories_removed ?? []).map((removed) => withoutRepository(removed.id));
    case "repository.archived":
      return [(slice) => (isValued(slice, about) ? { ...slice, value: { ...slice.value, archived: true } } : slice)];
    case "repository.privatized":
      return [
        (slice) => (isValued(slice, about) ? { ...slice, value: { ...slice.value, visibility: "private" } } : slice),
      ];
    default:
      return [];
  }
}

const LEVELS = ["read", "triage", "write", "maintain", "admin"] as const;
const FLAGS = ["pull", "triage", "push", "maintain", "admin"] as const;

function strongest(flags: Readonly<Record<string, boolean>> | undefined): Role["level"] | undefined {
  return LEVELS.findLast((_, index) => flags?.[FLAGS[index] ?? ""] === true);
}

function named(name: string): string {
  const index = FLAGS.findIndex((flag) => flag === name);
  return LEVELS[index] ?? name;
}

type Capping = (held: Role) => Role | undefined;
type Valued = Extract<Slice, { kind: "repository" }> & { value: object };

function isValued(slice: Slice, id: number | undefined): slice is Valued {
  return slice.kind === "repository" && slice.id === id && slice.value !== undefined;
}

function leavesTeam(team: number, user: number): Cut {
  return (slice) =>
    slice.kind === "team-members" && slice.id === team && slice.value?.has(user) === true
      ? { ...slice, value: without(slice.value, user) }
      : slice;
}

/** Somebody removed from the organization is in no team, holds no role, and collaborates nowhere. */
function leaves(user: number): Cut {
  const collaborates = capped(() => true, user);
  return (slice) => {
    if (slice.kind === "members") return { ...slice, value: new Map([...slice.value].filter(([id]) => id !== user)) };
    if (slice.kind === "team-members") return leavesTeam(slice.id, user)(slice);
    if (slice.kind !== "organization-roles") return collaborates(slice);
    return { ...slice, value: slice.value.map((role) => ({ ...role, users: without(role.users, user) })) };
  };
}

function capped(concerns: (repository: number) => boolean, user: number, cap: Capping = () => undefined): Cut {
  return (slice) => {
    if (slice.kind !== "access" || slice.value === undefined || !concerns(slice.id)) return slice;
    const collaborators = new Map(slice.value.collaborators);
    const held = collaborators.get(user);
    const role = held && cap(held.role);
    if (held === undefined || role === undefined) collaborators.delete(user);
    else collaborators.set(user, { ...held, role });
    return { ...slice, value: { ...slice.value, collaborators } };
  };
}

/** GitHub shows a team with what it inherits, so what a parent loses may be in the entries of those below it. */
function teamsCapped(about: number | undefined, family: ReadonlySet<number>, cap: Capping = () => undefined): Cut {
  return (slice) => {
    if (slice.kind !== "access" || slice.value === undefined || slice.id !== (about ?? slice.id)) return slice;
    const teams = new Map<number, Role>();
    for (const [team, role] of slice.value.teams) {
      const left = family.has(team) ? cap(role) : role;
      if (left !== undefined) teams.set(team, left);
    }
    return { ...slice, value: { ...slice.value, teams } };
  };
}

/** GitHub deletes child teams with their parent. */
function withoutTeams(family: ReadonlySet<number>): Cut {
  const ungranted = teamsCapped(undefined, family);
  return (slice) =>
    slice.kind === "teams"
      ? { ...slice, value: new Map([...slice.value].filter(([id]) => !family.has(id))) }
      : ungranted(slice);
}

function withoutRepository(id: number): Cut {
  return (slice) =>
    (slice.kind === "repository" || slice.kind === "access") && slice.id === id
      ? { ...slice, value: undefined }
      : slice;
}

function without(set: ReadonlySet<number>, id: number): ReadonlySet<number> {
  return new Set([...set].filter((each) => each !== id));
}
