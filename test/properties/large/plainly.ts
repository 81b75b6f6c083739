import type { Confirmed, Facts, RepositoryId } from "../../../src/domain/facts.ts";
import type { Slice } from "../../../src/state/slice.ts";

/** Facts with a slice replaced, by copying: slow, and sharing no code with what is tested. */
export function plainly(facts: Facts, slice: Slice, pinned: ReadonlySet<RepositoryId> = new Set()): Facts {
  const { asOf, value } = slice;
  if (!("id" in slice)) return consistent({ ...facts, [SHARED[slice.kind]]: { asOf, value } });
  const entries = new Map<number, Confirmed<unknown>>(facts[KEYED[slice.kind]]);
  if (value === undefined) entries.delete(slice.id);
  else entries.set(slice.id, { asOf, value });
  const replaced: Facts = { ...facts, [KEYED[slice.kind]]: entries };
  if (slice.kind !== "repository") return replaced;
  const listed = new Set(replaced.repositoryList?.value);
  if (slice.value === undefined) listed.delete(slice.id);
  else listed.add(slice.id);
  const { repositoryList, access } = replaced;
  const isWanted = slice.value !== undefined && (pinned.has(slice.id) || declares(slice.value));
  return {
    ...replaced,
    repositoryList: repositoryList && { ...repositoryList, value: listed },
    access: new Map([...access].filter(([id]) => id !== slice.id || isWanted)),
  };
}

const SHARED = {
  organization: "organization",
  policy: "policy",
  members: "members",
  teams: "teams",
  "organization-roles": "organizationRoles",
  "custom-roles": "customRoles",
  repositories: "repositoryList",
} as const;

const KEYED = { "team-members": "teamMembers", repository: "repositories", access: "access" } as const;

function declares({ fork, declarations, problems }: Extract<Slice, { kind: "repository" }>["value"] & object): boolean {
  return !fork && declarations.length + problems.length > 0;
}

/** Without the details of what is not listed. */
function consistent(facts: Facts): Facts {
  const { teams, repositoryList } = facts;
  const listed = <T>(entries: ReadonlyMap<number, T>, list: { has: (id: number) => boolean } | undefined) =>
    new Map([...entries].filter(([id]) => list?.has(id) !== false));
  return {
    ...facts,
    teamMembers: listed(facts.teamMembers, teams?.value),
    repositories: listed(facts.repositories, repositoryList?.value),
    access: listed(facts.access, repositoryList?.value),
  };
}
