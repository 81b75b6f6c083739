import type { Bindings } from "./bindings.ts";
import type { Claim } from "./claims.ts";
import type { Completeness } from "./completeness.ts";
import { completenessOf } from "./completeness.ts";
import type { Facts, RepositoryId, TeamId, UserId, Visibility } from "./facts.ts";
import type { GrantBook, Strength } from "./grant-book.ts";
import { emptyBook, strengthOf } from "./grant-book.ts";
import type { Grant } from "./grants.ts";
import { makeGrant } from "./grants.ts";
import { directTeams, directTeamsOf, updateMember } from "./member-rows.ts";
import type { Memberships } from "./memberships.ts";
import { bitsFit, keepsStatements, noMemberships } from "./memberships.ts";
import type { PackageName } from "./package-name.ts";
import type { Policy } from "./policy.ts";
import type { PublisherBook } from "./publishers.ts";
import { compilePublishers } from "./publishers.ts";
import { updateRepository } from "./repository-rows.ts";
import { rowIn } from "./roles-in-force.ts";
import type { RuleBook } from "./rule-book.ts";
import { compileRules, withFacts } from "./rule-book.ts";
import { dropCover, writeCover } from "./cover.ts";
import type { Standing } from "./standings.ts";
import { NOBODY, standingOf } from "./standings.ts";
import type { Stretches } from "./stretches.ts";
import { isWasteful, noStretches, numberOfRepository } from "./stretches.ts";
import type { TeamTree } from "./team-tree.ts";
import { growTree } from "./team-tree.ts";

/** All that compiled access is made of. */
export interface Sources {
  readonly facts: Facts;
  readonly claims: ReadonlyMap<PackageName, Claim>;
  readonly policy: Policy;
  readonly bindings: Bindings;
}

/**
 * Facts and claims arranged for deciding: one row of teams per member, one stretch of grants per repository, and for
 * each claimed name the number of its repository.
 * Nothing is multiplied out, so a change touches only its own rows, and the grants that match
 * are themselves the explanation.
 */
export interface CompiledAccess extends Completeness {
  readonly tree: TeamTree;
  readonly book: GrantBook;
  readonly members: Map<UserId, MemberRow>;
  readonly repositories: Map<RepositoryId, RepositoryRow>;
  /** What every member holds everywhere. */
  readonly base: Strength;
  /** The members and the repositories once more, laid out so that a decision fetches little memory. */
  readonly memberships: Memberships;
  readonly stretches: Stretches;
  /** Every claimed name. */
  readonly names: Map<PackageName, Standing>;
  readonly rules: RuleBook;
  readonly publishers: PublisherBook;
  /** Whether anybody may do anything without credentials. */
  readonly servesEveryone: boolean;
}

export interface MemberRow {
  readonly login: string;
  /** The listed teams the member is in without inheritance, in the order of the list: how a grant was come by. */
  readonly direct: readonly TeamId[];
  /** Grants that reach every repository: owner, organization roles. */
  readonly everywhere: readonly Strength[];
}

/** A repository whose grants are known. */
export interface RepositoryRow {
  readonly id: RepositoryId;
  readonly name: string;
  readonly visibility: Visibility;
  readonly archived: boolean;
  /** The oldest confirmation among this repository's own facts, in epoch milliseconds. */
  readonly asOf: number;
}

/** Compiles everything. Costs milliseconds at 10,000 repositories; {@link updateAccess} does less. */
export function compileAccess(sources: Sources): CompiledAccess {
  const { facts, claims } = sources;
  const tree = growTree(facts.teams?.value ?? new Map());
  const members = facts.members?.value ?? new Map();
  const book = emptyBook();
  const rules = compileRules(sources, tree);
  const access: CompiledAccess = {
    tree,
    book,
    members: new Map(),
    repositories: new Map(),
    memberships: membershipsFor(facts, tree, rules),
    stretches: noStretches(),
    names: new Map(),
    rules,
    publishers: compilePublishers(sources.policy),
    servesEveryone: servesEveryone(sources.policy),
    base: strengthOf(book, baseGrant(sources)),
    ...completenessOf(facts, tree),
  };
  const direct = directTeams(facts);
  for (const user of members.keys()) updateMember(access, sources, user, direct.get(user) ?? []);
  for (const repository of facts.repositories.keys()) updateRepository(access, sources, repository);
  for (const name of claims.keys()) updateName(access, claims, name);
  return { ...access, rules: withFacts(access.rules, facts, access) };
}

/** Room for every member. */
export function membershipsFor(facts: Facts, { lineage }: TeamTree, rules: RuleBook): Memberships {
  return noMemberships(facts.members?.value.size ?? 0, lineage.length, statementsKept(facts, rules));
}

/** How many statements have a bit with each member: none where no rule names a team, nor where they are too many. */
function statementsKept({ members }: Facts, { teams, statements }: RuleBook): number {
  return teams.size > 0 && bitsFit(members?.value.size ?? 0, statements.length) ? statements.length : 0;
}

/** Which rows a change touches; `shared` when every row may be affected. */
export interface Touched {
  readonly shared: boolean;
  readonly users: ReadonlySet<UserId>;
  /** Teams that others are in than before: the users among them. */
  readonly teams: ReadonlySet<TeamId>;
  readonly repositories: ReadonlySet<RepositoryId>;
  /** Names whose claim may have changed. */
  readonly names: Iterable<PackageName>;
}

/**
 * Brings compiled access up to date by recomputing just the touched rows, in place.
 * Synchronous, so no decision can see half of it.
 */
export function updateAccess(
  access: CompiledAccess,
  sources: Sources,
  { shared, users, teams, repositories, names }: Touched,
): CompiledAccess {
  const { facts, claims } = sources;
  if (shared || isWasteful(access.stretches) || !keepsForm(access, facts)) return compileAccess(sources);
  for (const user of users) updateMember(access, sources, user, directTeamsOf(access, facts, user, teams));
  for (const repository of repositories) updateRepository(access, sources, repository);
  for (const name of names) updateName(access, claims, name);
  const current = { ...access, ...completenessOf(facts, access.tree) };
  return { ...current, rules: withFacts(access.rules, facts, current) };
}

/** Whether the members would still be kept as they are: their teams as bits or as sets, and which statements mean them. */
function keepsForm({ memberships, tree, rules }: CompiledAccess, facts: Facts): boolean {
  const asBits = bitsFit(facts.members?.value.size ?? 0, tree.lineage.length);
  const kept = statementsKept(facts, rules) > 0;
  return asBits === (memberships.sets === undefined) && kept === keepsStatements(memberships);
}

function baseGrant(sources: Sources): Grant | undefined {
  const base = sources.facts.organization?.value.basePermission;
  if (base === undefined || base === "none") return undefined;
  return makeGrant("base", rowIn(sources, { name: base, level: base }));
}

/** A repository keeps its number wherever its grants move, so a name is touched only by what becomes of its claim. */
function updateName({ names, stretches, rules }: CompiledAccess, claims: Sources["claims"], name: PackageName): void {
  const claim = claims.get(name);
  if (claim === undefined) {
    names.delete(name);
    dropCover(rules, name);
    return;
  }
  const number = claim.repository === undefined ? NOBODY : numberOfRepository(stretches, claim.repository);
  names.set(name, standingOf(claim, number));
  writeCover(rules, name);
}

function servesEveryone({ read, rules }: Policy): boolean {
  const named = rules.some(({ who, effect }) => effect === "allow" && who.some(({ kind }) => kind === "everyone"));
  return named || read.publicRepositories === "everyone" || read.unclaimed === "everyone";
}
