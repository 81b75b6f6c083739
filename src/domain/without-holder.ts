import { certain, refused, unknown } from "./answers.ts";
import { mayReadUnclaimed } from "./beyond-grants.ts";
import type { Decision, Subject, View } from "./decide.ts";
import type { Circumstances } from "./judge.ts";
import { judge } from "./judge.ts";
import { meantBy } from "./meant.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";
import { coverOf } from "./cover.ts";
import type { Standing } from "./standings.ts";

/** A question about a name that nobody has. */
interface Unheld {
  readonly subject: Subject;
  readonly permission: Permission;
  readonly name: PackageName;
  readonly standing: Standing | undefined;
  readonly circumstances: Circumstances;
}

/**
 * What becomes of a name that nobody has: at most it may be read, where the organization mirrors a public index and no
 * rule takes that away.
 */
export function withoutHolder(view: View, { subject, permission, name, standing, circumstances }: Unheld): Decision {
  const { access, facts } = view;
  // Whether anybody declares the name rests on the list of repositories, with which each of them is read.
  const oldest = Math.min(access.asOf, facts.repositoryList?.asOf ?? 0);
  if (oldest < view.freshSince) return unknown("stale", undefined, oldest);
  if (standing !== undefined) return refused("retired", oldest);
  if (permission !== "read" || !mayReadUnclaimed(view, subject, name)) return refused("unclaimed", oldest);
  const ranges = coverOf(access.rules, name);
  const asOf = ranges.length === 0 ? oldest : Math.min(oldest, access.rules.asOf);
  if (asOf < view.freshSince) return unknown("stale", undefined, asOf);
  const member = subject.kind === "user" ? access.memberships.numbers.get(subject.id) : undefined;
  const verdict = judge(access.rules, ranges, meantBy(access, subject, member, undefined), {
    permission,
    visibility: undefined,
    isWorkflow: subject.kind === "workload",
    circumstances,
  });
  const nothing = { grant: undefined, repository: undefined, asOf } as const;
  const { rule } = verdict;
  if (rule?.effect === "deny") return certain({ outcome: "deny", reason: "rule", rule, ...nothing }, verdict);
  return certain({ outcome: "allow", reason: "public", rule: undefined, ...nothing }, verdict);
}
