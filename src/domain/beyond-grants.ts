import type { RepositoryRow } from "./access.ts";
import type { Subject, View } from "./decide.ts";
import { NOTHING } from "./grant-book.ts";
import { isKept } from "./kept-names.ts";
import type { PackageName } from "./package-name.ts";
import type { Permission } from "./roles.ts";
import { HEADER, wordAt } from "./stretches.ts";

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
  const isVisible = wordAt(view.access.stretches.words, place + HEADER.visible) !== NOTHING;
  return permission === "read" && isVisible && belongs(view, subject);
}

/**
 * Whether a name that nobody claims may be read, as one of a mirrored public index. What the organization keeps for
 * itself may not: whoever took the name there would be served to people who expect the organization's own (dependency
 * confusion).
 */
export function mayReadUnclaimed(view: View, subject: Subject, name: PackageName): boolean {
  const { unclaimed } = view.policy.read;
  if (unclaimed === "nobody" || isKept(view, name)) return false;
  return unclaimed === "everyone" || belongs(view, subject);
}
