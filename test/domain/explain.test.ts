import { describe, expect, it } from "vitest";
import { compileAccess } from "../../src/domain/access.ts";
import type { Decision, View } from "../../src/domain/decide.ts";
import { decide } from "../../src/domain/decide.ts";
import { evidenceOf } from "../../src/domain/evidence.ts";
import type { Question } from "../../src/domain/explain.ts";
import { explain } from "../../src/domain/explain.ts";
import type { Facts, Team } from "../../src/domain/facts.ts";
import { makeGrant } from "../../src/domain/grants.ts";
import { fullName } from "../../src/domain/phrases.ts";
import type { Permission } from "../../src/domain/roles.ts";
import { githubRole } from "../../src/domain/roles.ts";
import {
  ACME,
  ALICE,
  BACKEND,
  BOB,
  CAROL,
  confirmed,
  DAVE,
  granted,
  name,
  OLGA,
  PLATFORM,
  READERS,
  repository,
  role,
  viewOf,
} from "../http/acme.ts";
import { sourcesOf } from "./views.ts";

function sentence(view: View, who: string, user: number | undefined, permission: Permission, called: string): string {
  const question = { who, user, permission, name: name(called) };
  const subject = who === "nobody" ? ({ kind: "everyone" } as const) : ({ kind: "user", id: user ?? 0 } as const);
  return explain(view, question, decide(view, subject, permission, name(called)));
}

function changed(change: Partial<Facts>): View {
  return viewOf({ ...ACME, ...change });
}

function coreWith(teams: Record<number, ReturnType<typeof role>>, collaborators = {}): Partial<Facts> {
  return { access: new Map([...ACME.access, [100, confirmed(granted({ teams, collaborators }))]]) };
}

const base = (permission: "read" | "write"): Partial<Facts> => ({
  organization: confirmed({ id: 1, login: "acme", basePermission: permission }),
});

const visible = (visibility: "public" | "internal"): Partial<Facts> => ({
  repositories: new Map([...ACME.repositories, [100, confirmed(repository("core", { visibility }))]]),
});

const roleHolders = (users: number[], teams: number[]): Partial<Facts> => ({
  organizationRoles: confirmed([
    { name: "All repository write", base: role("write"), users: new Set(users), teams: new Set(teams) },
  ]),
});

/** Alice is in `count` child teams of platform. */
function manyChildren(count: number, direct: boolean): Partial<Facts> {
  const teams = new Map<number, Team>([[PLATFORM, { nodeId: "T", slug: "platform", parent: undefined }]]);
  const teamMembers = new Map([[PLATFORM, confirmed(new Set(direct ? [ALICE] : []))]]);
  for (let i = 1; i <= count; i++) {
    teams.set(200 + i, { nodeId: `T${i}`, slug: `squad-${i}`, parent: PLATFORM });
    teamMembers.set(200 + i, confirmed(new Set([ALICE])));
  }
  return { teams: confirmed(teams), teamMembers };
}

