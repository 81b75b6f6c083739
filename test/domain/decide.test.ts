import { describe, expect, it } from "vitest";
import { compileAccess } from "../../src/domain/access.ts";
import type { Claim } from "../../src/domain/claims.ts";
import { decide } from "../../src/domain/decide.ts";
import type { Facts } from "../../src/domain/facts.ts";
import { makeGrant } from "../../src/domain/grants.ts";
import { githubRole, PERMISSIONS } from "../../src/domain/roles.ts";
import { core, short } from "./core.ts";
import type { Sketch } from "./facts-builder.ts";
import { NOW, packageName, repositoryOf } from "./facts-builder.ts";
import { asked } from "./views.ts";

describe("an archived repository", () => {
  it.each(PERMISSIONS)("is read-only even to an owner: %s", (permission) => {
    const decision = asked(core({ archived: true })).ask("olga", permission, "acme-core");
    expect(short(decision)).toBe(permission === "read" ? "allow owner (admin)" : "deny archived (admin)");
  });

  it("is not read by everybody", () => {
    expect(short(asked(core({ archived: true })).ask("alice", "read", "acme-core"))).toBe("deny no-grant");
  });
});

describe("the claim", () => {
  const held: Claim = { status: "held", repository: 1001, path: "pyproject.toml", since: 0 };
  const contested: Claim = { ...held, status: "contested", rivals: [{ repository: 1002, path: "setup.cfg" }] };

  it.each([
    ["held", held, "upload", "allow owner (admin)"],
    ["contested", contested, "read", "allow owner (admin)"],
    ["contested", contested, "upload", "deny contested (admin)"],
    ["contested", contested, "manage", "deny contested (admin)"],
    ["retired", { status: "retired", repository: 1001, since: 0 }, "read", "deny retired"],
  ] as const)("%s: %#", (_, claim, permission, expected) => {
    expect(short(asked(core({}), [["acme-other", claim]]).ask("olga", permission, "acme-other"))).toBe(expected);
  });

  it("contested in an archived repository says contested", () => {
    const { ask } = asked(core({ archived: true }), [["acme-core", contested]]);
    expect(short(ask("olga", "upload", "acme-core"))).toBe("deny contested (admin)");
  });

  it("of nobody is nobody's, not even an owner's", () => {
    expect(short(asked(core({})).ask("olga", "read", "acme-new"))).toBe("deny unclaimed");
  });

  it("gives a role on its own repository only", () => {
    const sketch: Sketch = {
      members: ["alice"],
      repositories: {
        core: { declares: ["acme-core"], collaborators: { alice: "admin" } },
        web: { declares: ["acme-web"] },
      },
    };
    expect(short(asked(sketch).ask("alice", "read", "acme-web"))).toBe("deny no-grant");
  });
});

describe("the whole answer", () => {
  const name = packageName("acme-core");
  const { view, ask, repository } = asked(core({ collaborators: { alice: "triage" } }));
  const row = view.access.repositories.get(repository("core"));

  it("allows with the grant and the repository", () => {
    expect(ask("olga", "manage", "acme-core")).toEqual({
      outcome: "allow",
      reason: "owner",
      grant: makeGrant("owner", githubRole("admin")),
      repository: row,
      asOf: NOW,
    });
  });

  it("denies with the grant that does not suffice", () => {
    expect(ask("alice", "upload", "acme-core")).toEqual({
      outcome: "deny",
      reason: "no-grant",
      grant: makeGrant("collaborator", githubRole("triage")),
      repository: row,
      asOf: NOW,
    });
  });

  it("denies without a repository where none is named", () => {
    expect(ask("olga", "read", "acme-new")).toEqual({
      outcome: "deny",
      reason: "unclaimed",
      grant: undefined,
      repository: undefined,
      asOf: NOW,
    });
  });

  it.each([true, false])("denies somebody without credentials before anything else (ready: %j)", (ready) => {
    expect(decide({ ...view, ready }, { kind: "everyone" }, "read", name)).toEqual({
      outcome: "deny",
      reason: "missing-credentials",
      grant: undefined,
      repository: undefined,
      asOf: undefined,
    });
  });
});

describe("the age of an answer", () => {
  const { facts, user, repository, view } = asked(core({}));
  const id = repository("core");
  const asOf = (change: Partial<Facts>): number | undefined => {
    const access = compileAccess({ ...view, facts: { ...facts, ...change } });
    const subject = { kind: "user", id: user("olga") } as const;
    return decide({ ...view, access }, subject, "read", packageName("acme-core")).asOf;
  };

  it.each([
    ["of every member and team", { members: { asOf: 5, value: facts.members?.value ?? new Map() } }, 5],
    ["of the repository", { repositories: new Map([[id, { asOf: 6, value: repositoryOf("core") }]]) }, 6],
    [
      "of its grants",
      { access: new Map([[id, { asOf: 7, value: { teams: new Map(), collaborators: new Map() } }]]) },
      7,
    ],
    ["of everything, when all are as old", {}, NOW],
  ])("is the age %s", (_, change, expected) => {
    expect(asOf(change)).toBe(expected);
  });
});
