import { describe, expect, it } from "vitest";
import type { GitHubRole } from "../../src/domain/facts.ts";
import { GITHUB_ROLES } from "../../src/domain/facts.ts";
import type { GrantKind } from "../../src/domain/grants.ts";
import { GRANT_KINDS, makeGrant } from "../../src/domain/grants.ts";
import { githubRole } from "../../src/domain/roles.ts";

describe("a grant", () => {
  it("keeps where it comes from", () => {
    expect(makeGrant("organization-role", githubRole("write"), 7, "all_repo_write")).toEqual({
      kind: "organization-role",
      role: githubRole("write"),
      team: 7,
      title: "all_repo_write",
      weight: expect.any(Number),
    });
  });

  it("weighs more with a stronger role, and among equals in the order of kinds", () => {
    const order = GITHUB_ROLES.toReversed().flatMap((name) =>
      GRANT_KINDS.map((kind): [GrantKind, GitHubRole] => [kind, name]),
    );
    const weights = order.map(([kind, name]) => makeGrant(kind, githubRole(name)).weight);
    expect(weights).toEqual([...new Set(weights)].toSorted((a, b) => b - a));
  });

  it("explains by the strongest claim first", () => {
    expect(GRANT_KINDS).toEqual(["owner", "organization-role", "team", "collaborator", "base", "public"]);
  });
});
