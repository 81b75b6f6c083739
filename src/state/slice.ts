import type {
  Access,
  Facts,
  GitHubRole,
  Member,
  Organization,
  OrganizationRole,
  PolicyReading,
  Repository,
  RepositoryId,
  Team,
  TeamId,
  UserId,
} from "../domain/facts.ts";

/**
 * A slice is the unit in which facts are read from GitHub and replaced: always whole, never patched.
 * `undefined` as a value says that the thing is gone.
 */
export type Slice = { /** When the read began, epoch milliseconds. */ readonly asOf: number } & (
  | { readonly kind: "organization"; readonly value: Organization }
  | { readonly kind: "policy"; readonly value: PolicyReading }
  | { readonly kind: "members"; readonly value: ReadonlyMap<UserId, Member> }
  | { readonly kind: "teams"; readonly value: ReadonlyMap<TeamId, Team> }
  | { readonly kind: "organization-roles"; readonly value: readonly OrganizationRole[] }
  | { readonly kind: "custom-roles"; readonly value: ReadonlyMap<string, GitHubRole> }
  | { readonly kind: "repositories"; readonly value: ReadonlySet<RepositoryId> }
  | { readonly kind: "team-members"; readonly id: TeamId; readonly value: ReadonlySet<UserId> | undefined }
  | { readonly kind: "repository"; readonly id: RepositoryId; readonly value: Repository | undefined }
  | { readonly kind: "access"; readonly id: RepositoryId; readonly value: Access | undefined }
);

export const SHARED_KINDS = [
  "organization",
  "policy",
  "members",
  "teams",
  "organization-roles",
  "custom-roles",
  "repositories",
] as const;
export type SharedKind = (typeof SHARED_KINDS)[number];

/** Kinds of which there is one slice per team or repository. */
export const KEYED_KINDS = ["team-members", "repository", "access"] as const;
export type KeyedKind = (typeof KEYED_KINDS)[number];

export type SliceKind = SharedKind | KeyedKind;

/** Names one slice within one organization, such as `members` or `team-members/42`. */
export type SliceKey = SharedKind | `${KeyedKind}/${number}`;

export function sliceKey(slice: Slice): SliceKey {
  return "id" in slice ? `${slice.kind}/${slice.id}` : slice.kind;
}

export function sliceKind(key: SliceKey): SliceKind {
  const slash = key.indexOf("/");
  const kind = KINDS.get(slash < 0 ? key : key.slice(0, slash));
  if (kind === undefined) throw new Error(`No such slice: ${key}`);
  return kind;
}

const KINDS: ReadonlyMap<string, SliceKind> = new Map(
  [...SHARED_KINDS, ...KEYED_KINDS].map((kind) => [kind, kind] as const),
);

/** Whether a text names a slice. */
export function isSliceKey(text: string): text is SliceKey {
  return SHARED_KINDS.some((kind) => kind === text) || KEYED_KEY.test(text);
}

const KEYED_KEY = new RegExp(`^(?:${KEYED_KINDS.join("|")})/[0-9]+$`);

/** The team or repository a keyed slice belongs to. */
export function sliceId(key: SliceKey): number | undefined {
  const [, id] = key.split("/");
  return id === undefined ? undefined : Number(id);
}

/** When each slice was last confirmed, oldest relevant first for metrics: kind → epoch milliseconds. */
export function oldestByKind(facts: Facts): ReadonlyMap<SliceKind, number> {
  const oldest = new Map<SliceKind, number>();
  const note = (kind: SliceKind, confirmed: Iterable<{ readonly asOf: number } | undefined>): void => {
    for (const fact of confirmed) {
      if (fact !== undefined) oldest.set(kind, Math.min(oldest.get(kind) ?? Infinity, fact.asOf));
    }
  };
  note("organization", [facts.organization]);
  note("policy", [facts.policy]);
  note("members", [facts.members]);
  note("teams", [facts.teams]);
  note("organization-roles", [facts.organizationRoles]);
  note("custom-roles", [facts.customRoles]);
  note("repositories", [facts.repositoryList]);
  note("team-members", facts.teamMembers.values());
  note("repository", facts.repositories.values());
  note("access", facts.access.values());
  return oldest;
}
