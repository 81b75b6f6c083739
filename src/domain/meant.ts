import type { CompiledAccess } from "./access.ts";
import type { Bits } from "./bits.ts";
import type { Subject } from "./decide.ts";
import { grantOf } from "./grant-book.ts";
import { isIncomplete, strongestGrant } from "./held.ts";
import { keepsStatements } from "./memberships.ts";
import type { Named } from "./named.ts";
import type { Rule } from "./policy.ts";
import { WHATEVER } from "./questions.ts";
import type { RuleBook } from "./rule-book.ts";
import { statementsFor } from "./rule-book.ts";
import { bitsOf, keep } from "./statements.ts";
import { withAncestors } from "./team-tree.ts";

/** The rules' statements that surely name a subject, and those that perhaps do. Of what does not apply there is none. */
export interface Meant {
  /** By what kind of subject it is, and for a member by team; this set begins at a word of its own. */
  readonly kind: Bits;
  readonly kindAt: number;
  readonly named: Bits;
  readonly role: Bits;

  readonly doubtful: Bits | undefined;
  readonly perhapsNamed: Bits | undefined;
  readonly perhapsRole: Bits | undefined;
}

const NO_RULES: readonly Rule[] = [];

/**
 * The rules' statements that name a subject.
 *
 * @param member the member's number
 * @param place where the words of the package's repository begin; `undefined`: there is none, and so no role on it
 */
export function meantBy(
  access: CompiledAccess,
  subject: Subject,
  member: number | undefined,
  place: number | undefined,
): Meant {
  const { rules, memberships } = access;
  const { none, sets } = rules;
  const named = namedBy(rules, subject);
  const rolesCount = rules.roles.size > 0 && place !== undefined && subject.kind === "user";
  // Whoever may hold more than we see may have another role than we see.
  const inDoubt = rolesCount && member !== undefined && isIncomplete(access, place);
  const role = rolesCount && !inDoubt ? roleOf(access, subject.id, member, place) : undefined;
  const hasRow = member !== undefined && keepsStatements(memberships);
  return {
    kind: hasRow ? memberships.rows : member === undefined ? rules.everyone : ofMember(access, subject),
    kindAt: hasRow ? member * memberships.width + memberships.statementsAt : 0,
    named: named === undefined ? none : bitsOf(sets, named.surely),
    role: role === undefined ? none : bitsOf(sets, rules.roles.get(role) ?? NO_RULES),
    doubtful: member === undefined ? undefined : rules.doubtful,
    perhapsNamed: named === undefined || named.perhaps.length === 0 ? undefined : bitsOf(sets, named.perhaps),
    perhapsRole: inDoubt ? rules.anyRole : undefined,
  };
}

/** What is said of a member, whoever it is, where that is not kept with each. */
function ofMember({ members, rules, tree }: CompiledAccess, subject: Subject): Bits {
  const row = rules.teams.size > 0 && subject.kind === "user" ? members.get(subject.id) : undefined;
  if (row === undefined) return rules.members;
  return rules.sets.made.get(row) ?? keep(rules.sets, row, statementsFor(rules, withAncestors(tree, row.direct)));
}

function namedBy({ users, workflows }: RuleBook, subject: Subject): Named | undefined {
  if (subject.kind === "user") return users.size === 0 ? undefined : users.get(subject.id);
  return subject.kind === "workload" ? workflows.get(subject.repository) : undefined;
}

/** The name of the effective role on a repository: of the strongest grant, whatever it permits. */
function roleOf(access: CompiledAccess, user: number, member: number | undefined, place: number): string | undefined {
  return grantOf(access.book, strongestGrant(access, user, member, place, WHATEVER))?.role.name;
}
