import type { Facts } from "../../../src/domain/facts.ts";
import type { Policy } from "../../../src/domain/policy.ts";
import type { Sketch } from "../../domain/facts-builder.ts";
import { draw, NOW, packageName } from "../../domain/facts-builder.ts";
import type { Random } from "../../simulator/random.ts";
import { anyPolicy, anySketch, NAMES, perhaps, REPOSITORIES } from "../random-policies.ts";

/**
 * The small organization that random policies are for, in the midst of one so large that its facts are patched and not
 * copied (`SMALL` in `patched-map.ts`), as they are of every organization that anybody notices.
 */

const USERS = numbered("user", 600);
const OUTSIDE = ["otto", "Otto", "eve", ...numbered("outsider", 20)];
const TEAMS = numbered("team", 400);
const OTHERS = numbered("repository", 600);

export function largeFacts(random: Random): Facts {
  const { facts } = draw(largeSketch(random));
  return { ...facts, policy: { asOf: NOW, value: { text: "", policy: anyLargePolicy(random), faults: [] } } };
}

function largeSketch(random: Random): Sketch {
  const small = anySketch(random);
  const role = () => random.pick(["read", "triage", "write", "maintain", "admin", "deployer:write", "auditor:read"]);
  const roles = (of: readonly string[]) => Object.fromEntries(some(random, of, 3).map((name) => [name, role()]));
  const teams = TEAMS.map((slug, index) => [
    slug,
    {
      members: some(random, USERS, 8),
      ...perhaps(random, 0.5, () => ({ parent: random.pick(["release", ...TEAMS.slice(0, index)]) })),
    },
  ]);
  const repositories = OTHERS.map((name, index) => [
    name,
    {
      declares: namesOf(index),
      visibility: random.pick(["private", "private", "internal", "public"]),
      archived: random.below(12) === 0,
      createdAt: index,
      teams: roles([...TEAMS, "release", "backend"]),
      collaborators: roles(random.pick([USERS, OUTSIDE])),
    },
  ]);
  return {
    ...small,
    members: [...small.members, ...USERS],
    teams: { ...small.teams, ...Object.fromEntries(teams) },
    repositories: { ...small.repositories, ...Object.fromEntries(repositories) },
    customRoles: { deployer: "write", auditor: "read" },
    organizationRoles: {
      everything: { base: "read", users: some(random, USERS, 3), teams: some(random, TEAMS, 2) },
      nothing: { users: some(random, USERS, 3) },
    },
  };
}

/** Most declare something, and some more than that: rules cover it, and some of it only those for every name. */
function namesOf(index: number): string[] {
  const names = [`acme-package-${index}`, `package-${index}`, `acme-core-package-${index}`];
  return names.slice(0, [1, 2, 1, 0, 1, 3][index % 6]);
}

/** What else an organization may decide of repositories and names. */
export function anyLargePolicy(random: Random): Policy {
  const policy = anyPolicy(random);
  const holder = () => random.pick(["nowhere", random.pick([...REPOSITORIES, ...OTHERS.slice(0, 40)])]);
  const names = [...NAMES, ...OTHERS.slice(0, 40).flatMap((_, index) => namesOf(index).map(packageName))];
  return {
    ...policy,
    packages: new Map(some(random, names, 5).map((name) => [name, { repository: holder(), line: 1 }])),
    names: {
      ...policy.names,
      reserved: perhaps(random, 0.4, () => [{ pattern: "acme-core-*", repositories: ["core", "*1"], line: 1 }]) ?? [],
    },
    repositories: {
      ...policy.repositories,
      archived: random.pick(["read", "none"]),
      exclude: perhaps(random, 0.3, () => ["*7"]) ?? [],
    },
    read: { ...policy.read, unclaimed: random.pick(["nobody", "members", "everyone"]) },
  };
}

function numbered(what: string, count: number): string[] {
  return Array.from({ length: count }, (_, index) => `${what}-${index}`);
}

function some<T>(random: Random, items: readonly T[], most: number): T[] {
  return Array.from({ length: random.below(most + 1) }, () => random.pick(items));
}
