import { describe, expect, it } from "vitest";
import { differenceOf } from "../../src/domain/difference.ts";
import type { Policy } from "../../src/domain/policy.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import type { Sketch } from "./facts-builder.ts";
import { draw } from "./facts-builder.ts";
import { heldClaims, viewOf } from "./views.ts";

const SILENT: Policy = {
  ...DEFAULT_POLICY,
  roles: new Map([["read", { permissions: 0, label: undefined, line: 2 }]]),
};

function difference(sketch: Sketch, policy: Policy) {
  const drawn = draw(sketch);
  const claims = heldClaims(drawn);
  const [before, after] = [viewOf(drawn.facts, claims), viewOf(drawn.facts, claims, policy)];
  return differenceOf(before, after, Infinity);
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
});
