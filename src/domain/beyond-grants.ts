import type { RepositoryRow } from "./access.ts";
import type { Subject, View } from "./decide.ts";
import { NOTHING } from "./grant-book.ts";
import type { PackageName } from "./package-name.ts";
import { covers } from "./patterns.ts";
import type { Permission } from "./roles.ts";
import { HEADER, integerAt } from "./stretches.ts";

/** Whether somebody belongs to the organization: a member, or a run in one of its repositories. */
export function belongs({ access, facts }: View, subject: Subject): boolean {
  if (subject.kind === "user") return access.memberships.numbers.has(subject.id);
  return subject.kind === "workload" && facts.repositoryList?.value.has(subject.repository) === true;
}

/**
 * Whether a workflow's run may do this of itself: upload and read what its own repository holds, and read what every
 * member can see.
 *
 * @param place where the repository's words begin
 */
export function mayRun(
  view: View,
  subject: Subject,
  permission: Permission,
  repository: RepositoryRow,
  place: number,
): boolean {
  if (subject.kind !== "workload") return false;
  if (subject.repository === repository.id) return permission === "read" || permission === "upload";
  const isVisible = integerAt(view.access.stretches.words, place + HEADER.visible) !== NOTHING;
  return permission === "read" && isVisible && belongs(view, subject);
}

/**
 * Whether a name that nobody claims may be read, as one of a mirrored public index. Reserved names may not: whoever
 * took one there would be served to people who expect the organization's own (dependency confusion).
 */
export function mayReadUnclaimed(view: View, subject: Subject, name: PackageName): boolean {
  const { read, names } = view.policy;
  if (read.unclaimed === "nobody" || names.reserved.some(({ pattern }) => covers(pattern, name))) return false;
  return read.unclaimed === "everyone" || belongs(view, subject);
}
