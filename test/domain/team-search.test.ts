import { expect, it } from "vitest";
import type { Claim } from "../../src/domain/claims.ts";
import { teamsThatCan, whatTeamCan } from "../../src/domain/team-search.ts";
import { draw, NOW, packageName } from "./facts-builder.ts";
import { heldClaims, viewOf } from "./views.ts";

const drawn = draw({
  members: ["alice", "bob"],
  teams: { writers: { members: ["alice", "bob"] }, idle: { members: ["alice"] }, empty: { members: [] } },
  repositories: {
    core: { declares: ["acme-core", "acme-tools"], teams: { writers: "write", empty: "write" } },
    docs: { declares: ["acme-docs"], teams: { writers: "read" } },
    unread: { declares: ["acme-unread"], access: "unread" },
  },
});
const unbound: Claim = { status: "unbound", repository: undefined, former: undefined, pin: "acme/nowhere", since: NOW };
const claims = new Map([...heldClaims(drawn), [packageName("acme-unbound"), unbound]]);
const view = viewOf(drawn.facts, claims);

it.each([
  ["writers", "read", ["acme-core", "acme-docs", "acme-tools"]],
  ["writers", "upload", ["acme-core", "acme-tools"]],
  ["idle", "read", []],
  ["empty", "read", []],
] as const)("what team %s can %s is what teams can, seen from the packages", (team, permission, expected) => {
  const id = drawn.team(team);
  expect([...whatTeamCan(view, id, permission)].toSorted()).toEqual(expected);
  const names = [...claims.keys()].filter((name) => teamsThatCan(view, permission, name).includes(id));
  expect(names.toSorted()).toEqual(expected);
});
