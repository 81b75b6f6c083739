import type { GitHubRole, Role } from "../domain/facts.ts";
import { GITHUB_ROLES } from "../domain/facts.ts";
import { isGitHubRole } from "../domain/roles.ts";

/** GitHub's permission flags; REST and webhooks still say `pull` and `push` for read and write. */
export interface PermissionFlags {
  readonly pull?: boolean | undefined;
  readonly triage?: boolean | undefined;
  readonly push?: boolean | undefined;
  readonly maintain?: boolean | undefined;
  readonly admin?: boolean | undefined;
}

const FLAG = {
  read: "pull",
  triage: "triage",
  write: "push",
  maintain: "maintain",
  admin: "admin",
} as const satisfies Record<GitHubRole, keyof PermissionFlags>;

/** The strongest of GitHub's roles that the flags show; `undefined` when none is set. */
export function levelOf(flags: PermissionFlags | undefined): GitHubRole | undefined {
  return GITHUB_ROLES.toReversed().find((role) => flags?.[FLAG[role]] === true);
}

/** One of GitHub's roles in any of the spellings its APIs use (`push`, `WRITE`, `Write`); `undefined` for a custom role. */
export function githubRoleNamed(name: string): GitHubRole | undefined {
  const word = name.toLowerCase();
  const flag = GITHUB_ROLES.find((role) => FLAG[role] === word);
  return flag ?? (isGitHubRole(word) ? word : undefined);
}

/**
 * The role a grant names.
 *
 * @param level what else is known of it, for a custom role; the least that any role gives when nothing is
 */
export function roleNamed(name: string, level: GitHubRole | undefined): Role {
  const known = githubRoleNamed(name);
  if (known === undefined) return { name, level: level ?? "read" };
  // A custom role may be called "Push" or "Admin": what it gives is told by the level, not by its name.
  if (level !== undefined && level !== known && level !== SHOWN_AS[known]) return { name: level, level };
  return { name: known, level: known };
}

/** GraphQL knows three levels, and shows these two roles as the one below. */
const SHOWN_AS: Partial<Record<GitHubRole, GitHubRole>> = { triage: "read", maintain: "write" };