describe("a decision in a sentence", () => {
  const rows: readonly (readonly [View, string, number | undefined, Permission, string, string])[] = [
    [
      viewOf(),
      "alice",
      ALICE,
      "upload",
      "acme-core",
      "alice may upload acme-core: team platform (through backend) has write on acme/core",
    ],
    [viewOf(), "bob", BOB, "read", "acme-core", "bob may read acme-core: team readers has read on acme/core"],
    [viewOf(), "olga", OLGA, "manage", "acme-core", "olga may manage acme-core: olga is an owner of acme"],
    [
      viewOf(),
      "dave",
      DAVE,
      "read",
      "acme-old",
      "dave may read acme-old: dave is a collaborator on acme/old with write",
    ],
    [viewOf(), "alice", ALICE, "read", "acme-fight", "alice may read acme-fight: team backend has write on acme/fight"],
    [
      changed(manyChildren(2, false)),
      "alice",
      ALICE,
      "upload",
      "acme-core",
      "alice may upload acme-core: team platform (through squad-1 and squad-2) has write on acme/core",
    ],
    [
      changed(manyChildren(3, false)),
      "alice",
      ALICE,
      "upload",
      "acme-core",
      "alice may upload acme-core: team platform (through squad-1, squad-2 and squad-3) has write on acme/core",
    ],
    [
      changed(manyChildren(7, false)),
      "alice",
      ALICE,
      "upload",
      "acme-core",
      "alice may upload acme-core: team platform (through squad-1, squad-2, squad-3 and 4 more) has write on acme/core",
    ],
    [
      changed(manyChildren(7, true)),
      "alice",
      ALICE,
      "upload",
      "acme-core",
      "alice may upload acme-core: team platform has write on acme/core",
    ],
    [
      changed(base("read")),
      "carol",
      CAROL,
      "read",
      "acme-core",
      "carol may read acme-core: every member of acme has read on every repository",
    ],
    [
      changed(visible("public")),
      "carol",
      CAROL,
      "read",
      "acme-core",
      "carol may read acme-core: every member of acme can see acme/core",
    ],
    [
      changed(visible("internal")),
      "carol",
      CAROL,
      "read",
      "acme-core",
      "carol may read acme-core: every member of acme can see acme/core",
    ],
    [
      changed(roleHolders([CAROL], [])),
      "carol",
      CAROL,
      "upload",
      "acme-core",
      "carol may upload acme-core: organization role All repository write gives write on acme/core",
    ],
    [
      changed(roleHolders([], [READERS])),
      "bob",
      BOB,
      "upload",
      "acme-core",
      "bob may upload acme-core: organization role All repository write of team readers gives write on acme/core",
    ],
    [
      changed(roleHolders([], [PLATFORM])),
      "alice",
      ALICE,
      "upload",
      "acme-old",
      "alice may not upload acme-old: acme/old is archived, so it can only be read; an admin of the repository can unarchive it",
    ],
    [
      changed(coreWith({ [BACKEND]: role("maintain", "release-manager") })),
      "alice",
      ALICE,
      "yank",
      "acme-core",
      "alice may yank acme-core: team backend has release-manager on acme/core",
    ],
    [
      viewOf(),
      "bob",
      BOB,
      "upload",
      "acme-core",
      "bob may not upload acme-core: the strongest role on acme/core is read (team readers); upload needs write, maintain or admin, which an admin of the repository can give to a team or a person",
    ],
    [
      viewOf(),
      "alice",
      ALICE,
      "yank",
      "acme-core",
      "alice may not yank acme-core: the strongest role on acme/core is write (team platform (through backend)); yank needs maintain or admin, which an admin of the repository can give to a team or a person",
    ],
    [
      viewOf(),
      "alice",
      ALICE,
      "delete",
      "acme-core",
      "alice may not delete acme-core: the strongest role on acme/core is write (team platform (through backend)); delete needs admin, which an admin of the repository can give to a team or a person",
    ],
    [
      viewOf(),
      "carol",
      CAROL,
      "read",
      "acme-core",
      "carol may not read acme-core: no role on acme/core; read needs read, triage, write, maintain or admin, which an admin of the repository can give to a team or a person",
    ],
    [
      changed(base("read")),
      "carol",
      CAROL,
      "upload",
      "acme-core",
      "carol may not upload acme-core: the strongest role on acme/core is read (the organization's base permission); upload needs write, maintain or admin, which an admin of the repository can give to a team or a person",
    ],
    [
      changed(visible("internal")),
      "carol",
      CAROL,
      "upload",
      "acme-core",
      "carol may not upload acme-core: the strongest role on acme/core is read (every member can see it); upload needs write, maintain or admin, which an admin of the repository can give to a team or a person",
    ],
    [
      changed(roleHolders([CAROL], [])),
      "carol",
      CAROL,
      "delete",
      "acme-core",
      "carol may not delete acme-core: the strongest role on acme/core is write (organization role All repository write); delete needs admin, which an admin of the repository can give to a team or a person",
    ],
    [
      changed(coreWith({}, { [DAVE]: { login: "dave", role: role("triage") } })),
      "dave",
      DAVE,
      "upload",
      "acme-core",
      "dave may not upload acme-core: the strongest role on acme/core is triage (collaborator); upload needs write, maintain or admin, which an admin of the repository can give to a team or a person",
    ],
    [
      viewOf(),
      "dave",
      DAVE,
      "read",
      "acme-core",
      "dave may not read acme-core: dave is not a member of acme; an owner can send an invitation on GitHub",
    ],
    [
      viewOf(),
      "this user",
      undefined,
      "upload",
      "acme-core",
      "this user may not upload acme-core: this user is not a member of acme; an owner can send an invitation on GitHub",
    ],
    [
      viewOf(),
      "alice",
      ALICE,
      "upload",
      "acme-new",
      "alice may not upload acme-new: no repository of acme declares this name; declare it in a manifest on the default branch",
    ],
    [
      viewOf(),
      "alice",
      ALICE,
      "upload",
      "acme-fight",
      "alice may not upload acme-fight: acme/fight and acme/rival declare it; until all but one remove it, it can only be read",
    ],
    [
      viewOf(),
      "alice",
      ALICE,
      "read",
      "acme-gone",
      "alice may not read acme-gone: acme/old no longer declares it; until 2027-02-19 only acme/old may take it back",
    ],
    [
      viewOf(),
      "olga",
      OLGA,
      "upload",
      "acme-old",
      "olga may not upload acme-old: acme/old is archived, so it can only be read; an admin of the repository can unarchive it",
    ],
    [
      viewOf(),
      "nobody",
      undefined,
      "read",
      "acme-core",
      "no credentials were given: sign in with a GitHub login and a token to read acme-core",
    ],
    [
      viewOf(ACME, { ready: false }),
      "alice",
      ALICE,
      "upload",
      "acme-core",
      "it is not known yet whether alice may upload acme-core: not everything has been read from GitHub; try again shortly",
    ],
  ];

  const cases = rows.map(([view, who, user, permission, called, expected]) => ({
    view,
    who,
    user,
    permission,
    called,
    expected,
  }));

  it.each(cases)("$expected", ({ view, who, user, permission, called, expected }) => {
    expect(sentence(view, who, user, permission, called)).toBe(expected);
  });
});

