import type { View } from "../domain/decide.ts";
import { grantsOn } from "../domain/held.ts";
import type { GitHubRole, RepositoryId, UserId } from "../domain/facts.ts";
import { githubRole } from "../domain/roles.ts";

/** One (user, repository) pair, in the names that GitHub wants to be asked by. */
export interface Pair {
  readonly user: UserId;
  readonly username: string;
  readonly repository: RepositoryId;
  readonly owner: string;
  readonly repo: string;
}

/** A random person whom we know, and a random repository that holds packages. @param random from 0 to 1 */
export function pickPair(view: View, random: () => number): Pair | undefined {
  const pick = <T>(items: readonly T[]): T | undefined => items[Math.floor(random() * items.length)];
  const repository = pick([...view.access.repositories.values()]);
  if (repository === undefined) return undefined;
  const { id, name } = repository;
  const collaborators = view.facts.access.get(id)?.value.collaborators ?? new Map();
  const people = new Map([...(view.facts.members?.value ?? []), ...collaborators]);
  const person = pick([...people]);
  if (person === undefined) return undefined;
  return { user: person[0], username: person[1].login, repository: id, owner: view.organization.login, repo: name };
}

/** What a comparison with GitHub's own answer came to; a metric label. */
export type AuditResult = "match" | "mismatch" | "moved" | "failed";

/** Whether we believe what GitHub says. Roles are compared by their strength on GitHub, because custom roles have other names. */
export function agrees(view: View, { user, repository }: Pair, said: GitHubRole | undefined): boolean {
  const row = view.access.repositories.get(repository);
  if (row === undefined) return said === undefined;
  const [strongest] = grantsOn(view, user, row);
  return (strongest?.role.rank ?? 0) === (said === undefined ? 0 : githubRole(said).rank);
}
