import { describe, expect, it } from "vitest";
import type { Claim } from "../../src/domain/claims.ts";
import type { Change } from "../../src/domain/difference.ts";
import { differenceOf } from "../../src/domain/difference.ts";
import type { PackageName } from "../../src/domain/package-name.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import { finish } from "../../src/domain/steps.ts";
import type { Sketch } from "./facts-builder.ts";
import { draw, NOW, packageName } from "./facts-builder.ts";
import { rules } from "./policies.ts";
import { heldClaims, viewOf } from "./views.ts";

const SILENT: Policy = {
  ...DEFAULT_POLICY,
  roles: new Map([["read", { permissions: 0, label: undefined, line: 2 }]]),
};

function difference(sketch: Sketch, policy: Policy) {
  const drawn = draw(sketch);
  const claims = heldClaims(drawn);
  const [before, after] = [viewOf(drawn.facts, claims), viewOf(drawn.facts, claims, policy)];
  return finish(differenceOf(before, after, Infinity));
}

describe("the difference of two policies", () => {
  it("tells the members of more teams apart than a number has bits", () => {
    const names = Array.from({ length: 40 }, (_, n) => `person-${n}`);
    const teams = names.map((name, n) => [`team-${n}`, { members: [name] }] as const);
    const { lost, changes } = difference(
      {
        members: names,
        teams: Object.fromEntries(teams),
        repositories: {
          web: { declares: ["acme-web"], teams: Object.fromEntries(teams.map(([team]) => [team, "read"])) },
        },
      },
      SILENT,
    );
    expect(lost).toBe(40);
    expect(new Set(changes.map(({ user }) => user?.login))).toEqual(new Set(names));
  });

  it("says how often one of the two answers is unknown", () => {
    const { unknown, gained, lost } = difference(
      {
        members: ["alice"],
        teams: { platform: { members: "unread" } },
        repositories: {
          web: { declares: ["acme-web"], teams: { platform: "read" }, collaborators: { alice: "read" } },
        },
      },
      SILENT,
    );
    expect({ unknown, gained, lost }).toEqual({ unknown: 1, gained: 0, lost: 0 });
  });

  it("is none where only names that nobody has are concerned", () => {
    const policy: Policy = {
      ...DEFAULT_POLICY,
      rules: [
        {
          who: [{ kind: "everyone" }],
          packages: ["other-*"],
          indexes: undefined,
          permissions: 1,
          effect: "deny",
          when: { visibility: undefined, environment: undefined, ref: undefined },
          line: 3,
        },
      ],
    };
    const sketch: Sketch = {
      members: ["alice"],
      repositories: { web: { declares: ["acme-web"], collaborators: { alice: "write" } } },
    };
    expect(difference(sketch, policy)).toEqual({ gained: 0, lost: 0, unknown: 0, changes: [] });
  });

  const LISTED = (changes: readonly Change[]) =>
    changes.map(({ user, name, permission, effect }) => `${user?.login} ${effect} ${permission} ${name}`);

  it("tells names that nobody has any more apart by what the policy keeps", () => {
    const { facts } = draw({ members: ["alice"] });
    const claim: Claim = { status: "retired", repository: 1, since: NOW };
    const claims = new Map<PackageName, Claim>(["acme-a", "open-b"].map((name) => [packageName(name), claim]));
    const after: Policy = {
      ...DEFAULT_POLICY,
      read: { ...DEFAULT_POLICY.read, unclaimed: "members" },
      names: { ...DEFAULT_POLICY.names, reserved: [{ pattern: "acme-*", repositories: ["core"], line: 1 }] },
    };
    const { changes } = finish(differenceOf(viewOf(facts, claims), viewOf(facts, new Map(), after), Infinity));
    expect(LISTED(changes)).toEqual(["alice gains read open-b"]);
  });

  it("goes by the first of two roles that weigh the same, where a rule names one", () => {
    const given = { members: ["alice", "bob"], customRoles: { deployer: "write" } } as const;
    const { changes } = difference(
      {
        ...given,
        teams: { one: { members: ["alice"] }, two: { members: ["alice", "bob"] } },
        repositories: { web: { declares: ["acme-web"], teams: { one: "deployer:write", two: "write" } } },
      },
      rules("deny role:write c *"),
    );
    expect(LISTED(changes)).toEqual(["bob loses upload acme-web"]);
  });

  it("tells a name that goes to somebody else apart from one that stays", () => {
    const drawn = draw({
      members: ["alice"],
      repositories: { core: { declares: ["acme-a", "acme-b"], collaborators: { alice: "maintain" } }, other: {} },
    });
    const claims = heldClaims(drawn);
    const moved = new Map(claims).set(packageName("acme-b"), {
      status: "held",
      repository: drawn.repository("other"),
      path: "p",
      since: NOW,
    });
    const after = viewOf(drawn.facts, moved, rules("deny everyone c *"));
    const { changes } = finish(differenceOf(viewOf(drawn.facts, claims), after, Infinity));
    expect(LISTED(changes)).toEqual([
      "alice loses upload acme-a",
      "alice loses read acme-b",
      "alice loses upload acme-b",
      "alice loses yank acme-b",
    ]);
  });

  it("knows nothing of a name that a rule covers while who it names is too old", () => {
    const { facts } = draw({
      members: ["alice"],
      teams: { platform: { members: ["alice"] } },
      repositories: { web: { declares: ["acme-web"], collaborators: { alice: "maintain" } } },
    });
    const stale = new Map([...facts.teamMembers].map(([team, fact]) => [team, { ...fact, asOf: 0 }]));
    const view = (policy: Policy) => ({
      ...viewOf({ ...facts, teamMembers: stale }, heldClaims({ facts }), policy),
      freshSince: 1,
    });
    const both = [view(DEFAULT_POLICY), view(rules("deny team:platform c *"))] as const;
    for (const [before, after] of [both, both.toReversed()]) {
      if (before === undefined || after === undefined) throw new Error("two views");
      expect(finish(differenceOf(before, after, Infinity))).toMatchObject({ gained: 0, lost: 0, unknown: 5 });
    }
  });
});
