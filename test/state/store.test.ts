import { NO_BINDINGS } from "../../src/domain/bindings.ts";
import { beforeEach, describe, expect, it } from "vitest";
import { compileAccess } from "../../src/domain/access.ts";
import { NO_FACTS } from "../../src/domain/facts.ts";
import { DEFAULT_POLICY } from "../../src/domain/policy.ts";
import type { Slice } from "../../src/state/slice.ts";
import type { Store } from "../../src/state/store.ts";
import { createStore } from "../../src/state/store.ts";
import { draw, NOW, packageName } from "../domain/facts-builder.ts";
import { rules } from "../domain/policies.ts";
import { sourcesOf } from "../domain/views.ts";
import { ACME, CORE, held, sketched, WEB } from "./sketched.ts";
import { repositorySlice, slicesOf } from "./slices.ts";

let store: Store;
beforeEach(() => {
  store = createStore(ACME, () => NOW);
});

describe("a store", () => {
  it("knows nothing at first", () => {
    expect(store.view()).toEqual({
      organization: ACME,
      ready: false,
      readsOnly: false,
      freshSince: -Infinity,
      facts: NO_FACTS,
      access: compileAccess(sourcesOf(NO_FACTS)),
      claims: new Map(),
      policy: DEFAULT_POLICY,
      bindings: NO_BINDINGS,
      revision: 0,
    });
  });

  it("is ready once everything has been read, in whatever order, and not before", () => {
    const slices = slicesOf(sketched().facts).toReversed();
    const claims = new Map([[packageName("acme-core"), held(CORE, "acme-core")]]);
    for (const slice of slices) {
      expect(store.view().ready).toBe(false);
      store.apply([slice]);
    }
    expect(store.view()).toEqual({
      organization: { id: 1, login: "acme", basePermission: "none" },
      ready: true,
      readsOnly: false,
      freshSince: -Infinity,
      facts: sketched().facts,
      access: compileAccess(sourcesOf(sketched().facts, claims)),
      claims,
      policy: DEFAULT_POLICY,
      bindings: NO_BINDINGS,
      revision: slices.length,
    });
  });

  it("decides by another policy at once, and goes on doing so whatever is read or forgotten", () => {
    store.apply(slicesOf(sketched().facts));
    const { revision } = store.view();
    const policy = rules("deny everyone r acme-*");
    store.apply([{ kind: "policy", asOf: NOW, value: { text: "", policy, faults: [] } }]);
    expect(store.view()).toMatchObject({ policy, revision: revision + 1 });
    expect(store.view().access).toEqual(compileAccess(store.view()));
    store.apply([repositorySlice(WEB, "web", { declares: ["acme-web"] })]);
    expect(store.view().access.rules.covering.has(packageName("acme-web"))).toBe(true);
    store.forget();
    expect([store.view().policy, store.view().access.rules.statements.length]).toEqual([policy, 1]);
  });

  it("has every repository read again where another policy has manifests elsewhere", () => {
    store.apply(slicesOf(sketched().facts));
    const repositories = { ...DEFAULT_POLICY.repositories, manifests: ["python/pyproject.toml"] };
    const value = { text: "", policy: { ...DEFAULT_POLICY, repositories }, faults: [] };
    expect(store.apply([{ kind: "policy", asOf: NOW, value }]).next).toContain("repositories");
    expect(store.apply([{ kind: "policy", asOf: NOW + 1, value }]).next).not.toContain("repositories");
  });

  it("goes by the organization's current login", () => {
    store.apply([{ kind: "organization", asOf: NOW, value: { id: 1, login: "acme-renamed", basePermission: "none" } }]);
    expect(store.view().organization.login).toBe("acme-renamed");
  });

  it("hands out one view until something happens", () => {
    const view = store.view();
    expect(store.view()).toBe(view);
    store.apply([]);
    expect(store.view()).not.toBe(view);
  });
});

