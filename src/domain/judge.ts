import type { Bits } from "./bits.ts";
import { word, wordsFor } from "./bits.ts";
import type { Matter } from "./considered.ts";
import { consideredIn } from "./considered.ts";
import { matchesAny } from "./globs.ts";
import type { Meant } from "./meant.ts";
import type { Conditions, Rule } from "./policy.ts";
import type { RuleBook } from "./rule-book.ts";
import type { Range } from "./cover.ts";

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

export interface Verdict {
  /** The rule that counts, if none in doubt does. */
  readonly rule: Rule | undefined;
  /** The effects of the rules before it of which nobody can say whether they mean the subject. */
  readonly mayAllow: boolean;
  readonly mayDeny: boolean;
}

/** Finds the first statement that holds, in the order in which they count. @param ranges what covers the package */
export function judge(book: RuleBook, ranges: readonly Range[], meant: Meant, matter: Matter): Verdict {
  const { statements } = book;
  const { circumstances } = matter;
  const considered = consideredIn(book, matter);
  let mayAllow = false;
  let mayDeny = false;
  for (const { from, to } of ranges) {
    const end = wordsFor(to);
    for (let at = nextOf(considered, meant, from >>> 5, end); at < end; at = nextOf(considered, meant, at + 1, end)) {
      const candidates = word(considered, at) & between(from, to, at);
      const sure = candidates & surely(meant, at);
      for (let left = sure | (candidates & perhaps(meant, at)); left !== 0; left &= left - 1) {
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

/**
 * The next word of which a statement may count. Nothing else is in this loop, so V8 keeps all that it reads at hand: with
 * calls of `surely` and `perhaps` instead, a judgement of 1000 rules was measured to take a tenth longer.
 */
function nextOf(
  considered: Bits,
  { kind, kindAt, named, role, doubtful, perhapsNamed, perhapsRole }: Meant,
  from: number,
  end: number,
): number {
  for (let at = from; at < end; at += 1) {
    const sure = word(kind, kindAt + at) | word(named, at) | word(role, at);
    const perhaps = wordIn(doubtful, at) | wordIn(perhapsNamed, at) | wordIn(perhapsRole, at);
    if ((word(considered, at) & (sure | perhaps)) !== 0) return at;
  }
  return end;
}

function surely({ kind, kindAt, named, role }: Meant, at: number): number {
  return word(kind, kindAt + at) | word(named, at) | word(role, at);
}

function perhaps({ doubtful, perhapsNamed, perhapsRole }: Meant, at: number): number {
  return wordIn(doubtful, at) | wordIn(perhapsNamed, at) | wordIn(perhapsRole, at);
}

function wordIn(bits: Bits | undefined, at: number): number {
  return bits === undefined ? 0 : word(bits, at);
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
