import type { Access, Facts, Member, Repository, Role, Team } from "../../../src/domain/facts.ts";
import { GITHUB_ROLES } from "../../../src/domain/facts.ts";
import type { Slice } from "../../../src/state/slice.ts";
import { repositoryOf } from "../../domain/facts-builder.ts";
import { slicesOf } from "../../state/slices.ts";
import type { Random } from "../../simulator/random.ts";
import { anyLargePolicy } from "./organization.ts";

/** Something that is read: what a small edit of these facts leaves of the slices that it is about. */
type Edit = (facts: Facts, random: Random, asOf: number) => readonly Slice[];

/** Some of those whom rules mean, called what others are called already. */
const OUTSIDE = new Map(["otto", "Otto", "eve", "nobody-here"].map((login, index) => [2_000_000 + index, { login }]));

const FAULT = { path: "pyproject.toml", message: "Not TOML." };

/** Edits after which rows are brought up to date. */
export const COMMON: Readonly<Record<string, Edit>> = {
  "who is in a team": ({ teamMembers, members }, random, asOf) => {
    const [id, { value }] = pick(random, teamMembers);
    const [gone = 0] = value;
    const [user] = pick(random, members?.value ?? new Map());
    const changed = random.below(2) === 0 ? toggled(value, gone) : value;
    return [{ kind: "team-members", id, asOf, value: toggled(changed, user) }];
  },
  "what a team may": ({ access, teams }, random, asOf) => {
    const [id, { value }] = pick(random, access);
    const [team] = pick(
      random,
      random.below(2) === 0 && value.teams.size > 0 ? value.teams : (teams?.value ?? new Map()),
    );
    const role = random.below(3) === 0 ? undefined : anyRole(random);
    return [{ kind: "access", id, asOf, value: { ...value, teams: changed(value.teams, team, role) } }];
  },
  "what a collaborator may": ({ access, members }, random, asOf) => {
    const [id, { value }] = pick(random, access);
    const { collaborators } = value;
    const [user, { login }] = random.pick([
      pick<{ login: string }>(random, members?.value ?? new Map()),
      pick<{ login: string }>(random, collaborators.size > 0 ? collaborators : OUTSIDE),
      pick<{ login: string }>(random, OUTSIDE),
    ]);
    const collaborator = random.below(3) === 0 ? undefined : { login, role: anyRole(random) };
    return [
      { kind: "access", id, asOf, value: { ...value, collaborators: changed(collaborators, user, collaborator) } },
    ];
  },
  "a repository": ({ repositories }, random, asOf) => {
    const [id, { value }] = pick(random, repositories);
    const [, { value: other }] = pick(random, repositories);
    const changes = random.pick<Partial<Repository>>([
      { name: `renamed-${asOf}` },
      { name: random.pick([other.name, "core", "nowhere"]) },
      { archived: !value.archived },
      { visibility: value.visibility === "private" ? "public" : "private" },
      { fork: !value.fork },
    ]);
    return [{ kind: "repository", id, asOf, value: { ...value, ...changes } }];
  },
  "what a repository declares": ({ repositories }, random, asOf) => {
    const broken = new Map([...repositories].filter(([, { value }]) => value.problems.length > 0));
    const [id, { value }] = pick(random, random.below(3) === 0 && broken.size > 0 ? broken : repositories);
    const { declarations, problems } = value;
    const [, { value: other }] = pick(random, repositories);
    const changes = random.pick<Partial<Repository>>([
      { declarations: declarations.slice(1) },
      { declarations: [...declarations, ...other.declarations] },
      { problems: problems.length > 0 ? [] : [FAULT] },
      // A broken manifest withdraws nothing until it has been mended.
      { problems: problems.length > 0 ? [] : [FAULT], declarations: [] },
    ]);
    return [{ kind: "repository", id, asOf, value: { ...value, ...changes } }];
  },
  "a repository comes": ({ repositories }, random, asOf) => {
    const id = Math.max(...repositories.keys()) + 1;
    const name = random.pick(["nowhere", `new-${id}`]);
    return [{ kind: "repository", id, asOf, value: repositoryOf(name, { declares: [`acme-new-${id}`] }) }];
  },
  "a repository goes": ({ repositories, repositoryList }, random, asOf) => {
    const [id] = pick(random, repositories);
    if (random.below(2) === 0) return [{ kind: "repository", id, asOf, value: undefined }];
    return [{ kind: "repositories", asOf, value: toggled(repositoryList?.value ?? new Set(), id) }];
  },
  "a member": ({ members }, random, asOf) => {
    const known = members?.value ?? new Map<number, Member>();
    const [id, member] = pick(random, known);
    const [user, after] = random.pick<readonly [number, Member | undefined]>([
      [id, undefined],
      [id, { ...member, owner: !member.owner }],
      [id, { ...member, login: `renamed-${id}` }],
      [Math.max(...known.keys()) + 1000, { login: `joined-${asOf}`, owner: false }],
    ]);
    return [{ kind: "members", asOf, value: changed(known, user, after) }];
  },
  "what is missing": (facts, random, asOf) => [
    ...[...(facts.teams?.value.keys() ?? [])].flatMap((id): Slice[] =>
      facts.teamMembers.has(id) ? [] : [{ kind: "team-members", id, asOf, value: new Set([random.below(600)]) }],
    ),
    ...[...facts.repositories.keys()].flatMap((id): Slice[] =>
      facts.access.has(id) ? [] : [{ kind: "access", id, asOf, value: anyAccess(facts, random) }],
    ),
  ],
  "what is as it was": (facts, random, asOf) => {
    const slices = slicesOf(facts);
    return Array.from({ length: 1 + random.below(30) }, () => ({ ...random.pick(slices), asOf }));
  },
};