describe("what a replacement tells", () => {
  it("is what changed and what must be read because of it", () => {
    expect(store.apply([{ kind: "repositories", asOf: NOW, value: new Set([CORE, WEB]) }])).toEqual({
      changed: ["repositories"],
      next: [`repository/${CORE}`, `repository/${WEB}`],
    });
    expect(
      store.apply([repositorySlice(CORE, "core", { declares: ["acme-core"] }), repositorySlice(WEB, "web", {})]),
    ).toEqual({ changed: [`repository/${CORE}`, `repository/${WEB}`], next: [`access/${CORE}`] });
  });

  it("is nothing when the facts are as they were; only their age is new", () => {
    const { facts } = sketched();
    store.apply(slicesOf(facts));
    const revision = store.view().revision;
    const later = slicesOf(facts).map((slice) => ({ ...slice, asOf: NOW + 9 }));
    expect(store.apply(later)).toEqual({ changed: [], next: [] });
    expect(store.view().revision).toBe(revision);
    expect(store.view().access.asOf).toBe(NOW + 9);
    expect(store.view().access.repositories.get(CORE)?.asOf).toBe(NOW + 9);
  });

  it("is a revision of its own when a slice that is as it was takes another with it", () => {
    const { facts } = sketched();
    store.apply(slicesOf(facts));
    // WEB has no packages: what is known of its access goes when it is looked at next.
    store.apply([{ kind: "access", id: WEB, asOf: NOW, value: { collaborators: new Map(), teams: new Map() } }]);
    const { revision } = store.view();
    expect(store.apply(slicesOf(facts))).toEqual({ changed: [], next: [] });
    expect(store.view().facts.access.has(WEB)).toBe(false);
    expect(store.view().revision).toBe(revision + 1);
  });

  it("counts one revision for all that is replaced together", () => {
    store.apply(slicesOf(sketched().facts));
    expect(store.view().revision).toBe(1);
  });

  it("is nothing when a slice that says otherwise is followed by one that does not", () => {
    const { facts } = sketched();
    store.apply(slicesOf(facts));
    const { teams, repositoryList } = facts;
    if (teams === undefined || repositoryList === undefined) throw new Error("not sketched");
    const twice: Slice[] = [
      { kind: "teams", asOf: NOW, value: new Map() },
      { kind: "repositories", asOf: NOW, value: new Set() },
      { kind: "teams", ...teams },
      { kind: "repositories", ...repositoryList },
    ];
    expect(store.apply(twice)).toEqual({ changed: [], next: [] });
    expect(store.view().facts).toEqual(facts);
  });

  it("names each slice to read once", () => {
    const gone = (id: number): Slice => ({ kind: "team-members", id, asOf: NOW, value: undefined });
    expect(store.apply([gone(101), gone(102)]).next).toEqual(["teams"]);
  });

  it.each<[string, Slice, string[]]>([
    [
      "access that is gone: whether the repository is",
      { kind: "access", id: CORE, asOf: NOW, value: undefined },
      [`repository/${CORE}`],
    ],
    [
      "a team that is gone: which teams there are",
      { kind: "team-members", id: 101, asOf: NOW, value: undefined },
      ["teams"],
    ],
    ["a repository that is gone: nothing", repositorySlice(WEB, "web", undefined), []],
    ["a team nobody is in: nothing", { kind: "team-members", id: 101, asOf: NOW, value: new Set() }, []],
    [
      "access nobody has: nothing",
      { kind: "access", id: CORE, asOf: NOW, value: { teams: new Map(), collaborators: new Map() } },
      [],
    ],
  ])("asks after %s", (_, slice, next) => {
    store.apply(slicesOf(sketched().facts));
    expect(store.apply([slice]).next).toEqual(next);
    expect(store.apply([slice]).next, "also when it was known to be gone").toEqual(next);
  });
});

describe("a revocation", () => {
  beforeEach(() => store.apply(slicesOf(sketched().facts)));

  it("bites at once, and tells what to read back", () => {
    expect(store.revoke({ kind: "team-member", team: 101, user: 1 })).toEqual(["team-members/101"]);
    expect(store.view().facts.teamMembers.get(101)?.value).toEqual(new Set());
    expect(store.view().revision).toBe(2);
  });

  it("of a repository retires its names", () => {
    expect(store.revoke({ kind: "repository", repository: CORE })).toEqual([`repository/${CORE}`]);
    expect(store.view().claims.get(packageName("acme-core"))).toEqual({
      status: "retired",
      repository: CORE,
      since: NOW,
    });
  });

  it("of what nobody holds changes nothing", () => {
    expect(store.revoke({ kind: "blocked", user: 1 })).toEqual([]);
    expect(store.view().revision).toBe(1);
  });

  it("tells what else is in doubt because of it", () => {
    const drawn = draw({
      teams: { platform: {}, backend: { parent: "platform" } },
      repositories: { core: { declares: ["acme-core"], teams: { platform: "write" } } },
    });
    store = createStore(ACME, () => NOW);
    store.apply(slicesOf(drawn.facts));
    expect(store.revoke({ kind: "team", team: drawn.team("backend") })).toEqual(["teams", `access/${CORE}`]);
  });
});
