import type { CompiledAccess, RepositoryRow, Sources } from "./access.ts";
import type { RepositoryId, Role } from "./facts.ts";
import { NOTHING, strengthOf } from "./grant-book.ts";
import { makeGrant } from "./grants.ts";
import { EVERY_PERMISSION, PERMISSION_BIT } from "./roles.ts";
import { rowIn } from "./roles-in-force.ts";
import type { Given } from "./stretches.ts";
import { dropStretch, writeStretch } from "./stretches.ts";
import { numberOf } from "./team-tree.ts";

const READ: Role = { name: "read", level: "read" };

/** Recomputes what is compiled of one repository. */
export function updateRepository(
  { tree, book, repositories, stretches }: CompiledAccess,
  sources: Sources,
  id: RepositoryId,
): void {
  const { facts, policy } = sources;
  const repository = facts.repositories.get(id);
  const granted = facts.access.get(id);
  if (repository === undefined || granted === undefined) {
    repositories.delete(id);
    dropStretch(stretches, id);
    return;
  }
  const { name, visibility, archived } = repository.value;
  const listed = [...granted.value.teams].filter(([team]) => tree.indexOf.has(team));
  const teams = listed.map(([team, role]): Given => [
    numberOf(tree, team),
    strengthOf(book, makeGrant("team", rowIn(sources, role), team)),
  ]);
  const collaborators = [...granted.value.collaborators].map(([user, { role }]): Given => [
    user,
    strengthOf(book, makeGrant("collaborator", rowIn(sources, role))),
  ]);
  const row: RepositoryRow = { id, name, visibility, archived, asOf: Math.min(repository.asOf, granted.asOf) };
  // Whoever can see a repository may read its packages and no more, whatever the catalog says of the role "read".
  const seen = strengthOf(book, makeGrant("public", { ...rowIn(sources, READ), mask: PERMISSION_BIT.read }));
  const isOpen = visibility === "public" && policy.read.publicRepositories === "everyone";
  const readable = policy.repositories.archived === "read" ? PERMISSION_BIT.read : 0;
  repositories.set(id, row);
  writeStretch(stretches, row, {
    permitted: archived ? readable : EVERY_PERMISSION,
    visible: visibility === "private" ? NOTHING : seen,
    open: isOpen ? seen : NOTHING,
    unlisted: listed.length < granted.value.teams.size,
    teams,
    collaborators,
  });
}
