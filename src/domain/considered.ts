import type { Bits } from "./bits.ts";
import { addAll, shared, without } from "./bits.ts";
import type { Visibility } from "./facts.ts";
import type { Circumstances } from "./judge.ts";
import { questionOf } from "./questions.ts";
import type { Rule } from "./policy.ts";
import type { Permission } from "./roles.ts";
import type { RuleBook } from "./rule-book.ts";
import { bitsOf } from "./statements.ts";

/** What a question is about, whoever asks. */
export interface Matter {
  readonly permission: Permission;
  /** `undefined`: of a name that nobody claims. */
  readonly visibility: Visibility | undefined;
  readonly isWorkflow: boolean;
  readonly circumstances: Circumstances;
}

/** The rules for an index client, beside those that hold for any, and what has been worked out of them: there are few kinds of matters. */
export interface Asking {
  readonly rules: readonly Rule[];
  readonly considered: (Bits | undefined)[];
}

/** The statements that may decide a matter. */
export function consideredIn(book: RuleBook, matter: Matter): Bits {
  const { index } = matter.circumstances;
  const { rules, considered } = (index === undefined ? undefined : book.indexes.get(index)) ?? book.anyIndex;
  const kind = kindOf(matter);
  return (considered[kind] ??= find(book, rules, matter));
}

function kindOf({ permission, visibility, isWorkflow }: Matter): number {
  return (questionOf(permission) << 3) | (numberOf(visibility) << 1) | Number(isWorkflow);
}

/** As {@link questionOf}, for speed. */
function numberOf(visibility: Visibility | undefined): number {
  switch (visibility) {
    case undefined:
      return 0;
    case "private":
      return 1;
    case "internal":
      return 2;
    case "public":
      return 3;
  }
}

function find(book: RuleBook, rules: readonly Rule[], { permission, visibility, isWorkflow }: Matter): Bits {
  const asked = bitsOf(book.sets, rules).slice();
  addAll(asked, bitsOf(book.sets, book.anyIndex.rules));
  const visible = visibility === undefined ? book.anyVisibility : book.visibilities[visibility];
  const found = shared(shared(book.permissions[permission], asked), visible);
  return isWorkflow ? found : without(found, book.contextual);
}
