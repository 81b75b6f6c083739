import { describe, expect, it } from "vitest";
import type { CompiledAccess } from "../../src/domain/access.ts";
import { compileAccess } from "../../src/domain/access.ts";
import { compileInSteps } from "../../src/domain/compile-in-steps.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { finish } from "../../src/domain/steps.ts";
import { draw } from "./facts-builder.ts";
import { rules } from "./policies.ts";
import { heldClaims, sourcesOf } from "./views.ts";

const ACME = draw({
  owners: ["olga"],
  members: ["alice", "bob"],
  teams: { platform: { members: ["alice"] }, backend: { members: ["bob"], parent: "platform" } },
  organizationRoles: { readers: { base: "read", teams: ["backend"] } },
  customRoles: { deployer: "write" },
  base: "read",
  repositories: {
    web: { declares: ["acme-web"], teams: { platform: "deployer:write" }, collaborators: { eve: "write" } },
    bare: { declares: ["acme-bare"], access: "unread" },
  },
});

describe("access compiled in steps", () => {
  it.each([
    ["of an organization", sourcesOf(ACME.facts, heldClaims(ACME))],
    [
      "under rules",
      sourcesOf(ACME.facts, heldClaims(ACME), rules("deny team:platform c acme-*", "allow user:eve r *")),
    ],
    ["of what has never been read", sourcesOf(NO_FACTS)],
  ])("is the same as at once, %s", (_, sources) => {
    const { rows, ...compiled } = withoutRows(finish(compileInSteps(sources)));
    const { rows: atOnce, ...expected } = withoutRows(compileAccess(sources));
    expect(rows).toEqual(atOnce);
    expect(compiled).toEqual(expected);
  });
});

/** Room that nobody takes up does not count. */
function withoutRows({ memberships: { rows, ...memberships }, ...access }: CompiledAccess) {
  return { ...access, memberships, rows: [...rows].slice(0, memberships.count * memberships.width) };
}
