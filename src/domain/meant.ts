import type { CompiledAccess } from "./access.ts";
import type { Subject } from "./decide.ts";
import { grantOf } from "./grant-book.ts";
import { isIncomplete, strongestGrant } from "./held.ts";
import type { Meant } from "./judge.ts";

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
  const { rules } = access;
  if (subject.kind === "everyone") return { surely: [rules.everyone], perhaps: [] };
  if (subject.kind === "workload") {
    const named = rules.workflows.get(subject.repository);
    return { surely: [rules.everyone, named?.surely], perhaps: [named?.perhaps] };
  }
  const named = rules.users.get(subject.id);
  const role = rules.roles.size === 0 || place === undefined ? undefined : roleOf(access, subject.id, member, place);
  const byRole = role === undefined ? undefined : rules.roles.get(role);
  if (member === undefined) return { surely: [rules.everyone, named?.surely, byRole], perhaps: [named?.perhaps] };
  // Whoever may hold more than we see may have another role than we see.
  const inDoubt = rules.roles.size > 0 && place !== undefined && isIncomplete(access, place);
  return {
    surely: [rules.members, rules.byTeam.get(subject.id), named?.surely, inDoubt ? undefined : byRole],
    perhaps: [rules.doubtful, named?.perhaps, inDoubt ? rules.anyRole : undefined],
  };
}

/** The name of the effective role on a repository: of the strongest grant, whatever it permits. */
function roleOf(access: CompiledAccess, user: number, member: number | undefined, place: number): string | undefined {
  return grantOf(access.book, strongestGrant(access, user, member, place, undefined))?.role.name;
}
