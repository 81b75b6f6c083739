import type { CompiledAccess, Sources } from "./access.ts";
import type { Bindings } from "./bindings.ts";
import type { Bits } from "./bits.ts";
import { addAll, bitsFor } from "./bits.ts";
import { timeAt } from "./completeness.ts";
import type { Asking } from "./considered.ts";
import type { Cover } from "./cover.ts";
import { coverBy } from "./cover.ts";
import type { Facts, RepositoryId, UserId, Visibility } from "./facts.ts";
import { madeOnce } from "./made-once.ts";
import type { Named, RulesByName } from "./named.ts";
import { meantRepositories, meantTeams, meantUsers } from "./meant-names.ts";
import type { Principal, Rule } from "./policy.ts";
import type { Permission } from "./roles.ts";
import { PERMISSION_BIT } from "./roles.ts";
import type { Statement, StatementSets } from "./statements.ts";
import { bitsOf, collect, setsOf, statementsOf } from "./statements.ts";
import type { TeamTree } from "./team-tree.ts";

/**
 * The rules as statements, numbered in the order in which they count: the most specific pattern first, of equal ones
 * deny before allow. Whatever a question may turn on is a set of statements, so a decision intersects a few words.
 */
export interface RuleBook extends Cover {
  readonly statements: readonly Statement[];
  readonly sets: StatementSets;
  readonly permissions: Readonly<Record<Permission, Bits>>;
  /** By index client: what holds for it. */
  readonly indexes: ReadonlyMap<string, Asking>;
  /** What holds whichever index asks. */
  readonly anyIndex: Asking;
  readonly visibilities: Readonly<Record<Visibility, Bits>>;
  /** What holds whatever the visibility is, and so where there is no repository. */
  readonly anyVisibility: Bits;
  /** Those with a condition that only a workflow can meet. */
  readonly contextual: Bits;
  readonly everyone: Bits;
  /** What holds for every member: `everyone` too. */
  readonly members: Bits;
  /** By a role's name. */
  readonly roles: RulesByName;
  readonly anyRole: Bits;
  /** By a team's number. */
  readonly teams: ReadonlyMap<number, readonly Rule[]>;
  /** What may be allowed to one team or another, of which it is not settled yet which is meant. */
  readonly open: Bits;
  /** By lower-case login, and by lower-case name. */
  readonly logins: RulesByName;
  readonly repositories: RulesByName;
  readonly bindings: Bindings;

  /** No statement. */
  readonly none: Bits;

  /** Of every member it may be so: a team is named of which not everybody is known, or not which it is. */
  readonly doubtful: Bits | undefined;
  readonly users: ReadonlyMap<UserId, Named>;
  readonly workflows: ReadonlyMap<RepositoryId, Named>;
  /** The facts that the two were found in. */
  readonly foundIn: Pick<Facts, "members" | "access" | "repositories"> | undefined;
  /** The oldest confirmation of who is in the named teams, in epoch milliseconds. */
  readonly asOf: number;
}

export function compileRules({ facts, policy, bindings }: Sources, tree: TeamTree): RuleBook {
  const statements = statementsOf(policy.rules);
  const sets = setsOf(statements);
  const where = (holds: (rule: Rule) => boolean): Bits => collect(sets, policy.rules.filter(holds));
  const naming = (kind: Principal["kind"]): Bits =>
    where(({ who }) => who.some((principal) => principal.kind === kind));
  const named = (kind: Principal["kind"], keyOf: (name: string) => string): RulesByName =>
    rulesBy(policy.rules, ({ who }) =>
      who.flatMap((principal) => ("name" in principal && principal.kind === kind ? [keyOf(principal.name)] : [])),
    );
  const lower = (name: string): string => name.toLowerCase();
  const about = (permission: Permission): Bits =>
    where(({ permissions }) => (permissions & PERMISSION_BIT[permission]) !== 0);
  const seenAs = (visibility: Visibility): Bits => where(({ when }) => when.visibility?.includes(visibility) !== false);
  const anyIndex = policy.rules.filter(({ indexes }) => indexes === undefined);
  const indexes = rulesBy(policy.rules, ({ indexes }) => indexes ?? []);
  const asking = (rules: readonly Rule[]): Asking => ({ rules, considered: [] });
  const everyone = naming("everyone");
  const members = naming("members");
  addAll(members, everyone);
  return {
    statements,
    sets,
    ...coverBy(statements),
    permissions: {
      read: about("read"),
      upload: about("upload"),
      yank: about("yank"),
      delete: about("delete"),
      manage: about("manage"),
    },
    indexes: new Map([...indexes].map(([index, rules]) => [index, asking(rules)])),
    anyIndex: asking(anyIndex),
    visibilities: { public: seenAs("public"), internal: seenAs("internal"), private: seenAs("private") },
    anyVisibility: where(({ when }) => when.visibility === undefined),
    contextual: where(({ when }) => when.environment !== undefined || when.ref !== undefined),
    everyone,
    members,
    roles: named("role", (name) => name),
    anyRole: naming("role"),
    ...meantTeams({ slugs: named("team", lower), bindings, sets }, facts, tree),
    logins: named("user", lower),
    repositories: named("workflow", lower),
    bindings,
    none: bitsFor(statements.length),
    doubtful: undefined,
    users: new Map(),
    workflows: new Map(),
    foundIn: undefined,
    asOf: Infinity,
  };
}

/** The book with what follows from facts as they are now. */
export function withFacts(
  book: RuleBook,
  facts: Facts,
  { unread, teamsAsOf }: Pick<CompiledAccess, "unread" | "teamsAsOf">,
): RuleBook {
  if (book.statements.length === 0) return book;
  const doubtful = bitsFor(book.statements.length);
  addAll(doubtful, book.open);
  let asOf = Infinity;
  for (const [team, rules] of book.teams) {
    if (unread.has(team)) addAll(doubtful, bitsOf(book.sets, rules));
    asOf = Math.min(asOf, timeAt(teamsAsOf, team));
  }
  const isSettled = doubtful.every((bits) => bits === 0);
  const { members, access, repositories } = facts;
  // Most of what changes is who is in which team, and nobody is called anything else by that.
  const sameUsers = book.foundIn?.access === access && book.foundIn.members === members;
  const sameWorkflows = book.foundIn?.repositories === repositories;
  return {
    ...book,
    doubtful: isSettled ? undefined : doubtful,
    asOf,
    users: sameUsers ? book.users : meantUsers(book, facts),
    workflows: sameWorkflows ? book.workflows : meantRepositories(book, facts),
    foundIn: { members, access, repositories },
  };
}

/**
 * The statements that name every member, or one of a member's teams.
 *
 * @param within the numbers of the member's teams and all their ancestors
 */
export function statementsFor({ teams, members, sets }: RuleBook, within: Iterable<number>): Bits {
  const bits = members.slice();
  for (const team of within) {
    const named = teams.get(team);
    if (named !== undefined) addAll(bits, bitsOf(sets, named));
  }
  return bits;
}

function rulesBy(rules: readonly Rule[], keysOf: (rule: Rule) => readonly string[]): RulesByName {
  const found = new Map<string, Rule[]>();
  for (const rule of rules) for (const key of new Set(keysOf(rule))) madeOnce(found, key, () => []).push(rule);
  return found;
}