/** Edits after which everything is compiled anew. */
export const RARE: Readonly<Record<string, Edit>> = {
  "the teams": ({ teams }, random, asOf) => {
    const known = teams?.value ?? new Map<number, Team>();
    const [id, team] = pick(random, known);
    const [parent] = pick(random, known);
    const [next, after] = random.pick<readonly [number, Team | undefined]>([
      [id, { ...team, parent }],
      [id, { ...team, parent: undefined }],
      [id, { ...team, slug: `renamed-${asOf}` }],
      [id, undefined],
      [Math.max(...known.keys()) + 100_000, { nodeId: "T", slug: `new-${asOf}`, parent }],
    ]);
    return [{ kind: "teams", asOf, value: changed(known, next, after) }];
  },
  "the organization's roles": ({ organizationRoles, members, teams }, random, asOf) => {
    const [user] = pick(random, members?.value ?? new Map());
    const [team] = pick(random, teams?.value ?? new Map());
    const value = (organizationRoles?.value ?? []).map((role) => ({
      ...role,
      users: toggled(role.users, user),
      teams: random.below(2) === 0 ? toggled(role.teams, team) : role.teams,
    }));
    return [{ kind: "organization-roles", asOf, value }];
  },
  "a custom role": (_, random, asOf) => [
    { kind: "custom-roles", asOf, value: new Map([["deployer", random.pick(GITHUB_ROLES)]]) },
  ],
  "the base permission": (_, random, asOf) => {
    const told = random.pick(["none", "none", "read", "write", "hidden"] as const);
    const basePermission = told === "hidden" ? undefined : told;
    return [{ kind: "organization", asOf, value: { id: 1, login: "acme", basePermission } }];
  },
  "the policy": (_, random, asOf) => [
    { kind: "policy", asOf, value: { text: String(asOf), policy: anyLargePolicy(random), faults: [] } },
  ],
};

export function anyRole(random: Random): Role {
  const level = random.pick(GITHUB_ROLES);
  return { name: random.pick([level, level, level, "deployer", "auditor"]), level };
}

function anyAccess({ teams }: Facts, random: Random): Access {
  const granted = Array.from(
    { length: 3 },
    () => [pick(random, teams?.value ?? new Map())[0], anyRole(random)] as const,
  );
  return { teams: new Map(granted), collaborators: new Map() };
}

/** The first ones more often: so that much happens to the same ones, among them those that rules name. */
export function pick<T>(random: Random, map: ReadonlyMap<number, T>): readonly [number, T] {
  return random.pick([...map].slice(0, random.pick([20, Infinity])));
}

function toggled(set: ReadonlySet<number>, item: number): ReadonlySet<number> {
  return set.has(item) ? new Set([...set].filter((each) => each !== item)) : new Set([...set, item]);
}

function changed<T>(map: ReadonlyMap<number, T>, key: number, value: T | undefined): ReadonlyMap<number, T> {
  return value === undefined ? new Map([...map].filter(([each]) => each !== key)) : new Map(map).set(key, value);
}
