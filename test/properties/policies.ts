import * as fc from "fast-check";
import { GITHUB_ROLES } from "../../src/domain/facts.ts";
import type { Policy, Principal, RoleChange, Rule } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";

/** Random policies for the small organization of `arbitraries.ts`: its logins, slugs, names and roles, and some of nobody. */

const anyMask = fc.nat(31);

const anyRoles: fc.Arbitrary<Policy["roles"]> = fc
  .uniqueArray(
    fc.tuple(fc.constantFrom(...GITHUB_ROLES, "deployer", "auditor"), fc.option(anyMask, { nil: undefined })),
    {
      selector: ([name]) => name,
      maxLength: 4,
    },
  )
  .map(
    (rows) =>
      new Map(
        rows.map(([name, permissions]): [string, RoleChange] => [name, { permissions, label: undefined, line: 1 }]),
      ),
  );

const anyPrincipal: fc.Arbitrary<Principal> = fc.oneof(
  fc.constantFrom<Principal>({ kind: "everyone" }, { kind: "members" }),
  fc.constantFrom("alice", "Bob", "new", "zoe").map((name) => ({ kind: "user" as const, name })),
  fc.constantFrom("t", "u").map((name) => ({ kind: "team" as const, name })),
  fc.constantFrom(...GITHUB_ROLES, "deployer").map((name) => ({ kind: "role" as const, name })),
  fc.constantFrom("core", "web").map((name) => ({ kind: "workflow" as const, name })),
);

/** Mostly not there: what few rules have would otherwise keep them all from holding. */
function rarely<T>(value: fc.Arbitrary<T>): fc.Arbitrary<T | undefined> {
  return fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });
}

const anyRule: fc.Arbitrary<Omit<Rule, "line">> = fc.record({
  who: fc.array(anyPrincipal, { minLength: 1, maxLength: 2 }),
  packages: fc.array(fc.constantFrom("a", "a-*", "b", "b-*", "c-*", "*"), { minLength: 1, maxLength: 2 }),
  indexes: rarely(fc.constantFrom(["one"], ["two", "one"])),
  permissions: anyMask,
  effect: fc.constantFrom("allow", "deny"),
  when: fc.record({
    visibility: rarely(fc.constantFrom(["public" as const], ["private" as const, "internal" as const])),
    environment: rarely(fc.constant(["release"])),
    ref: rarely(fc.constant(["refs/tags/*"])),
  }),
});

/** @param maxRules none: only roles, archived repositories and what everybody may read */
export const anyPolicy = (maxRules: number): fc.Arbitrary<Policy> =>
  fc
    .record({
      roles: anyRoles,
      archived: fc.constantFrom("read", "none"),
      read: fc.record({
        publicRepositories: fc.constantFrom("members", "everyone"),
        unclaimed: fc.constantFrom("nobody", "members", "everyone"),
      }),
      rules: fc.array(anyRule, { maxLength: maxRules }),
    })
    .map(({ roles, archived, read, rules }) => ({
      ...DEFAULT_POLICY,
      roles,
      read,
      repositories: { ...DEFAULT_POLICY.repositories, archived },
      rules: rules.map((rule, index) => ({ ...rule, line: index + 1 })),
    }));
