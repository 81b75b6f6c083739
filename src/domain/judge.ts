import type { Bits } from "./bits.ts";
import { word } from "./bits.ts";
import type { Visibility } from "./facts.ts";
import { matchesAny } from "./globs.ts";
import type { Conditions, Rule } from "./policy.ts";
import type { Permission } from "./roles.ts";
import type { Range, RuleBook } from "./rule-book.ts";

/** Where a question comes from. */
export interface Circumstances {
  /** The name of the index client that asks. */
  readonly index?: string | undefined;
  /** The file in `.github/workflows/` of its own repository that a workflow's run began with. */
  readonly workflow?: string | undefined;
  /** What set a workflow's run off, such as `push`. */
  readonly event?: string | undefined;
  /** The deployment environment of a workflow's run. */
  readonly environment?: string | undefined;
  /** The full ref that a workflow runs on. */
  readonly ref?: string | undefined;
}

/** Whom a rule may mean: the statements that surely name the subject, and those that perhaps do. */
export interface Meant {
  readonly surely: readonly (Bits | undefined)[];
  readonly perhaps: readonly (Bits | undefined)[];
}

export interface Verdict {
  /** The rule that counts, if none in doubt does. */
  readonly rule: Rule | undefined;
  /** The effects of the rules before it of which nobody can say whether they mean the subject. */
  readonly mayAllow: boolean;
  readonly mayDeny: boolean;
}

export interface Matter {
  readonly permission: Permission;
  /** `undefined`: of a name that nobody claims. */
  readonly visibility: Visibility | undefined;
  readonly isWorkflow: boolean;
  readonly circumstances: Circumstances;
}

/** Finds the first statement that holds, in the order in which they count. @param ranges what covers the package */
export function judge(book: RuleBook, ranges: readonly Range[], meant: Meant, matter: Matter): Verdict {
  const { statements, contextual } = book;
  const { circumstances, isWorkflow } = matter;
  const allowed = book.permissions[matter.permission];
  const index = circumstances.index === undefined ? undefined : book.indexes.get(circumstances.index);
  const client = index ?? book.anyIndex;
  const visible = matter.visibility === undefined ? book.anyVisibility : book.visibilities[matter.visibility];
  let mayAllow = false;
  let mayDeny = false;
  for (const { from, to } of ranges) {
    for (let at = from >>> 5; at << 5 < to; at += 1) {
      const within = word(allowed, at) & word(client, at) & word(visible, at) & between(from, to, at);
      const candidates = isWorkflow ? within : within & ~word(contextual, at);
      if (candidates === 0) continue;
      const sure = candidates & union(meant.surely, at);
      for (let left = candidates & (sure | union(meant.perhaps, at)); left !== 0; left &= left - 1) {
        const place = 31 - Math.clz32(left & -left);
        const rule = statements[(at << 5) + place]?.rule;
        if (rule === undefined || !holds(rule.when, circumstances)) continue;
        if (((sure >>> place) & 1) === 1) return { rule, mayAllow, mayDeny };
        if (rule.effect === "deny") mayDeny = true;
        else mayAllow = true;
      }
    }
  }
  return { rule: undefined, mayAllow, mayDeny };
}

function union(sets: readonly (Bits | undefined)[], at: number): number {
  let bits = 0;
  for (const set of sets) if (set !== undefined) bits |= word(set, at);
  return bits;
}

/** The bits of one word whose numbers are in a range. */
function between(from: number, to: number, at: number): number {
  const first = at << 5;
  const low = from > first ? -1 << (from - first) : -1;
  const high = to - first < 32 ? ~(-1 << (to - first)) : -1;
  return low & high;
}

/** The conditions that only a workflow's run can meet; visibility is part of what was compiled. */
function holds({ environment, ref }: Conditions, presented: Circumstances): boolean {
  return matchesAny(environment, presented.environment?.toLowerCase()) && matchesAny(ref, presented.ref);
}
