import { describe, expect, it } from "vitest";
import type { Facts } from "../../src/domain/facts.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { createWithheld, LAG_MS } from "../../src/github/withheld.ts";
import { slicesOf } from "../../src/snapshot/slices.ts";
import { reduce } from "../../src/state/reduce.ts";
import type { Revocation } from "../../src/state/revoke.ts";
import { revoke } from "../../src/state/revoke.ts";
import { draw, NOW, role } from "../domain/facts-builder.ts";

const { facts, user, team, repository } = draw({
  members: ["alice", "bob"],
  teams: { platform: { members: ["bob"] }, backend: { parent: "platform", members: ["alice", "bob"] } },
  organizationRoles: { sre: { base: "read", users: ["alice", "bob"] } },
  repositories: {
    core: {
      declares: ["acme-core"],
      visibility: "public",
      teams: { platform: "write", backend: "admin" },
      collaborators: { alice: "write", bob: "write" },
    },
    web: { declares: ["acme-web"], teams: { backend: "admin" }, collaborators: { alice: "read" } },
  },
});
const [alice, platform, backend] = [user("alice"), team("platform"), team("backend")];
const [core, write] = [repository("core"), role("write")];

const REVOCATIONS: readonly Revocation[] = [
  { kind: "member", user: alice },
  { kind: "blocked", user: alice },
  { kind: "team-member", team: backend, user: alice },
  { kind: "team", team: platform },
  { kind: "team-grant", team: platform, repository: core },
  { kind: "team-grant", team: platform, repository: core, atMost: write },
  { kind: "collaborator", user: alice, repository: core },
  { kind: "collaborator", user: alice, repository: core, atMost: role("read") },
  { kind: "archived", repository: core },
  { kind: "private", repository: core },
];

/** What is believed of a GitHub that still shows all as it was, read so many milliseconds after the revocation. */
function believed(revocation: Revocation, after: number): Facts {
  const withheld = createWithheld();
  withheld.add(revocation, NOW - after, facts);
  const left = reduce(facts, revoke(facts, revocation));
  return reduce(
    NO_FACTS,
    slicesOf(facts).map((slice) => withheld.from(slice, left)),
  );
}

describe("a reading that still shows what was taken away", () => {
  it("gives back neither a repository nor who had access to it, whichever of the two is read", () => {
    for (const after of [0, LAG_MS - 1]) {
      const { repositories, access } = believed({ kind: "repository", repository: core }, after);
      expect([repositories.has(core), access.has(core)]).toEqual([false, false]);
      expect(access.size).toBe(facts.access.size - 1);
    }
    const late = believed({ kind: "repository", repository: core }, LAG_MS);
    expect([late.repositories.has(core), late.access.has(core)]).toEqual([true, true]);
  });

  it.each(REVOCATIONS)("gives nothing of it back within the lag: $kind, $atMost.level", (revocation) => {
    const left = reduce(facts, revoke(facts, revocation));
    expect(left).not.toEqual(facts);
    for (const after of [0, LAG_MS - 1]) {
      // Of a team that is gone nobody looks at the members.
      expect({ ...believed(revocation, after), teamMembers: left.teamMembers }).toEqual(left);
    }
  });

  it.each(REVOCATIONS)("is GitHub saying so again when it began later: $kind, $atMost.level", (revocation) => {
    expect(believed(revocation, LAG_MS)).toEqual(facts);
  });

  it("shows no repository that was deleted", () => {
    const withheld = createWithheld();
    withheld.add({ kind: "repository", repository: core }, NOW, facts);
    const slice = slicesOf(facts).find((each) => each.kind === "repository" && each.id === core);
    expect(slice && withheld.from(slice, facts)).toMatchObject({ kind: "repository", id: core, value: undefined });
  });
});

describe("what is withheld", () => {
  it("is nobody else's: such readings are the very same", () => {
    const withheld = createWithheld();
    withheld.add({ kind: "team-member", team: backend, user: alice }, NOW, facts);
    const others = slicesOf(facts).filter((slice) => slice.kind !== "team-members" || slice.id !== backend);
    for (const slice of others) expect(withheld.from(slice, facts)).toBe(slice);
    const own = slicesOf(facts).find((slice) => slice.kind === "team-members" && slice.id === backend);
    expect(own && withheld.from(own, facts).value).toEqual(new Set([user("bob")]));
  });

  it("counts from the last of several tellings, in whatever order they come", () => {
    const withheld = createWithheld();
    const revocation = { kind: "team-member", team: backend, user: alice } as const;
    withheld.add(revocation, NOW, facts);
    withheld.add(revocation, NOW - LAG_MS, facts);
    const own = slicesOf(facts).find((slice) => slice.kind === "team-members" && slice.id === backend);
    expect(own && withheld.from(own, facts)).not.toBe(own);
  });

  it("is what children inherited, too, wherever they have gone since", () => {
    const withheld = createWithheld();
    withheld.add({ kind: "team-grant", team: platform, repository: core }, NOW, facts);
    const access = slicesOf(facts).find((slice) => slice.kind === "access" && slice.id === core);
    expect(access && withheld.from(access, { ...facts, teams: undefined }).value).toMatchObject({ teams: new Map() });
  });

  it("is forgotten once no reading can show it any more", () => {
    const withheld = createWithheld();
    withheld.add({ kind: "team-member", team: backend, user: alice }, NOW, facts);
    const own = slicesOf(facts).find((slice) => slice.kind === "team-members" && slice.id === backend);
    withheld.forget(NOW + LAG_MS - 1);
    expect(own && withheld.from(own, facts)).not.toBe(own);
    withheld.forget(NOW + LAG_MS);
    expect(own && withheld.from(own, facts)).toBe(own);
  });
});
