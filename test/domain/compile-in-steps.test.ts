import { describe, expect, it } from "vitest";
import { compileAccess } from "../../src/domain/access.ts";
import { compileInSteps } from "../../src/domain/compile-in-steps.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { finish } from "../helpers/finish.ts";
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
    const { memberships, ...compiled } = finish(compileInSteps(sources));
    const { memberships: atOnce, ...expected } = compileAccess(sources);
    // Room that nobody takes up does not count.
    expect([...memberships.numbers]).toEqual([...atOnce.numbers]);
    expect([...memberships.everywhere].slice(0, atOnce.everywhere.length)).toEqual([...atOnce.everywhere]);
    expect([...(memberships.teams.bits ?? [])].slice(0, atOnce.teams.bits?.length)).toEqual([
      ...(atOnce.teams.bits ?? []),
    ]);
    expect(compiled).toEqual(expected);
  });
});