const refused = (reason: "contested" | "retired" | "archived"): Decision => ({
  outcome: "deny",
  reason,
  grant: undefined,
  rule: undefined,
  repository: undefined,
  asOf: 0,
});

describe("a decision about what has gone from the facts since", () => {
  const view = viewOf();
  const row = view.access.repositories.get(100);
  if (row === undefined) throw new Error("no such repository");
  const ask: Question = { who: "alice", user: ALICE, permission: "upload", name: name("acme-core") };
  const allowedBy = (grant: ReturnType<typeof makeGrant>, question = ask): string =>
    explain(view, question, { outcome: "allow", reason: grant.kind, grant, rule: undefined, repository: row, asOf: 0 });

  it("is still a sentence", () => {
    const write = githubRole("write");
    expect(allowedBy(makeGrant("team", write, 404))).toMatch(/: team number 404 \(through \) has write/);
    expect(allowedBy(makeGrant("team", write))).toMatch(/: a team has write/);
    expect(allowedBy(makeGrant("team", write, BACKEND), { ...ask, user: undefined })).toMatch(/: a team has write/);
    expect(allowedBy(makeGrant("organization-role", write))).toMatch(
      /: organization role of an unknown name gives write/,
    );
    const unclaimed = { ...ask, name: name("acme-new") };
    expect(explain(view, unclaimed, refused("retired"))).toMatch(
      /its repository no longer declares it; until the name is free only/,
    );
    expect(explain(view, ask, refused("contested"))).toMatch(/: acme\/core declare it/);
    expect(explain(view, unclaimed, refused("archived"))).toMatch(/: its repository is archived/);
  });

  it("names a repository by its number when nothing else is known", () => {
    expect(fullName(view, 100)).toBe("acme/core");
    expect(fullName(view, 103)).toBe("acme/rival");
    expect(fullName(view, 404)).toBe("repository number 404");
  });
});

function evidence(view: View, user: number | undefined, permission: Permission, called: string): unknown {
  const question = { who: "x", user, permission, name: name(called) };
  return evidenceOf(view, question, decide(view, { kind: "user", id: user ?? 0 }, permission, name(called)));
}

describe("evidence", () => {
  it("lists every granting path, strongest first", () => {
    const view = changed({
      ...base("write"),
      ...visible("internal"),
      ...roleHolders([ALICE], [BACKEND]),
      ...coreWith(
        { [PLATFORM]: role("write"), [BACKEND]: role("admin") },
        { [ALICE]: { login: "alice", role: role("maintain") } },
      ),
    });
    expect(evidence(view, ALICE, "upload", "acme-core")).toEqual({
      evidence: [
        { kind: "team", team: "backend", via: [], role: "admin" },
        { kind: "collaborator", role: "maintain" },
        { kind: "organization-role", name: "All repository write", role: "write" },
        { kind: "organization-role", name: "All repository write", team: "backend", via: [], role: "write" },
        { kind: "team", team: "platform", via: ["backend"], role: "write" },
        { kind: "base", role: "write" },
      ],
      omitted: 0,
    });
    expect(evidence(view, OLGA, "delete", "acme-core")).toEqual({
      evidence: [{ kind: "owner", role: "admin" }],
      omitted: 0,
    });
    expect(evidence(changed(visible("public")), CAROL, "read", "acme-core")).toEqual({
      evidence: [{ kind: "public", role: "read" }],
      omitted: 0,
    });
  });

  it("says so when somebody is in the team itself as well as in its children", () => {
    expect(evidence(changed(manyChildren(1, true)), ALICE, "upload", "acme-core")).toEqual({
      evidence: [{ kind: "team", team: "platform", via: ["platform", "squad-1"], role: "write" }],
      omitted: 0,
    });
  });

  it("counts what it does not list", () => {
    expect(evidence(changed(manyChildren(12, false)), ALICE, "upload", "acme-core")).toMatchObject({
      evidence: [{ via: { length: 10 }, viaOmitted: 2 }],
    });
    const many = manyChildren(60, false);
    const grants = Object.fromEntries([...(many.teams?.value.keys() ?? [])].map((id) => [id, role("write")]));
    const view = changed({ ...many, ...coreWith(grants) });
    expect(evidence(view, ALICE, "upload", "acme-core")).toMatchObject({ evidence: { length: 50 }, omitted: 11 });
  });

  it("is empty unless the answer is yes", () => {
    expect(evidence(viewOf(), BOB, "upload", "acme-core")).toEqual({ evidence: [], omitted: 0 });
  });

  it("is compiled from the same facts", () => {
    expect(compileAccess(sourcesOf(ACME)).members.size).toBe(4);
  });
});
