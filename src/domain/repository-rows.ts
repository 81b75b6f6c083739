import type { CompiledAccess, RepositoryRow } from "./access.ts";
import type { Facts, RepositoryId, Role } from "./facts.ts";
import { strengthOf } from "./grant-book.ts";
import { makeGrant } from "./grants.ts";
import type { CatalogRow } from "./roles.ts";
import { catalogRow, githubRole } from "./roles.ts";
import type { Given } from "./stretches.ts";
import { dropStretch, writeStretch } from "./stretches.ts";
import { numberOf } from "./team-tree.ts";

const VISIBLE = makeGrant("public", githubRole("read"));

/** Recomputes what is compiled of one repository. */
export function updateRepository(
  { tree, book, repositories, stretches }: CompiledAccess,
  facts: Facts,
  id: RepositoryId,
): void {
  const repository = facts.repositories.get(id);
  const granted = facts.access.get(id);
  if (repository === undefined || granted === undefined) {
    repositories.delete(id);
    dropStretch(stretches, id);
    return;
  }
  const { name, visibility, archived } = repository.value;
  const teams = [...granted.value.teams].map(([team, role]): Given => [
    numberOf(tree, team),
    strengthOf(book, makeGrant("team", rowOf(facts, role), team)),
  ]);
  const collaborators = [...granted.value.collaborators].map(([user, { role }]): Given => [
    user,
    strengthOf(book, makeGrant("collaborator", rowOf(facts, role))),
  ]);
  const row: RepositoryRow = { id, name, visibility, archived, asOf: Math.min(repository.asOf, granted.asOf) };
  const visible = strengthOf(book, visibility === "private" ? undefined : VISIBLE);
  repositories.set(id, row);
  writeStretch(stretches, row, visible, teams, collaborators);
}

function rowOf(facts: Facts, role: Role): CatalogRow {
  return catalogRow(role, facts.customRoles?.value ?? new Map());
}
