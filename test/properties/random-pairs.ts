import type { Bindings } from "../../src/domain/bindings.ts";
import { bindingKey } from "../../src/domain/bindings.ts";
import type { Claim } from "../../src/domain/claims.ts";
import type { View } from "../../src/domain/decide.ts";
import type { Confirmed, Facts } from "../../src/domain/facts.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import type { Drawn, Sketch } from "../domain/facts-builder.ts";
import { draw, packageName } from "../domain/facts-builder.ts";
import { viewOf } from "../domain/views.ts";
import type { Random } from "../simulator/random.ts";
import { anyPolicy, anyRule, anySketch, NAMES, perhaps, REPOSITORIES, TEAMS, USERS } from "./random-policies.ts";

/** Two views of the same facts under two policies, with whatever makes people, names and repositories unlike. */
export function anyPair(random: Random): { readonly before: View; readonly after: View } {
  const drawn = draw(unlike(random, anySketch(random)));
  const facts = lagging(random, drawn);
  const bindings = anyBindings(random, drawn);
  const claims = new Map([...NAMES, ...MORE].map((name) => [name, anyClaim(random, drawn)]));
  const others = new Map(
    [...claims].map(([name, claim]) => [name, random.below(4) === 0 ? anyClaim(random, drawn) : claim]),
  );
  const [one, rest] = [anyChoice(random), anyChoice(random)];
  // Most edits leave all but the rules as it was.
  const other = random.pick<Policy>([DEFAULT_POLICY, rest, { ...one, rules: rest.rules }, { ...one, rules: [] }]);
  const view = (held: typeof claims, policy: Policy): View => {
    const existing = [...held].flatMap(([name, claim]) => (claim === undefined ? [] : [[name, claim] as const]));
    return { ...viewOf(facts, new Map<PackageName, Claim>(existing), policy, bindings), freshSince: FRESH_SINCE };
  };
  return { before: view(claims, one), after: view(others, other) };
}

/** Repositories and names that only rules for all names cover, and so many that most are like others. */
const ALIKE = Array.from({ length: 16 }, (_, index) => `alike${index}`);
const MORE = ALIKE.map(packageName);
const HOLDERS = [...REPOSITORIES, ...ALIKE];

/** Facts that {@link lagging} makes older than this are believed no more. */
const FRESH_SINCE = 1;

/** Custom roles that weigh the same as others, roles in the whole organization, and what has not been read. */
function unlike(random: Random, sketch: ReturnType<typeof anySketch>): Sketch {
  const custom = (): string => random.pick(["deployer:write", "auditor:write", "reader:read", "write", "read"]);
  const teams = Object.entries(sketch.teams).map(([slug, team]) => [
    slug,
    random.below(12) === 0 ? { ...team, members: "unread" as const } : team,
  ]);
  const repositories = Object.entries(sketch.repositories).map(([name, repository]) => [
    name,
    {
      ...repository,
      teams: {
        ...repository.teams,
        ...perhaps(random, 0.5, () => ({ [random.pick(TEAMS)]: custom(), gone: custom() })),
      },
      collaborators: {
        ...repository.collaborators,
        ...perhaps(random, 0.4, () => ({ [random.pick(USERS)]: custom() })),
      },
      ...(random.below(15) === 0 && { access: "unread" }),
    },
  ]);
  const alike = ALIKE.map((name) => [
    name,
    {
      declares: [name],
      visibility: random.pick(["private", "internal"] as const),
      archived: random.below(8) === 0,
      teams: Object.fromEntries(TEAMS.flatMap((team) => (random.below(3) === 0 ? [[team, custom()]] : []))),
      collaborators: Object.fromEntries(USERS.flatMap((user) => (random.below(4) === 0 ? [[user, custom()]] : []))),
    },
  ]);
  return {
    ...sketch,
    ...perhaps(random, 0.1, () => ({ base: "hidden" as const })),
    teams: Object.fromEntries(teams),
    repositories: Object.fromEntries([...repositories, ...alike]),
    customRoles: { deployer: "write", auditor: "write", reader: "read" },
    organizationRoles:
      perhaps(random, 0.3, () => ({
        everything: { base: custom(), users: [random.pick(USERS)], teams: [random.pick(TEAMS)] },
      })) ?? {},
  };
}

/** Some of it read long ago, and sometimes two people of one login, of whom one has another by now. */
function lagging(random: Random, { facts }: Drawn): Facts {
  const old = <K, V>(of: ReadonlyMap<K, Confirmed<V>>): ReadonlyMap<K, Confirmed<V>> =>
    new Map([...of].map(([key, fact]) => [key, random.below(15) === 0 ? { ...fact, asOf: 0 } : fact]));
  const { members } = facts;
  const renamed = new Map(
    [...(members?.value ?? [])].map(([id, member]) => [
      id,
      random.below(12) === 0 ? { ...member, login: random.pick(USERS) } : member,
    ]),
  );
  return {
    ...facts,
    members: members && { ...members, value: renamed },
    teamMembers: old(facts.teamMembers),
    repositories: old(facts.repositories),
    access: old(facts.access),
  };
}

/** `undefined`: nobody claims the name. */
function anyClaim(random: Random, { repository }: Drawn): Claim | undefined {
  const [holder, rival] = [repository(random.pick(HOLDERS)), repository(random.pick(HOLDERS))];
  const since = 0;
  const held: Claim = { status: "held", repository: holder, path: "p", since };
  if (random.below(10) === 0) return undefined;
  return random.pick<Claim>([
    held,
    held,
    held,
    held,
    held,
    { status: "contested", repository: holder, path: "p", since, rivals: [{ repository: rival, path: "p" }] },
    { status: "pinned", repository: holder, path: undefined, since, pin: "core" },
    { status: "retired", repository: holder, since },
    { status: "unbound", repository: undefined, former: undefined, since, pin: "nowhere" },
  ]);
}

/** As if some names in rules had been others' when the rules were written. */
function anyBindings(random: Random, { user, team }: Drawn): Bindings {
  const logins = USERS.flatMap((login): [string, number][] =>
    random.below(3) === 0 ? [[bindingKey("user", login), user(random.pick(USERS))]] : [],
  );
  const slugs = TEAMS.flatMap((slug): [string, number][] =>
    random.below(3) === 0 ? [[bindingKey("team", slug), team(random.pick(TEAMS))]] : [],
  );
  return new Map([...logins, ...slugs]);
}

function anyChoice(random: Random): Policy {
  const policy = anyPolicy(random);
  const reserved = [{ pattern: random.pick(["acme-*", "tools", "alike0", "alike1"]), repositories: ["core"], line: 1 }];
  const row = { permissions: random.below(32), label: undefined, line: 1 };
  const who = [{ kind: "role", name: random.pick(["write", "deployer"]) }] as const;
  const rule = { ...anyRule(random, 50), who, packages: ["*"], indexes: undefined };
  return {
    ...policy,
    rules: [...policy.rules, ...(perhaps(random, 0.3, () => [rule]) ?? [])],
    roles: new Map([
      ...policy.roles,
      ...(perhaps(random, 0.3, () => [[random.pick(["deployer", "reader"]), row]] as const) ?? []),
    ]),
    read: { ...policy.read, unclaimed: random.pick(["nobody", "members", "everyone"]) },
    repositories: { ...policy.repositories, archived: random.pick(["read", "none"]) },
    names: {
      ...policy.names,
      claim: random.pick(["first", "pinned"]),
      reserved: perhaps(random, 0.3, () => reserved) ?? [],
    },
  };
}
