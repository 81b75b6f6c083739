import * as fc from "fast-check";
import type {
  Access,
  Confirmed,
  Facts,
  Member,
  OrganizationRole,
  PolicyReading,
  Repository,
  Role,
  Team,
} from "../../src/domain/facts.ts";
import { GITHUB_ROLES } from "../../src/domain/facts.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { readPolicyText } from "../../src/service/policy.ts";
import type { PolicyInForce } from "../../src/state/names.ts";
import { packageName } from "../domain/facts-builder.ts";

/**
 * Random facts of one small organization. Users, teams and repositories deliberately share their numbers, so that
 * mixing them up shows; and nothing has to fit together, because facts that are read at different times do not.
 */

export const USERS = [1, 2, 3, 4] as const;
export const TEAMS = [1, 2, 3, 4] as const;
export const REPOSITORIES = [1, 2, 3] as const;
export const NAMES = ["a", "b", "c"].map(packageName);
const CUSTOM = ["deployer", "auditor"] as const;

export const anyUser = fc.constantFrom(...USERS);
export const anyTeam = fc.constantFrom(...TEAMS);
export const anyRepository = fc.constantFrom(...REPOSITORIES);
export const anyGitHubRole = fc.constantFrom(...GITHUB_ROLES);
const users = fc.uniqueArray(anyUser).map((ids) => new Set<number>(ids.toSorted((a, b) => a - b)));
const teams = fc.uniqueArray(anyTeam).map((ids) => new Set<number>(ids.toSorted((a, b) => a - b)));

export const anyRole: fc.Arbitrary<Role> = fc.oneof(
  { weight: 4, arbitrary: anyGitHubRole.map((name) => ({ name, level: name })) },
  { weight: 1, arbitrary: fc.record({ name: fc.constantFrom(...CUSTOM), level: anyGitHubRole }) },
);

const NONE = ["none", "none", "none", "none"] as const;

export const anyOrganization = fc.record({
  id: fc.constant(1),
  login: fc.constant("acme"),
  basePermission: fc.constantFrom(...GITHUB_ROLES, ...NONE, undefined),
});

export const anyMembers: fc.Arbitrary<ReadonlyMap<number, Member>> = mapOf(
  anyUser,
  fc.record({ login: fc.constantFrom("alice", "bob"), owner: fc.nat(4).map((n) => n === 0) }),
  { minLength: 2 },
);

export const anyTeams: fc.Arbitrary<ReadonlyMap<number, Team>> = mapOf(
  anyTeam,
  // Any parent at all: unlisted ones and cycles too.
  fc.option(anyTeam, { nil: undefined }).map((parent) => ({ nodeId: "T", slug: "t", parent })),
);

export const anyOrganizationRoles: fc.Arbitrary<readonly OrganizationRole[]> = fc
  .array(fc.record({ base: fc.option(anyRole, { nil: undefined }), users, teams }), { maxLength: 2 })
  .map((roles) => roles.map((role, index) => ({ name: `role-${index}`, ...role })));

export const anyCustomRoles = mapOf(fc.constantFrom<string[]>(...CUSTOM), anyGitHubRole);

export const anyRepositoryFact: fc.Arbitrary<Repository> = fc.record({
  nodeId: fc.constant("R"),
  name: fc.constantFrom("core", "web"),
  visibility: fc.constantFrom("public", "internal", "private", "private"),
  archived: fc.nat(4).map((n) => n === 0),
  fork: fc.nat(9).map((n) => n === 0),
  createdAt: fc.nat(3),
  declarations: fc
    .uniqueArray(fc.constantFrom(...NAMES), { maxLength: 2 })
    .map((names) => names.map((name) => ({ name, path: "pyproject.toml" }))),
  problems: fc.nat(9).map((n) => (n === 0 ? [{ path: "setup.cfg", message: "Broken." }] : [])),
});

export const anyAccess: fc.Arbitrary<Access> = fc.record({
  collaborators: mapOf(
    anyUser,
    anyRole.map((role) => ({ login: "alice", role })),
    { maxLength: 2 },
  ),
  teams: mapOf(anyTeam, anyRole, { maxLength: 2 }),
});

export const anyTeamMembers: fc.Arbitrary<ReadonlySet<number>> = users;

/** No file, one that pins and reserves, one that changes that a little, one with a fault. */
export const POLICIES: readonly PolicyReading[] = [
  undefined,
  'version = 1\n[packages.a]\nrepository = "core"\n[packages.c]\nrepository = "nowhere"\n',
  'version = 1\n[names]\nreserved = { "b-*" = ["core"] }\nretire_days = 30\n[repositories]\nexclude = ["web"]\n',
  'version = 1\n[names]\nclaim = "first"\nretire_days = "soon"\n',
].map((text) => readPolicyText(text, "packgate.toml"));
export const anyPolicy = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(...POLICIES.slice(0, 1)) },
  { weight: 1, arbitrary: fc.constantFrom(...POLICIES.slice(1)) },
);
export const IN_FORCE: PolicyInForce = { text: undefined, policy: DEFAULT_POLICY };

export const anyFacts: fc.Arbitrary<Facts> = fc.record({
  organization: confirmed(anyOrganization),
  policy: confirmed(anyPolicy),
  members: confirmed(anyMembers),
  teams: confirmed(anyTeams),
  organizationRoles: confirmed(anyOrganizationRoles),
  customRoles: confirmed(anyCustomRoles),
  repositoryList: confirmed(fc.constant(new Set<number>(REPOSITORIES))),
  teamMembers: mapOf(anyTeam, confirmed(anyTeamMembers), { minLength: 3 }),
  repositories: mapOf(anyRepository, confirmed(anyRepositoryFact), { minLength: 2 }),
  access: mapOf(anyRepository, confirmed(anyAccess), { minLength: 2 }),
});

export function confirmed<T>(value: fc.Arbitrary<T>): fc.Arbitrary<Confirmed<T>> {
  return fc.record({ asOf: fc.nat(9), value });
}

function mapOf<K, V>(
  key: fc.Arbitrary<K>,
  value: fc.Arbitrary<V>,
  size: { readonly minLength?: number; readonly maxLength?: number } = {},
): fc.Arbitrary<ReadonlyMap<K, V>> {
  return fc.uniqueArray(fc.tuple(key, value), { selector: ([id]) => id, ...size }).map((entries) => new Map(entries));
}
