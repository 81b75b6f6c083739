import type { CompiledAccess, Sources } from "./access.ts";
import type { Bindings } from "./bindings.ts";
import type { Bits } from "./bits.ts";
import { addAll, bitsBy, bitsFor, bitsWhere } from "./bits.ts";
import { timeAt } from "./completeness.ts";
import type { Asking } from "./considered.ts";
import type { Cover } from "./cover.ts";
import { coverBy } from "./cover.ts";
import type { Facts, RepositoryId, UserId, Visibility } from "./facts.ts";
import { madeOnce } from "./made-once.ts";
import type { Named } from "./named.ts";
import { meantRepositories, meantTeams, meantUsers } from "./meant-names.ts";
import { bySpecificity } from "./patterns.ts";
import type { Principal, Rule } from "./policy.ts";
import type { Permission } from "./roles.ts";
import { PERMISSION_BIT } from "./roles.ts";
import type { TeamTree } from "./team-tree.ts";

/** One rule for one of its patterns. */
export interface Statement {
  readonly rule: Rule;
  readonly pattern: string;
}

/**
 * The rules as statements, numbered in the order in which they count: the most specific pattern first, of equal ones
 * deny before allow. Whatever a question may turn on is a set of statements, so a decision intersects a few words.
 */
export interface RuleBook extends Cover {
  readonly statements: readonly Statement[];
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
  readonly roles: ReadonlyMap<string, Bits>;
  readonly anyRole: Bits;
  /** By a team's number. */
  readonly teams: ReadonlyMap<number, Bits>;
  /** What may be allowed to one team or another, of which it is not settled yet which is meant. */
  readonly open: Bits;
  /** By lower-case login, and by lower-case name. */
  readonly logins: ReadonlyMap<string, Bits>;
  readonly repositories: ReadonlyMap<string, Bits>;
  readonly denials: Bits;
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
  const naming = (kind: Principal["kind"]) => (statement: Statement) =>
    statement.rule.who.some((principal) => principal.kind === kind);
  const named = (kind: Principal["kind"], keyOf: (name: string) => string): ReadonlyMap<string, Bits> =>
    byRule(statements, ({ who }) =>
      who.flatMap((principal) => ("name" in principal && principal.kind === kind ? [keyOf(principal.name)] : [])),
    );
  const lower = (name: string): string => name.toLowerCase();
  const denials = bitsWhere(statements, ({ rule }) => rule.effect === "deny");
  const about = (permission: Permission): Bits =>
    bitsWhere(statements, ({ rule }) => (rule.permissions & PERMISSION_BIT[permission]) !== 0);
  const seenAs = (visibility: Visibility): Bits =>
    bitsWhere(statements, ({ rule }) => rule.when.visibility?.includes(visibility) !== false);
  const anyIndex = bitsWhere(statements, ({ rule }) => rule.indexes === undefined);
  const indexes = byRule(statements, ({ indexes }) => indexes ?? []);
  for (const bits of indexes.values()) addAll(bits, anyIndex);
  const asking = (bits: Bits): Asking => ({ statements: bits, considered: [] });
  const everyone = bitsWhere(statements, naming("everyone"));
  const members = bitsWhere(statements, naming("members"));
  addAll(members, everyone);
  return {
    statements,
    ...coverBy(statements),
    permissions: {
      read: about("read"),
      upload: about("upload"),
      yank: about("yank"),
      delete: about("delete"),
      manage: about("manage"),
    },
    indexes: new Map([...indexes].map(([index, bits]) => [index, asking(bits)])),
    anyIndex: asking(anyIndex),
    visibilities: { public: seenAs("public"), internal: seenAs("internal"), private: seenAs("private") },
    anyVisibility: bitsWhere(statements, ({ rule }) => rule.when.visibility === undefined),
    contextual: bitsWhere(statements, ({ rule: { when } }) => when.environment !== undefined || when.ref !== undefined),
    everyone,
    members,
    roles: named("role", (name) => name),
    anyRole: bitsWhere(statements, naming("role")),
    ...meantTeams({ slugs: named("team", lower), bindings, denials }, facts, tree),
    logins: named("user", lower),
    repositories: named("workflow", lower),
    denials,
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
  for (const [team, bits] of book.teams) {
    if (unread.has(team)) addAll(doubtful, bits);
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
 * The statements that name every member, or one of a member's teams; none where no statement names any team.
 *
 * @param within the numbers of the member's teams and all their ancestors
 */
export function statementsFor({ teams, members }: RuleBook, within: Iterable<number>): Bits {
  if (teams.size === 0) return NONE;
  const bits = members.slice();
  for (const team of within) {
    const named = teams.get(team);
    if (named !== undefined) addAll(bits, named);
  }
  return bits;
}

const NONE = bitsFor(0);

/** For each key of a rule its statements, which mostly are many. */
function byRule(statements: readonly Statement[], keysOf: (rule: Rule) => Iterable<string>): Map<string, Bits> {
  const found = new Map<string, Bits>();
  for (const [rule, bits] of bitsBy(statements, (statement) => [statement.rule])) {
    for (const key of keysOf(rule))
      addAll(
        madeOnce(found, key, () => bitsFor(statements.length)),
        bits,
      );
  }
  return found;
}

function statementsOf(rules: readonly Rule[]): Statement[] {
  const statements = rules.flatMap((rule) => [...new Set(rule.packages)].map((pattern) => ({ rule, pattern })));
  const denies = ({ rule }: Statement): number => Number(rule.effect === "deny");
  // Sorting is stable, so of equals the one that stands first in the file comes first.
  return statements.toSorted((a, b) => bySpecificity(a.pattern, b.pattern) || denies(b) - denies(a));
}
